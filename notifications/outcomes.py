"""Writes down what became of a message. Every change of state goes through `move`.

But for the two that every message makes, once it is surely ours: notifications.rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import outbox, undoable
from notifications import hiding, lifecycle, quiet
from notifications.backends.base import NotHanded, Refused
from notifications.events import EVENTS, NEWER
from notifications.lifecycle import State
from notifications.models import Notification

DELIVER = "notifications.deliver"
ADDRESS_REFUSED = "channels.address_refused"
FALL_BACK = "enquiries.fall_back"
AGAIN = ":again"
# Why a message waits: the act that made it can still be taken back.
UNDO = "undo"
# Between the key of what did not arrive and the medium by which it is said instead.
BY = ":by:"

log = structlog.get_logger(__name__)


def move(message: Notification, state: State, *, now: datetime) -> bool:
    """Takes a locked message to a state, or leaves it where it is when that would go back."""
    before = State(message.state)
    if not lifecycle.may(before, state):
        return False
    message.state = state
    if state in {State.SENT, State.DELIVERED} and message.sent_at is None:
        message.sent_at = now
    message.settled_at = now if state in lifecycle.FINAL else None
    if _is_over(message, state):
        message.sealed = ""  # who it was for has it, or never will
    message.save(
        update_fields=[
            "state", "sent_at", "settled_at", "provider", "provider_id", "attempts", "tried_at",
            "error", "error_code", "address_state", "sealed",
        ]
    )  # fmt: skip
    perhaps_there = before is State.UNKNOWN and state is State.EXPIRED
    if state in (State.FAILED, State.EXPIRED) and message.good_until is None and not perhaps_there:
        # Who it was for may be told another way; the enquiry knows how. Not of what may have
        # arrived: whether to risk telling them twice is for a person to say.
        outbox.ring(FALL_BACK, key=f"{FALL_BACK}:{message.pk}",
                    args={"notification_id": message.pk})  # fmt: skip
    if state is not State.SENDING:
        log.info("notification.moved", message=str(message.public_id), state=str(state))
    return True


def _is_over(message: Notification, state: State) -> bool:
    """Whether it will not be said again. What lasts may be, until it is known to have arrived; what
    it hides then is kept for so long at most (notifications.sweeps)."""
    if state in {State.DELIVERED, State.OVERTAKEN}:
        return True
    return message.good_until is not None and (state is State.SENT or state in lifecycle.FINAL)


def note(message: Notification, trouble: NotHanded | None) -> None:
    """Keeps a provider's words for staff; `move` stores them."""
    message.error = str(trouble)[:300] if trouble else ""
    message.error_code = trouble.code[:20] if trouble else ""


def sent(message: Notification, *, provider_id: str, now: datetime) -> None:
    """The provider has it."""
    message.provider_id = provider_id or message.provider_id
    note(message, None)
    if not move(message, State.SENT, now=now):
        # A receipt was quicker; only the id may still be news.
        message.save(update_fields=["provider_id"])


def failed(message: Notification, refusal: Refused, *, now: datetime) -> None:
    """It did not arrive and will not: staff see why, and the address learns from it."""
    note(message, refusal)
    message.address_state = refusal.address
    if not move(message, State.FAILED, now=now):
        return
    if refusal.address:
        outbox.ring(ADDRESS_REFUSED, key=f"{ADDRESS_REFUSED}:{message.pk}",
                    args={"notification_id": message.pk})  # fmt: skip
    # A link that ends in minutes is not worth another try in an hour.
    is_lasting = message.good_until is None and can_be_copied(message)
    is_first = not message.key.endswith(AGAIN)
    if refusal.again_minutes and is_lasting and is_first and not is_stale(message):
        copy(message, key=message.key + AGAIN, now=now,
             due_at=now + timedelta(minutes=refusal.again_minutes))  # fmt: skip


def expired(message: Notification, why: Refused, *, now: datetime) -> bool:
    """Its carrier had it and has given it up, so that it surely did not arrive."""
    move(message, State.SENT, now=now)
    note(message, why)
    return move(message, State.EXPIRED, now=now)


def stopped(message: Notification, *, now: datetime) -> bool:
    """Its number wants no texts any more, and said so to us: nothing new is learnt of it."""
    note(message, Refused("They asked for no more texts", code="stopped"))
    message.address_state = "opted_out"
    return move(message, State.FAILED, now=now)


def copy(message: Notification, *, key: str, now: datetime, due_at: datetime | None = None) -> int:
    """The same words to the same address as a message of its own; the first keeps its history.

    In no lane: what failed once holds up nothing that was asked for since.
    """
    return store(
        Notification(
            key=key, event=message.event, medium=message.medium, to=message.to,
            subject=message.subject, body=message.body, html=message.html, about=message.about,
            language=message.language, organisation=message.organisation, facts=message.facts,
            postal=message.postal, sealed=message.sealed, instead_of=message.pk, created_at=now,
        ),
        due_at=due_at,
    )  # fmt: skip


