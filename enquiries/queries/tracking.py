"""What a citizen sees of their own enquiry: no names of staff, no notes, no other organisations."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

import accounts.queries
import customers.queries
import kb.queries
from accounts import areas
from accounts.permissions import Viewer
from core import references
from enquiries import clocks
from enquiries.inbound import Place
from enquiries.lifecycle import ENDED, OUTCOME_WORDS, PUBLIC_WORDS, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import destinations, links, locating, of_kiosks, own_part, withdrawing
from enquiries.queries.sensitive import is_sensitive
from enquiries.queries.tracking_steps import Step, ToCome, Waits, steps, to_come, waits
from enquiries.routing import Outside
from enquiries.vocabulary import EventType
from kb import tongues

# What somebody showed to see it: the secret link, or the reference with something they know.
BY_LINK, BY_REFERENCE = "link", "reference"
# So many ends of telephone numbers are compared, however many somebody has.
_ENDS = 6


@dataclass(frozen=True, slots=True)
class Tracked:
    """An enquiry as its citizen may see it."""

    reference: str
    secret: str
    service: str
    status: str
    status_words: str
    owner: str
    promised_on: date | None
    is_late: bool
    is_done: bool
    received_at: datetime
    outcome_words: str
    public_words: str
    question: str
    asked_by: str
    decided_by: str
    is_no: bool
    steps: tuple[Step, ...]
    # Whose report it goes on in, where it ended in another: `self`, `other`, or empty.
    told_before: str = ""
    # Whose it is, where it was not ours.
    outside: Outside | None = None
    to_come: tuple[ToCome, ...] = ()
    waits: Waits | None = None
    # What they showed: BY_LINK or BY_REFERENCE.
    proof: str = BY_LINK
    is_withdrawn: bool = False
    may_withdraw: bool = False
    is_sensitive: bool = False
    tell_by: str = ""
    service_slug: str = ""
    closes_at: datetime | None = None
    # Which end it is, where it ended more than once.
    reopened: int = 0
    # The newest date that was said since the promise, and how much they want to hear.
    expected_on: date | None = None
    how_much: str = ""

    @property
    def link(self) -> str:
        """The secret link, as a message carries it; empty for who did not come by it."""
        return _link(self.reference, self.secret) if self.secret else ""

    @property
    def last_step(self) -> Step:
        """The newest thing that happened."""
        return self.steps[-1]


def track_url(enquiry: Enquiry) -> str:
    """The secret tracking link of an enquiry."""
    return _link(enquiry.reference, enquiry.secret)


def _link(reference: str, secret: str) -> str:
    return f"{settings.HUB_BASE_URL}/track/{reference}/{secret}/"


def _about(enquiry: Enquiry) -> tongues.Said:
    """What it is about, in the language of the page."""
    named = enquiry.service
    return tongues.said(named.name) if named else tongues.Said(_("Your enquiry"))


def tracked(enquiry: Enquiry, today: date, partner: Viewer | None = None) -> Tracked:
    """An enquiry in its citizen's words, for code that has settled that it may be seen.

    A `partner` that has a part of it reads nothing of what others did. One that ended in another
    shows how that one stands, and nothing of whose it is.
    """
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).select_related("organisation")
    events = list(rows.order_by("sequence"))
    if partner is not None:
        events = own_part.lines(events, partner)
    is_double = enquiry.outcome == Outcome.DUPLICATE.value
    goes_on = links.standing(enquiry) if is_double else None
    shown = goes_on.enquiry if goes_on else enquiry
    is_theirs = goes_on is None or not goes_on.of_others
    status = Status(shown.status)
    if status is Status.WAITING and not is_theirs:
        status = Status.IN_PROGRESS  # it is not this citizen who is waited for
    done = status in ENDED
    promised = shown.promised_on
    owner = shown.owner.name if shown.owner else "Worcestershire Hub"
    turns = events if shown.pk == enquiry.pk else _turns(shown)
    if partner is not None and turns is not events:
        turns = own_part.lines(turns, partner)
    question, asked_by = _question(turns)
    words = "" if goes_on and goes_on.by_citizen else _words_for(shown, is_theirs=is_theirs)
    if partner is not None:
        words = own_part.words_at_the_end(turns)
    found = Tracked(
        reference=enquiry.reference,
        secret=enquiry.secret,
        service=_about(shown),
        status=status.value,
        status_words=_(PUBLIC_WORDS[status]),
        owner=owner,
        promised_on=promised,
        is_late=not done and promised is not None and promised < today,
        is_done=done,
        received_at=enquiry.received_at,
        outcome_words=_(OUTCOME_WORDS[Outcome(shown.outcome)]) if shown.outcome else "",
        public_words=words if done else "",
        question=question if is_theirs and status is Status.WAITING else "",
        asked_by=asked_by or owner,
        decided_by=_decided_by(turns) if done else "",
        is_no=done and shown.outcome == Outcome.DECIDED_NO,
        steps=steps(events),
        told_before="" if goes_on is None else "other" if goes_on.of_others else "self",
        outside=_outside(shown) if done else None,
    )
    return _with_what_comes(found, enquiry, shown, turns)


def _with_what_comes(
    found: Tracked, enquiry: Enquiry, shown: Enquiry, turns: list[EnquiryEvent]
) -> Tracked:
    """What is still to come, whom it waits for, and what its citizen can do."""
    status, service = Status(found.status), shown.service
    klass = service.resolution_class if service else "REQUEST"
    newest = shown.expected_on or found.promised_on
    is_withdrawn = found.is_done and shown.outcome == Outcome.WITHDRAWN
    return replace(
        found,
        status_words=_("Cancelled") if is_withdrawn else found.status_words,
        to_come=to_come(status, klass, owner=found.owner, promised_on=newest),
        waits=waits(status, turns, owner=found.owner),
        is_withdrawn=is_withdrawn,
        may_withdraw=not found.told_before and withdrawing.may(enquiry),
        is_sensitive=is_sensitive(shown),
        tell_by=enquiry.tell_by,
        expected_on=None if found.is_done else shown.expected_on,
        how_much=enquiry.tell_how_much,
        service_slug=service.slug if service else "",
        closes_at=enquiry.closes_at if status is Status.RESOLVED else None,
        reopened=enquiry.reopened_count,
    )


def in_short(found: Tracked) -> Tracked:
    """What is shown to who did not come by the secret link: how it stands, and nothing more.

    No words of anybody, no way to act on it; of a sensitive one not what it is about or with whom.
    """
    short = replace(
        found,
        secret="",
        public_words="",
        question="",
        steps=tuple(replace(one, words=one.bare, brief=one.bare) for one in found.steps),
        proof=BY_REFERENCE,
        may_withdraw=False,
        tell_by="",
    )
    if not found.is_sensitive:
        return short
    hub = _("Worcestershire Hub")
    steps_kept = tuple(one for one in short.steps if one.kind in ("received", "resolved"))
    waits_for = replace(short.waits, words=short.status_words) if short.waits else None
    return replace(
        short,
        service=_("Your enquiry"),
        owner=hub,
        asked_by=hub,
        decided_by="",
        outside=None,
        steps=steps_kept,
        to_come=(),
        waits=waits_for,
    )


def _outside(enquiry: Enquiry) -> Outside | None:
    body = enquiry.outside
    return Outside(body.pk, body.name, body.phone, body.hand_off) if body is not None else None


def _words_for(shown: Enquiry, *, is_theirs: bool) -> str:
    """What was said at the end; what names somebody is for that person alone."""
    named = not is_theirs and shown.person_id is not None
    if named and customers.queries.is_named(shown.person_id or 0, shown.public_words):
        return ""
    return shown.public_words


def _turns(enquiry: Enquiry) -> list[EnquiryEvent]:
    kinds = [EventType.INFO_REQUESTED, EventType.INFO_RECEIVED, EventType.RESOLVED]
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, type__in=kinds)
    rows = rows.select_related("organisation")
    return list(rows.order_by("sequence"))


def _question(events: list[EnquiryEvent]) -> tuple[str, str]:
    """What the citizen has been asked since they last answered, and who asked.

    Where several ask, each question has its asker's name before it.
    """
    open_: list[tuple[str, str]] = []
    for event in events:
        if event.type == EventType.INFO_RECEIVED:
            open_ = []
        elif event.type == EventType.INFO_REQUESTED:
            # Who asks again asks that.
            by = str(event.data.get("organisation", ""))
            open_ = [*(one for one in open_ if one[0] != by), (by, str(event.data.get("words")))]
    if len(open_) < 2:
        return (open_[0][1], open_[0][0]) if open_ else ("", "")
    named = [(by or "The hub", words) for by, words in open_]
    return "\n\n".join(f"{by}: {words}" for by, words in named), " and ".join(
        by for by, _said in named
    )


def _decided_by(events: list[EnquiryEvent]) -> str:
    """Who said how it ended, where it was not the hub."""
    ends = [event for event in events if event.type == EventType.RESOLVED]
    return str(ends[-1].data.get("organisation", "")) if ends else ""


def _found(reference: str) -> Enquiry | None:
    """The enquiry of a reference, however it was typed. One statement, for none as well."""
    try:
        canonical = of_kiosks.leads_to(references.parse(reference))
    except references.BadReference:
        canonical = ""
    rows = Enquiry.objects.select_related("service", "owner", "person", "outside")
    return rows.filter(reference=canonical).first()


def _is_secret(enquiry: Enquiry | None, proof: str) -> bool:
    secret = enquiry.secret if enquiry else "x" * 22
    return hmac.compare_digest(secret.encode(), proof.strip().encode()) and enquiry is not None


def by_link(reference: str, secret: str, *, now: datetime) -> Tracked | None:
    """An enquiry for who came by its secret link, whole. None for anything else."""
    enquiry = _found(reference)
    if enquiry is None or not _is_secret(enquiry, secret):
        return None
    return tracked(enquiry, clocks.london_date(now))


def track(reference: str, proof: str, *, now: datetime) -> Tracked | None:
    """An enquiry for somebody with its reference and its secret, or with less, in short.

    Less is the postcode that it is about, that of its teller, or the last four digits of their
    telephone. None for a wrong proof just as for an unknown reference, after the same statements
    and comparisons: nobody learns which it was.
    """
    enquiry = _found(reference)
    ends = customers.queries.phone_ends(enquiry.person_id if enquiry else None)
    known = [*_postcodes(enquiry), *ends[:_ENDS]]
    # Nobody can type these: the comparisons are as many for everybody.
    known += [f"-{number}" for number in range(2 + _ENDS - len(known))]
    typed = areas.compact(proof).encode()
    by_secret = _is_secret(enquiry, proof)
    fitting = [hmac.compare_digest(one.encode(), typed) for one in known]
    if enquiry is None or not (by_secret or any(fitting)):
        return None
    found = tracked(enquiry, clocks.london_date(now))
    return found if by_secret else in_short(found)


def _postcodes(enquiry: Enquiry | None) -> list[str]:
    """The enquiry's own postcode and its person's, compact; a dummy keeps the time the same."""
    if enquiry is None:
        return ["-", "-"]
    person = enquiry.person.postcode if enquiry.person else ""
    return [areas.compact(enquiry.postcode) or "-", areas.compact(person) or "-"]


@dataclass(frozen=True, slots=True)
class Expected:
    """Who would deal with something and by when, as told before it is sent.

    `outside` is the body whose it is when it is not of the partnership: nothing is promised then.
    """

    organisation: str
    promised_on: date | None
    outside: Outside | None = None


def expected(
    service_slug: str,
    place: Place | None,
    *,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> Expected:
    """Who would have to act and the date that would be promised; both may be open.

    Raises what accounts.areas raises for a postcode, accounts.boundaries for a point.
    """
    service = kb.queries.service(service_slug)
    where = locating.located(place)
    chosen = destinations.destination(
        service,
        where,
        clocks.london_date(now),
        destinations.Situation(answers=answers or {}),
    )
    if chosen.outside is not None:
        return Expected(chosen.outside.name, None, chosen.outside)
    owner = accounts.queries.organisation_by_id(chosen.organisation_id)
    whose = destinations.whose(owner, accounts.queries.team(chosen.team_id))
    promise = destinations.promise(service, whose, now)
    return Expected(chosen.organisation_name, promise.on if promise else None)
