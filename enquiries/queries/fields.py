"""Which fields of an enquiry a partner reads: what its purpose needs, and no more (ADR 0011).

One table: purpose × reader → fields. The purpose follows from the referral, the reader from the
organisation and the service. Every page, list, mail and API answer of a partner goes through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NoReturn

from django.db.models import Q

from accounts.permissions import Viewer
from customers.queries import PersonRow
from enquiries.lifecycle import ENDED
from enquiries.models import Enquiry, Referral, ReferralStatus


class Purpose(StrEnum):
    """Why an organisation reads an enquiry."""

    DECIDE = "decide"  # offered: is it ours?
    ACT = "act"  # accepted: do the work
    ANSWER_FOR = "answer_for"  # completed, and that was the end of it
    NOTHING = "nothing"  # handed back, taken away, or opened again with others


class Reader(StrEnum):
    """What kind of eyes: a council's, police or health, or colleagues whose work it is not."""

    COUNCIL = "council"
    LEAST = "least"
    BESIDE = "beside"


class Field(StrEnum):
    WORDS = "words"
    PLACE = "place"
    NAME = "name"
    HOME = "home"
    ONE_WAY = "one_way"
    ALL_WAYS = "all_ways"


_MATTER = frozenset({Field.WORDS, Field.PLACE})
FIELDS: Mapping[Purpose, Mapping[Reader, frozenset[Field]]] = {
    # To decide whose it is takes what happened and where, not who says so.
    Purpose.DECIDE: {Reader.COUNCIL: _MATTER, Reader.LEAST: _MATTER},
    Purpose.ACT: {
        Reader.COUNCIL: _MATTER | {Field.NAME, Field.HOME, Field.ALL_WAYS},
        Reader.LEAST: _MATTER | {Field.NAME, Field.ONE_WAY},
    },
    # The hub speaks with the citizen about what has ended.
    Purpose.ANSWER_FOR: {
        Reader.COUNCIL: _MATTER | {Field.NAME},
        Reader.LEAST: _MATTER,
    },
    # What was asked has been read already; whose it is now is not told any more.
    Purpose.NOTHING: {
        Reader.COUNCIL: frozenset({Field.WORDS}),
        Reader.LEAST: frozenset({Field.WORDS}),
    },
}
_LEAST_KINDS = frozenset({"police", "health"})
# Where the place given is where the matter is. Else it is somebody's home.
_OF_THE_MATTER = frozenset({"map", "site"})

FOR_OTHERS = "This is about a sensitive service. Those who have it in hand read what was said"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer reads of one referral, and why not more."""

    purpose: Purpose
    fields: frozenset[Field]
    is_sensitive: bool

    def of(self, field: Field) -> bool:
        """Whether the viewer reads a field."""
        return field in self.fields

    @property
    def person_words(self) -> str:
        """Why nobody is named, in words; "" where somebody may be."""
        if self.of(Field.NAME):
            return ""
        if self.purpose is Purpose.DECIDE:
            return "Shown when you have accepted it"
        if self.purpose is Purpose.ACT:
            return "For those who have it in hand"
        return "No longer shown"

    @property
    def reach_words(self) -> str:
        """Why it is not said how to reach who asked; "" where it is."""
        if self.of(Field.ALL_WAYS) or self.of(Field.ONE_WAY):
            return ""
        return "It has ended: the hub speaks with them"


def purpose_of(referral: Referral) -> Purpose:
    """Why the organisation of a referral reads its enquiry now."""
    if referral.status == ReferralStatus.OFFERED:
        return Purpose.DECIDE
    if referral.status == ReferralStatus.ACCEPTED:
        return Purpose.ACT
    if referral.status == ReferralStatus.COMPLETED and referral.enquiry.status in ENDED:
        return Purpose.ANSWER_FOR
    return Purpose.NOTHING


def sight(viewer: Viewer, referral: Referral) -> Sight:
    """What the viewer, of the organisation that a referral went to, reads of it."""
    service = referral.enquiry.service
    is_sensitive = service is not None and service.sensitive
    purpose = purpose_of(referral)
    reader = _reader(viewer, referral, is_sensitive=is_sensitive)
    fields = FIELDS[purpose].get(reader, frozenset())
    is_home = service is None or not (
        service.location in _OF_THE_MATTER or service.subject == "place"
    )
    if reader is Reader.LEAST and is_home:
        fields -= {Field.PLACE}
    return Sight(purpose, fields, is_sensitive)


def _reader(viewer: Viewer, referral: Referral, *, is_sensitive: bool) -> Reader:
    if is_sensitive and not _in_hand(viewer, referral):
        return Reader.BESIDE
    return Reader.LEAST if viewer.organisation_kind in _LEAST_KINDS else Reader.COUNCIL


def _in_hand(viewer: Viewer, referral: Referral) -> bool:
    """Whether it is the viewer's work: theirs, their team's, or of a body without teams."""
    if viewer.id is not None and viewer.kind == "staff" and referral.assignee_id == viewer.id:
        return True
    return not viewer.team_ids or referral.team_id is None or referral.team_id in viewer.team_ids


def open_to(viewer: Viewer) -> Q:
    """The referrals of which the viewer reads what was said, as a condition on their rows."""
    if not viewer.team_ids:
        return Q()
    plain = Q(enquiry__service=None) | Q(enquiry__service__sensitive=False)
    here = Q(team=None) | Q(team_id__in=viewer.team_ids)
    return plain | here | Q(assignee_id=viewer.id, assignee__isnull=False)


def veil(referral: Referral, seen: Sight) -> Referral:
    """The same referral, whose enquiry holds only what is seen. For reading: it is never saved."""
    enquiry = referral.enquiry
    if not seen.of(Field.WORDS):
        enquiry.description = FOR_OTHERS
        enquiry.answers = {}
    if not seen.of(Field.PLACE):
        _without_place(enquiry)
    # Neither is for partners at all.
    enquiry.secret, enquiry.routing_reason = "", ""
    enquiry.save = _read_only  # type: ignore[method-assign]  # a blank must never be written back
    return referral


def veiled(viewer: Viewer, referral: Referral) -> Referral:
    """A referral as the viewer may read it."""
    return veil(referral, sight(viewer, referral))


def _without_place(enquiry: Enquiry) -> None:
    # Which part of the county it is says nothing of a house.
    enquiry.postcode = outward(enquiry.postcode)
    enquiry.address = enquiry.uprn = enquiry.place_doubt = ""
    enquiry.easting = enquiry.northing = enquiry.latitude = enquiry.longitude = None


def outward(postcode: str) -> str:
    """The first half of a postcode: WR11 of WR11 3DA."""
    compact = postcode.replace(" ", "")
    return compact[:-3] if len(compact) > 4 else ""


def _read_only(*_args: object, **_more: object) -> NoReturn:
    raise TypeError("this enquiry was read for somebody who may not see all of it")


def person(row: PersonRow, seen: Sight, tell_by: str = "") -> PersonRow | None:
    """Who asked, as far as is seen; None where they are not named. `tell_by` is the way chosen."""
    if not seen.of(Field.NAME):
        return None
    if not seen.of(Field.HOME):
        row = replace(row, address="", postcode="")
    if seen.of(Field.ALL_WAYS):
        return row
    # What they need is for who speaks with them in person.
    row = replace(row, needs=())
    if not seen.of(Field.ONE_WAY):
        return replace(row, phones=(), emails=())
    by_email = bool(row.emails) and (tell_by == "email" or not row.phones)
    return replace(
        row,
        phones=() if by_email else row.phones[:1],
        emails=row.emails[:1] if by_email else (),
    )