def can_be_copied(message: Notification) -> bool:
    """Whether we still have what stands in it alone: else its copy would be without its link."""
    return bool(message.sealed) or not hiding.has_places(message.body)


def stale() -> Q:
    """Messages that newer news has made needless: it was asked for after them, and is not lost."""
    later = Notification.objects.filter(about=OuterRef("about"), pk__gt=OuterRef("pk"))
    later = later.exclude(instead_of=OuterRef("pk"))
    heard = later.exclude(state__in=[State.FAILED, State.EXPIRED, State.OVERTAKEN])
    made = Q(pk__in=[])
    for event, newer in NEWER.items():
        if newer:
            made |= Q(Exists(heard.filter(event__in=newer)), event=event)
    return ~Q(about="") & made


def is_stale(message: Notification) -> bool:
    """Whether newer news has made a message needless."""
    return bool(NEWER.get(message.event)) and (
        Notification.objects.filter(stale(), pk=message.pk).exists()
    )


def held(about: str) -> QuerySet[Notification]:
    """Messages about a case that wait for the morning, and that nobody has tried to send."""
    return waiting(about).filter(hold_until__isnull=False)


def waiting(about: str) -> QuerySet[Notification]:
    """Messages about a case that nobody has tried to send."""
    return Notification.objects.filter(about=about, state=State.QUEUED, attempts=0)


def overtake(messages: QuerySet[Notification], *, now: datetime) -> set[str]:
    """Ends held messages that need not be said any more; returns the keys of those that were.

    One statement that looks again under each row's lock: what is being sent is left alone.
    """
    keys = dict(messages.values_list("pk", "key"))
    ended = messages.filter(pk__in=list(keys))
    hold = undoable.current()
    # What may have to be said after all keeps its link (notifications.sweeps forgets it).
    over = {"state": State.OVERTAKEN, "settled_at": now} | ({} if hold else {"sealed": ""})
    done = [pk for pk in keys if ended.filter(pk=pk).update(**over)]
    if hold is not None:
        hold.silenced += done
    return {keys[pk] for pk in done}


def overtake_older(pk: int, event: str, *, about: str, to: str, now: datetime) -> None:
    """Ends what a new message makes needless, where that still waits.

    What waits for the morning to go to the same reader; what waits to be tried again by any way.
    """
    needless = EVENTS[event].overtakes
    if about and needless:
        waits = Q(hold_until__isnull=False, to=to) | Q(key__endswith=AGAIN)
        overtake(waiting(about).filter(waits, event__in=needless, pk__lt=pk), now=now)


def lane(about: str, medium: str) -> str:
    """Messages about one case by one medium go in the order in which they were asked for."""
    return f"told:{about}:{medium}" if about else ""


def lane_of(event: str, about: str, medium: str) -> str:
    """What somebody waits for does not queue behind what waits for the morning or for its hour."""
    return "" if EVENTS[event].at_once else lane(about, medium)


def begin_again(message: Notification, *, now: datetime, by: str = "") -> None:
    """A locked message that no provider has had waits to go, like one that was just asked for.

    `by` is the carrier that it would best go by (notifications.choosing).
    """
    message.state = State.QUEUED
    message.provider, message.attempts = by, 0
    message.tried_at = message.sent_at = message.settled_at = None
    message.lane = lane_of(message.event, message.about, message.medium)
    message.hold_until = quiet.hold(
        message.event, message.medium, whose=message.about or message.to, now=now
    )
    message.save(
        update_fields=[
            "state", "provider", "attempts", "tried_at", "sent_at", "settled_at", "lane",
            "hold_until", "organisation",
        ]
    )  # fmt: skip
    # A key of its own: what asks for the same words later finds this row, and rang for it.
    outbox.ring(DELIVER, key=f"{DELIVER}:{message.pk}:again", args={"notification_id": message.pk},
                lane=message.lane, due_at=message.hold_until)  # fmt: skip


def store(message: Notification, *, due_at: datetime | None = None) -> int:
    """Keeps a message and promises its delivery; one with a known key is only looked up.

    One that an act makes which can be taken back waits until it no longer can.
    """
    message.hold_until = quiet.hold(
        message.event, message.medium, whose=message.about or message.to, now=message.created_at
    )
    hold = undoable.current()
    if hold is not None and (message.hold_until is None or message.hold_until < hold.until):
        message.hold_until, message.held_for = hold.until, UNDO
    due_at = max((one for one in (due_at, message.hold_until) if one), default=None)
    # A known key stays what it is; in one statement we learn the number of whichever row has it.
    Notification.objects.bulk_create(
        [message], update_conflicts=True, unique_fields=["key"], update_fields=["key"]
    )
    pk = message.pk
    if hold is not None:
        hold.messages.append(pk)
    outbox.ring(DELIVER, key=f"{DELIVER}:{pk}", args={"notification_id": pk}, lane=message.lane,
                due_at=due_at)  # fmt: skip
    return pk
