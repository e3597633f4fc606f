"""Tells a citizen by the best way there is, by the next one when it failed, or has them rung."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import structlog
from django.db import transaction

import customers.actions_telling
import customers.queries
import notifications.actions
import notifications.queries
from accounts.permissions import Permission, Viewer
from core.audit import SYSTEM
from core.errors import DomainError
from customers.ways import LETTER, WHY_WORDS, Decision, Way, Why
from enquiries import events
from enquiries.events import EventType
from enquiries.models import CallDue, Enquiry, EnquiryEvent
from enquiries.queries import ways
from enquiries.queries.access import NoSuchCase
from enquiries.queries.previews import LINK

# What somebody has to hear, so that they are rung where nothing in writing reaches them.
_MUST_BE_HEARD = frozenset({"asked", "replied", "resolved"})
# Who wants to be rung hears these; that we have it they heard when they told us.
_RUNG_FOR = _MUST_BE_HEARD | {"accepted", "new_date", "late", "merged", "linked", "parted"}
SEVERAL = "several"
# A way beside the media of messages: somebody rings them and says it.
CALL = "call"
_CHOSEN_CALL = "Somebody at the desk chose to have them rung"
_NO_WAY_LEFT = "Messages did not arrive, and there is no other way to write to them"
log = structlog.get_logger(__name__)


class NoSuchWay(DomainError):
    """The way that staff chose is not open: no address, no carrier, or they do not want it."""

    code = "no_such_way"
    field = "way"


class CallDone(DomainError):
    """Somebody rang them already."""

    code = "call_done_already"


def first(
    enquiry: Enquiry,
    event: str,
    said: Mapping[str, str],
    *,
    key: str,
    now: datetime,
    by: str = "",
) -> bool:
    """Tells an event by the best way; the same key twice is one. False: nobody is told in writing.

    Who wants to be rung is put down to be rung. `by` is the way that staff chose: one of those
    that there are, or CALL. Raises NoSuchWay for any other.
    """
    marketing = notifications.queries.is_marketing(event)
    decision = ways.ways_of(enquiry, marketing=marketing)
    if by == CALL:
        if not _ring(enquiry, event, said, _CHOSEN_CALL, key=key, now=now):
            raise NoSuchWay("We have no telephone number of theirs")
        return False
    if by:
        _send(
            enquiry, event, said, _by(enquiry, event, decision, by), key=key, now=now,
            language=enquiry.language,
        )  # fmt: skip
        return True
    if decision.must_ring:
        if event in _RUNG_FOR:
            _ring(enquiry, event, said, WHY_WORDS[Why.CALLS_ONLY], key=key, now=now)
        return False
    way = _next(enquiry, event, decision)
    if way is None:
        return False
    _send(enquiry, event, said, way, key=key, now=now, language=enquiry.language)
    return True


def _by(enquiry: Enquiry, event: str, decision: Decision, medium: str) -> Way:
    """The way that staff chose. What people need is obeyed whoever chooses."""
    way = next((one for one in decision.ways if one.medium == medium), None)
    carried = notifications.queries.is_carried(medium, ways.speaks_for(enquiry))
    if way is None or not carried or not notifications.queries.can_say(event, medium):
        why = WHY_WORDS[decision.why_none] if decision.why_none else "Choose another way"
        raise NoSuchWay(f"They cannot be told by that way now. {why}")
    return way


def _next(
    enquiry: Enquiry, event: str, decision: Decision, tried: Collection[str] = ()
) -> Way | None:
    """The best way that was not tried, that has words for it, and that it is worth."""
    for way in decision.ways:
        if way.medium in tried or not notifications.queries.can_say(event, way.medium):
            continue
        whose = ways.speaks_for(enquiry)
        if way.medium == LETTER and not notifications.queries.is_carried(LETTER, whose):
            continue
        if ways.is_worth(enquiry, event, way, instead=bool(tried)):
            return way
        if way.medium == LETTER and way.why in (Why.CHOSEN, Why.STANDING) and not tried:
            return None  # they want letters, and this is not worth one: no email either
    return None


def _send(
    enquiry: Enquiry,
    event: str,
    said: Mapping[str, str],
    way: Way,
    *,
    key: str,
    language: str,
    now: datetime,
    instead_of: int | None = None,
) -> None:
    facts = {**said, "large_print": "yes"} if way.large_print else said
    notifications.actions.send(
        key=key,
        event=event,
        medium=way.medium,
        to=way.to,
        context=facts,
        about=enquiry.reference,
        language=language,
        organisation=ways.speaks_for(enquiry),
        postal=way.postal,
        instead_of=instead_of,
        said_yes=notifications.queries.is_marketing(event),
        now=now,
    )


@transaction.atomic
def fall_back(*, notification_id: int, now: datetime) -> bool:
    """Says another way what did not arrive, once for each medium; whether that was done.

    Not what newer news has made needless, and not while a repeat of it is on its way.
    """
    lost = notifications.queries.undelivered(notification_id)
    if lost is None or lost.is_open or lost.is_stale or lost.event in ways.NOT_AGAIN:
        return False
    if lost.references and not _is_for_one(notification_id, lost.tried):
        return _each_by_itself(notification_id, lost.tried, now=now)
    about = lost.about or next(iter(lost.references), "")
    pk = Enquiry.objects.filter(reference=about).values_list("pk", flat=True).first()
    if pk is None or not notifications.queries.is_for_citizens(lost.event):
        return False
    enquiry = events.locked(pk)
    way = _next(enquiry, lost.event, ways.ways_of(enquiry), lost.tried)
    if way is None:
        if lost.event in _MUST_BE_HEARD:
            _ring(enquiry, lost.event, lost.facts, _NO_WAY_LEFT, key=lost.root, now=now)
        _lost(enquiry, notification_id, now=now)
        log.warning("telling.no_way_left", reference=about, what=lost.event)
        return False
    key = lost.key_by(way.medium)
    if lost.references:
        return _say_together_again(notification_id, key, way, now=now)
    _send(
        enquiry, lost.event, lost.facts, way, key=key, language=lost.language, now=now,
        instead_of=notification_id,
    )  # fmt: skip
    return True


def _lost(enquiry: Enquiry, message: int, *, now: datetime) -> None:
    """One line for each message that reached nobody, however often that is found out."""
    known = EnquiryEvent.objects.filter(
        enquiry=enquiry, type=EventType.MESSAGE_LOST.value, data__message=message
    )
    if not known.exists():
        events.record(enquiry, EventType.MESSAGE_LOST, actor=SYSTEM, at=now, message=message)


def _is_for_one(message_id: int, tried: Collection[str]) -> bool:
    """Whether all that was said in one message may be said in one again.

    A telephone may be a family's: then each hears of their own enquiries alone.
    """
    places = set()
    for said in notifications.queries.said_together(message_id):
        enquiry = _case(said.about)
        way = _next(enquiry, SEVERAL, ways.ways_of(enquiry), tried) if enquiry else None
        places.add(way.place if way is not None else None)
    return len(places) == 1


def _each_by_itself(message_id: int, tried: Collection[str], *, now: datetime) -> bool:
    """Says what stood in one message to the citizen of each enquiry; whether to anybody."""
    done = False
    for said in notifications.queries.said_together(message_id):
        enquiry = _case(said.about)
        is_told = notifications.queries.is_for_citizens(said.event) and not said.is_stale
        if enquiry is None or not is_told:
            continue
        way = _next(enquiry, said.event, ways.ways_of(enquiry), {*tried, *said.tried})
        if way is not None:
            done = True
            _send(
                enquiry, said.event, said.facts, way, key=said.key_by(way.medium),
                language=said.language, now=now, instead_of=message_id,
            )  # fmt: skip
        elif said.event in _MUST_BE_HEARD:
            _ring(enquiry, said.event, said.facts, _NO_WAY_LEFT, key=said.root, now=now)
    return done


def _case(reference: str) -> Enquiry | None:
    rows = Enquiry.objects.select_related("person", "first_contact", "owner")
    return rows.filter(reference=reference).first() if reference else None


def _say_together_again(message_id: int, key: str, way: Way, *, now: datetime) -> bool:
    return bool(
        notifications.actions.say_together_again(
            message_id=message_id, key=key, medium=way.medium, to=way.to, now=now
        )
    )


def letter_came_back(*, reference: str, postal: Sequence[str], now: datetime) -> None:
    """No letter goes any more to where the citizen of an enquiry was written to.

    `postal` are the lines of its address: who lives elsewhere by now is written to there.
    """
    person = Enquiry.objects.filter(reference=reference).values_list("person_id", flat=True).first()
    if person is not None:
        customers.actions_telling.mark_post_unusable(person_id=person, postal=postal, now=now)


def _ring(
    enquiry: Enquiry, event: str, said: Mapping[str, str], why: str, *, key: str, now: datetime
) -> bool:
    """Puts down that somebody has to ring them, where they have a telephone. Once for each key."""
    if enquiry.person_id is None or not customers.queries.by_id(enquiry.person_id).phones:
        return False
    links = {name: LINK for name in ("track_url", "survey_url") if name in said}
    words = notifications.queries.would_say(event=event, medium="sms", context={**said, **links})
    CallDue.objects.bulk_create(
        [
            CallDue(
                enquiry=enquiry, key=key, event=event, words=words, why=why[:200], created_at=now
            )
        ],
        ignore_conflicts=True,
    )
    return True


@transaction.atomic
def rung(*, reference: str, call: uuid.UUID, words: str, viewer: Viewer, now: datetime) -> None:
    """Somebody rang them and said it; it stands in the ledger. Raises NoSuchCase, CallDone."""
    found = CallDue.objects.filter(public_id=call, enquiry__reference=reference).first()
    if found is None or not viewer.may(Permission.HANDLE_CONTACTS):
        raise NoSuchCase("There is no such call")
    enquiry = events.locked(found.enquiry_id)
    done = CallDue.objects.filter(pk=found.pk, done_at=None)
    if not done.update(done_at=now, done_by=viewer.name[:120]):
        raise CallDone("Somebody rang them already")
    events.record(enquiry, EventType.NOTED, actor=viewer.actor, at=now, words=words)
