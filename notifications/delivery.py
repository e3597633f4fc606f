"""Takes one message to its provider: once, in order, and never blindly twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from core import failpoints, outbox
from notifications import (
    attempts,
    choosing,
    enclosing,
    hiding,
    mail_html,
    outcomes,
    printing,
    quiet,
    rows,
    stops,
    together,
)
from notifications.backends import registry
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear
from notifications.choosing import Choice
from notifications.events import EMAIL, TO_OTHERS, TO_STAFF
from notifications.lifecycle import OPEN, State
from notifications.models import Notification

Result = Handed | Refused | Later | Unclear

LEASE_SECONDS = 30
# So much of the lease must be left before a message is handed over.
HAND_OVER_WITHIN_SECONDS = 15
# Of several, none is begun later than this: a provider that hangs keeps the others waiting.
SEVERAL_WITHIN_SECONDS = 6
QUARANTINE = timedelta(seconds=60)

log = structlog.get_logger(__name__)


class InsideTransaction(RuntimeError):
    """Somebody tried to reach a provider while holding a transaction."""


@dataclass(frozen=True, slots=True)
class _Job:
    row: outbox.Row
    pk: int
    message: Outgoing
    choice: Choice
    was_unclear: bool
    started: float


def deliver(*, outbox_id: int, now: datetime) -> None:
    """Hands over the message that an outbox row promises. Repeating it is harmless."""
    try:
        _deliver(outbox_id, now=now)
    finally:
        registry.rest()


def _deliver(outbox_id: int, *, now: datetime) -> None:
    started = time.monotonic()
    try:
        job = _lease_and_take(outbox_id, started=started, now=now)
    except Exception as failure:
        # A message that cannot even be taken: put off like any failure, and parked in the end.
        if not connection.in_atomic_block:
            with suppress(DatabaseError, InterfaceError):
                outbox.count_failure(outbox_id, failure)
        raise
    if job is None:
        return
    if job.choice.backend.outside:
        _let_go()
    if job.was_unclear:
        job = _after_looking(job, now=now)
    if job is not None:
        _hand_over(job, now=now)


def deliver_several(*, outbox_ids: list[int], clock: Callable[[], datetime]) -> None:
    """Hands over one after the other. One that goes wrong stops none of the others.

    After SEVERAL_WITHIN_SECONDS it stops: the outbox hands over again what nobody has taken.
    """
    began = time.monotonic()
    try:
        for outbox_id in outbox_ids:
            if time.monotonic() - began > SEVERAL_WITHIN_SECONDS:
                return
            try:
                _deliver(outbox_id, now=clock())
            except Exception:
                log.exception("notification.delivery_failed", outbox_id=outbox_id)
    finally:
        registry.rest()


@transaction.atomic
def _lease_and_take(outbox_id: int, *, started: float, now: datetime) -> _Job | None:
    # In one transaction, for a commit is what takes longest.
    row = outbox.lease(outbox_id, seconds=LEASE_SECONDS, now=now)
    if row is None:
        return None
    failpoints.reach("notifications.leased")
    return _take(row, started=started, now=now)


def _take(row: outbox.Row, *, started: float, now: datetime) -> _Job | None:
    """Marks the message as being sent; None when nothing is to be sent now."""
    if together.keeps(row, now=now):
        return None
    found = rows.take(row.args["notification_id"])
    if found is None:
        outbox.settle(row.id, now=now, error="forgotten with its case")
        return None
    message, answers = found
    if message.state not in OPEN:
        outbox.settle(row.id, now=now)
        return None
    if message.state == State.SENDING:
        # Whoever had it died or hangs: the provider may have it.
        _quarantine(row, message, Unclear("Interrupted while sending"), now=now)
        return None
    if message.state == State.QUEUED and not _is_time(row, message, now=now):
        return None
    was_unclear = message.state == State.UNKNOWN
    choice = choosing.own(message) if was_unclear else _choice(row, message, now=now)
    if was_unclear and (choice is None or not choice.backend.looks_up):
        # It may have arrived. Whether to risk a second one is for a person to say.
        outbox.settle(row.id, now=now, error="cannot be looked up; shown to staff")
        return None
    if choice is None:
        return None
    if not was_unclear:
        rows.begin(message, carrier=choice.account.slug, now=now)
    outgoing = _outgoing(message, answers, now)
    return _Job(row, message.pk, outgoing, choice, was_unclear, started)


def _choice(row: outbox.Row, message: Notification, *, now: datetime) -> Choice | None:
    """Who is to carry it; None, and written down why, when nobody may, can, or can now."""
    if stops.forbids(message):
        outcomes.stopped(message, now=now)
        outbox.settle(row.id, now=now, error="they asked for no more texts")
        return None
    try:
        choice = choosing.best(message, now=now)
    except choosing.NoCarrier:
        refusal = Refused(f"No provider carries {message.medium} here", code="no_provider")
        outcomes.failed(message, refusal, now=now)
        outbox.settle(row.id, now=now)
        return None
    if choice is None:
        _again(row, message, Later("Every provider of it is ill", code="all_ill"), now=now)
    return choice


def _is_time(row: outbox.Row, message: Notification, *, now: datetime) -> bool:
    """False when it comes too late to be of use, or would wake somebody: then it waits."""
    if message.good_until is not None and message.good_until <= now:
        outcomes.move(message, State.OVERTAKEN, now=now)
        outbox.settle(row.id, now=now, error="too late to be of use")
        return False
    if message.held_for == outcomes.UNDO and message.hold_until and message.hold_until > now:
        outbox.postpone(row.id, now=now, error="can be taken back", next_at=message.hold_until)
        return False
    wait = quiet.hold(message.event, message.medium, whose=message.about or message.to, now=now)
    if wait is None:
        return True
    message.hold_until = wait
    message.save(update_fields=["hold_until"])
    outbox.postpone(row.id, now=now, error="held until the morning", next_at=wait)
    return False


def _outgoing(message: Notification, answers: str, now: datetime) -> Outgoing:
    return Outgoing(
        reference=str(message.public_id),
        medium=message.medium,
        to=message.to,
        subject=message.subject,
        body=hiding.shown(message.body, message.sealed),
        about=message.about,
        tried_at=message.tried_at or now,
        event=message.event,
        facts={**message.facts, **hiding.facts(message.sealed)},
        language=message.language,
        organisation=message.organisation,
        postal=message.postal,
        html=_html(message),
        answers=answers if _is_answer(message) else "",
    )


def _is_answer(message: Notification) -> bool:
    """Whether its reader may have written to us about the case."""
    is_theirs = message.event not in TO_STAFF | TO_OTHERS
    return message.medium == EMAIL and bool(message.about) and is_theirs


def _html(message: Notification) -> str:
    """An e-mail as readers show it, the words of a letter alone; "" where it has no such form."""
    words = hiding.shown_html(message.html, message.sealed)
    if not words or message.medium != EMAIL:
        return words
    return mail_html.document(words, subject=message.subject, language=message.language)


def _let_go() -> None:
    """A slow provider must not hold a transaction: nothing of ours is locked while it thinks.

    The connection stays, idle: opening one costs more than all else that is done for a message.
    """
    if connection.in_atomic_block:
        raise InsideTransaction("notifications.delivery.deliver was called inside a transaction")


def _after_looking(job: _Job, *, now: datetime) -> _Job | None:
    """The job anew when its carrier does not know the message, so that it is free to go."""
    try:
        known = job.choice.backend.find(job.message)
    except Later as trouble:
        with transaction.atomic():
            _again(job.row, _locked(job.pk), trouble, now=now)
        return None
    with transaction.atomic():
        message = _locked(job.pk)
        others = set(
            Notification.objects.filter(provider_id__in=known)
            .exclude(pk=job.pk)
            .values_list("provider_id", flat=True)
        )
        mine = [provider_id for provider_id in known if provider_id not in others]
        if mine or message.state != State.UNKNOWN:
            if mine:
                # The oldest is the first that we tried.
                outcomes.sent(message, provider_id=mine[-1], now=now)
            outbox.settle(job.row.id, now=now)
            return None
        choice = _choice(job.row, message, now=now)
        if choice is None:
            return None
        rows.begin(message, carrier=choice.account.slug, now=now)
        return replace(job, choice=choice)


def _hand_over(job: _Job, *, now: datetime) -> None:
    if time.monotonic() - job.started > HAND_OVER_WITHIN_SECONDS:
        # We were asleep: somebody else may hold the row by now. The lease's end brings it back.
        log.warning("notification.too_slow", message=job.message.reference)
        return
    failpoints.reach("notifications.before_send")
    result: Result
    if job.choice.backend.outside:
        _let_go()
    began = time.monotonic()
    try:
        backend = job.choice.backend
        result = backend.send(enclosing.ready(printing.ready(job.message), backend))
    except (Refused, Later, Unclear) as trouble:
        result = trouble
    took = time.monotonic() - began
    now += timedelta(seconds=time.monotonic() - job.started)
    failpoints.reach("notifications.after_send")
    try:
        _keep(job, result, took, now=now)
    except (OperationalError, InterfaceError):
        # The connection died while the provider answered. What it said is worth a second one:
        # without it nobody would know whether the message went.
        if connection.in_atomic_block:
            raise
        connection.close()
        _keep(job, result, took, now=now)
    failpoints.reach("notifications.written_down")


@transaction.atomic
def _keep(job: _Job, result: Result, took: float, *, now: datetime) -> None:
    if isinstance(result, Handed) and rows.handed(job.pk, provider_id=result.provider_id, now=now):
        outbox.settle(job.row.id, now=now)
    else:
        _write_down(job.row, _locked(job.pk), result, now=now)
    attempts.record(job.pk, job.message.medium, job.choice, result, at=now, took=took)


def _locked(pk: int) -> Notification:
    return Notification.objects.select_for_update(no_key=True).get(pk=pk)


def _write_down(
    row: outbox.Row,
    message: Notification,
    result: Result,
    *,
    now: datetime,
) -> None:
    if isinstance(result, Unclear):
        _quarantine(row, message, result, now=now)
    elif isinstance(result, Later):
        if message.state == State.UNKNOWN:
            # The lease had run out: whoever came then could not know that it was not sent.
            outcomes.move(message, State.QUEUED, now=now)
        _again(row, message, result, now=now)
    else:
        if isinstance(result, Handed):
            outcomes.sent(message, provider_id=result.provider_id, now=now)
        else:
            outcomes.failed(message, result, now=now)
        outbox.settle(row.id, now=now)


def _quarantine(row: outbox.Row, message: Notification, trouble: Unclear, *, now: datetime) -> None:
    """Gives the provider a minute to know what it took, before it is asked."""
    outcomes.note(message, trouble)
    outcomes.move(message, State.UNKNOWN, now=now)
    outbox.postpone(row.id, now=now, error=str(trouble), next_at=now + QUARANTINE)


def _again(row: outbox.Row, message: Notification, trouble: Later, *, now: datetime) -> None:
    """Tries later, or gives up where a person can see it."""
    outcomes.note(message, trouble)
    if row.attempts >= outbox.PARK_AFTER_ATTEMPTS or now - row.created_at >= outbox.PARK_AFTER:
        outcomes.move(message, State.EXPIRED, now=now)
        outbox.settle(row.id, now=now, error=str(trouble))
        log.error("notification.expired", message=str(message.public_id))
        return
    if message.state == State.SENDING:
        outcomes.move(message, State.QUEUED, now=now)
    else:
        message.save(update_fields=["error", "error_code"])
    wait = trouble.after_seconds
    next_at = now + timedelta(seconds=min(wait, 3600.0)) if wait is not None else None
    outbox.postpone(row.id, now=now, error=str(trouble), next_at=next_at)
