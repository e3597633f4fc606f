"""What a citizen sees of their own enquiry: no names of staff, no notes, no other organisations."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

import accounts.queries
import customers.queries
import kb.queries
from accounts import areas
from accounts.permissions import Viewer
from core import references
from enquiries import clocks
from enquiries.channels import ItemKind
from enquiries.inbound import Place
from enquiries.lifecycle import ENDED, OUTCOME_WORDS, PUBLIC_WORDS, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import destinations, links, locating, own_part
from enquiries.routing import Outside
from enquiries.vocabulary import EventType

_STEPS: dict[str, str] = {
    EventType.RECEIVED: "We received your enquiry",
    EventType.REFERRED: "Sent to {organisation}",
    EventType.ACCEPTED: "{organisation} accepted it",
    EventType.INFO_REQUESTED: "We asked you: {words}",
    EventType.INFO_RECEIVED: "You answered our question",
    EventType.REPLIED: "We told you: {words}",
    EventType.CONTACTED: "You were in touch with us",
    EventType.RESOLVED: "{outcome_words}: {words}",
    EventType.REOPENED: "Opened again",
    EventType.DUPLICATE_OF: "Somebody told us about this already. We tell you what becomes of it",
    EventType.UNMERGED: "It is not what you told us before: it goes on by itself",
    EventType.UNLINKED: "It is not what somebody else told us: it goes on by itself",
}
_TOLD_TWICE = "You told us about this before. We deal with both as {reference}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as citizens read it; `kind` is the event's name."""

    at: datetime
    words: str
    kind: str = ""


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

    @property
    def last_step(self) -> Step:
        """The newest thing that happened."""
        return self.steps[-1]


def track_url(enquiry: Enquiry) -> str:
    """The secret tracking link of an enquiry."""
    return f"{settings.HUB_BASE_URL}/track/{enquiry.reference}/{enquiry.secret}/"


def _steps(events: list[EnquiryEvent]) -> tuple[Step, ...]:
    steps = []
    for event in events:
        words = _STEPS.get(event.type)
        if event.type == EventType.DUPLICATE_OF and event.data.get("same_person"):
            words = _TOLD_TWICE
        # An answer to our question is its own step, which follows.
        is_answer = event.data.get("kind") == ItemKind.REPLY_TO_US
        if words is not None and not (event.type == EventType.CONTACTED and is_answer):
            named = {key: value for key, value in event.data.items() if isinstance(value, str)}
            for name in ("organisation", "words", "outcome_words", "reference"):
                named.setdefault(name, "")
            kind = event.type.removeprefix("enquiry.")
            steps.append(Step(event.at, words.format_map(named), kind))
    return tuple(steps)


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
    is_theirs = goes_on is None or _is_of_one_person(enquiry, shown)
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
    words = _words_for(shown, is_theirs=is_theirs)
    if partner is not None:
        words = own_part.words_at_the_end(turns)
    return Tracked(
        reference=enquiry.reference,
        secret=enquiry.secret,
        service=shown.service.name if shown.service else "Your enquiry",
        status=status.value,
        status_words=PUBLIC_WORDS[status],
        owner=owner,
        promised_on=promised,
        is_late=not done and promised is not None and promised < today,
        is_done=done,
        received_at=enquiry.received_at,
        outcome_words=OUTCOME_WORDS[Outcome(shown.outcome)] if shown.outcome else "",
        public_words=words if done else "",
        question=question if is_theirs and status is Status.WAITING else "",
        asked_by=asked_by or owner,
        decided_by=_decided_by(turns) if done else "",
        is_no=done and shown.outcome == Outcome.DECIDED_NO,
        steps=_steps(events),
        told_before="" if goes_on is None else "other" if goes_on.of_others else "self",
        outside=_outside(shown) if done else None,
    )


def _outside(enquiry: Enquiry) -> Outside | None:
    body = enquiry.outside
    return Outside(body.pk, body.name, body.phone, body.hand_off) if body is not None else None


def _is_of_one_person(one: Enquiry, other: Enquiry) -> bool:
    return one.person_id is not None and one.person_id == other.person_id


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
        by for by, _words in named
    )


def _decided_by(events: list[EnquiryEvent]) -> str:
    """Who said how it ended, where it was not the hub."""
    ends = [event for event in events if event.type == EventType.RESOLVED]
    return str(ends[-1].data.get("organisation", "")) if ends else ""


def track(reference: str, proof: str, *, now: datetime) -> Tracked | None:
    """An enquiry for somebody with its reference and its secret or postcode.

    None for a wrong proof just as for an unknown reference: nobody learns which it was.
    """
    try:
        canonical = references.parse(reference)
    except references.BadReference:
        canonical = ""
    enquiry = (
        Enquiry.objects.select_related("service", "owner", "person")
        .filter(reference=canonical)
        .first()
    )
    secret = enquiry.secret if enquiry else "x" * 22
    postcodes = _postcodes(enquiry)
    typed = areas.compact(proof)
    by_secret = hmac.compare_digest(secret.encode(), proof.strip().encode())
    own, theirs = (hmac.compare_digest(one.encode(), typed.encode()) for one in postcodes)
    by_place = own or theirs
    if enquiry is None or not (by_secret or by_place):
        return None
    return tracked(enquiry, clocks.london_date(now))


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
    answers: Mapping[str, str] | None = None,
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
