"""What a citizen told another organisation that has a part of it: that is between those two."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import accounts.queries
from enquiries.channels import ItemKind
from enquiries.models import ContactItem, EnquiryEvent, Referral
from enquiries.vocabulary import EventType

# What is read of others to know whose question an answer was to.
TURNS = [EventType.INFO_REQUESTED, EventType.INFO_RECEIVED, EventType.CONTACTED]
_ANSWERS = frozenset({ItemKind.REPLY_TO_US.value, ItemKind.NEW_INFORMATION.value})
_REPLIES = frozenset({ItemKind.REPLY_TO_US.value})


class Between:
    """Goes through an enquiry's ledger, first line first, as the organisation of one referral.

    Several may ask before the citizen answers, and one answer is for them all. It is hidden where
    somebody beside this organisation asked, and neither it nor the hub did. People answer in more
    than one message, so what follows is hidden, too, until one of those two asks something:
    replies, whatever else they say in a contact of which something is hidden, and news. News is
    read again when this organisation has told the citizen something, for they may answer that, or
    when all who asked have done with it. The hub reads everything, and asks where a partner has to
    know. What this organisation took down itself is never hidden.
    """

    def __init__(self, found: Referral) -> None:
        self._own = found.organisation_id
        self._open_to = {found.organisation_id, accounts.queries.hub().pk}
        self._beside = _beside(found)
        self._askers: set[int | None] = set()
        self._is_answered = False
        self._kinds: frozenset[str] = frozenset()
        self._contacts: set[int] = set()
        self._hidden: set[tuple[int, datetime]] = set()

    def hides(self, line: EnquiryEvent) -> bool:
        """Whether this line of the ledger is not for this organisation."""
        if line.type == EventType.INFO_REQUESTED:
            self._asked(line.organisation_id)
        elif line.type == EventType.REPLIED and line.organisation_id == self._own:
            if self._is_answered:
                self._kinds &= _REPLIES
        elif line.type == EventType.CONTACTED:
            return self._is_told_to_others(line)
        elif line.type == EventType.INFO_RECEIVED:
            self._is_answered = True
            return bool(self._kinds) and line.organisation_id != self._own
        return False

    def _asked(self, who: int | None) -> None:
        if self._is_answered:
            self._askers, self._is_answered = set(), False
        self._askers.add(who)
        if self._askers & self._beside.keys() and not self._askers & self._open_to:
            self._kinds = _ANSWERS
        else:
            self._kinds, self._contacts = frozenset(), set()

    def _is_told_to_others(self, line: EnquiryEvent) -> bool:
        if not self._kinds or line.organisation_id == self._own:
            return False
        contact = int(line.data.get("contact") or 0)
        kinds = self._kinds if self._is_asked_by_somebody_here(line.at) else _REPLIES
        if line.data.get("kind") not in kinds and contact not in self._contacts:
            return False
        self._contacts.add(contact)
        self._hidden.add((contact, line.at))
        return True

    def _is_asked_by_somebody_here(self, at: datetime) -> bool:
        """Whether one of those who asked last still had a part then."""
        ends = [self._beside[who] for who in self._askers if who in self._beside]
        return any(end is None or end >= at for end in ends)

    def read(self, items: Iterable[ContactItem]) -> list[ContactItem]:
        """What of the citizen's words this organisation reads, when the ledger was gone through."""
        return [item for item in items if (item.contact_id, item.at) not in self._hidden]


def _beside(found: Referral) -> dict[int | None, datetime | None]:
    """Who had a part of it at the same time, and when they had done with it; None if not yet."""
    ends: dict[int | None, datetime | None] = {}
    rows = Referral.objects.filter(enquiry_id=found.enquiry_id).exclude(
        organisation_id=found.organisation_id
    )
    for who, since, until in rows.values_list("organisation_id", "offered_at", "settled_at"):
        is_over_before = until is not None and until <= found.offered_at
        is_after = found.settled_at is not None and since > found.settled_at
        if is_over_before or is_after:
            continue
        known = ends.get(who, until)
        ends[who] = None if known is None or until is None else max(known, until)
    return ends
