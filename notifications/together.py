"""Says together what would be too much one by one: so many to one address within an hour.

Looked at when a message is about to go, since that is when it would be one too many. What is over
the bound waits until the hour allows one again, and goes then with all else that waits for the
same reader. Who has it then has all; each message says in which other it went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from core import outbox
from notifications import outcomes, rendering, together_words
from notifications.lifecycle import State
from notifications.models import Notification

AN_HOUR = timedelta(hours=1)
MANY = "many"
SEVERAL = "several"
# More lines than this in one message are read by nobody; the rest stands on their page.
MOST_LINES = {"sms": 5, "email": 50}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Reader:
    medium: str
    to: str


def keeps(row: outbox.Row, *, now: datetime) -> bool:
    """Whether a message that was about to go waits, or has gone with others; then it is settled.

    In the transaction that would begin to send it, before its row is locked: whoever sends to the
    same address waits, so that two at once are not both the fifth.
    """
    pk = row.args["notification_id"]
    reader = _too_many(pk, now=now) if settings.HUB_TOLD_PER_HOUR else None
    if reader is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))",
            [f"{reader.medium}:{reader.to}"],
        )
    waiting = list(_waiting(reader, now).select_for_update(no_key=True).order_by("pk"))
    message = next((one for one in waiting if one.pk == pk), None)
    if message is None:
        return False  # it has been tried, or is settled: that is for delivery
    free_at = _free_at(reader, now=now)
    if free_at is not None:
        _hold(row, message, free_at, now=now)
        return True
    if len(waiting) < 2 or all(one.held_for != MANY for one in waiting):
        return False
    _say_together(waiting, reader, now=now)
    outbox.settle(row.id, now=now, error="said together with others")
    return True


def _limited() -> QuerySet[Notification]:
    return Notification.objects.filter(event__in=together_words.EVENTS)


def _waiting(reader: _Reader, now: datetime) -> QuerySet[Notification]:
    """What nobody has tried to send to an address, and need not go at once or by itself, nor
    waits until it cannot be taken back any more."""
    rows = _limited().exclude(held_for=outcomes.UNDO, hold_until__gt=now)
    return rows.filter(
        to=reader.to, medium=reader.medium, state=State.QUEUED, attempts=0, good_until=None
    )


def _too_many(pk: int, *, now: datetime) -> _Reader | None:
    """Who reads it, if it waited or all that goes there might be too many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT one.medium, one."to" FROM notifications_notification AS one'
            " WHERE one.id = %s AND one.state = %s AND one.attempts = 0"
            " AND NOT (one.held_for = %s AND one.hold_until > %s)"
            " AND one.medium = ANY(%s) AND one.event = ANY(%s) AND (one.held_for = %s OR"
            " (SELECT count(*) FROM notifications_notification AS other"
            '  WHERE other."to" = one."to" AND (other.tried_at > %s'
            "  OR (other.tried_at IS NULL AND other.state = %s))) > %s)",
            [pk, State.QUEUED, outcomes.UNDO, now, list(MOST_LINES), list(together_words.EVENTS),
             MANY, now - AN_HOUR, State.QUEUED, settings.HUB_TOLD_PER_HOUR],
        )  # fmt: skip
        found = cursor.fetchone()
    return _Reader(*found) if found is not None else None


def _free_at(reader: _Reader, *, now: datetime) -> datetime | None:
    """When the bound allows one more; None: now."""
    most = settings.HUB_TOLD_PER_HOUR
    gone = Notification.objects.filter(
        Q(event__in=together_words.EVENTS) | Q(event=SEVERAL),
        to=reader.to, medium=reader.medium, tried_at__gt=now - AN_HOUR,
    )  # fmt: skip
    times = list(gone.order_by("-tried_at").values_list("tried_at", flat=True)[:most])
    if len(times) < most or times[-1] is None:
        return None
    return times[-1] + AN_HOUR


def _hold(row: outbox.Row, message: Notification, until: datetime, *, now: datetime) -> None:
    message.hold_until, message.held_for = until, MANY
    message.save(update_fields=["hold_until", "held_for"])
    outbox.postpone(row.id, now=now, error="this address was told much lately", next_at=until)


def _say_together(messages: Sequence[Notification], reader: _Reader, *, now: datetime) -> int:
    """One message that says what all of these would have; they end."""
    last = messages[-1]
    cases = {one.about for one in messages}
    pk = write(
        messages,
        key=f"{SEVERAL}:{messages[0].pk}",
        medium=reader.medium,
        to=reader.to,
        about=cases.pop() if len(cases) == 1 else "",
        language=last.language,
        now=now,
    )
    Notification.objects.filter(pk__in=[one.pk for one in messages]).update(
        state=State.OVERTAKEN, settled_at=now, sealed="", merged_into=pk
    )
    log.info("notification.said_together", messages=len(messages))
    return pk


def write(
    messages: Sequence[Notification],
    *,
    key: str,
    medium: str,
    to: str,
    about: str,
    language: str,
    now: datetime,
    instead_of: int | None = None,
) -> int:
    """Promises one message that says what several would have, in the language of the newest."""
    with translation.override(language):
        lines = [together_words.line(one.event, one.facts, medium) for one in messages]
    most = MOST_LINES[medium]
    context = {
        "count": str(len(messages)),
        "lines": (" " if medium == "sms" else "\n\n").join(lines[:most]),
        "more": str(len(lines) - most) if len(lines) > most else "",
        "my_url": f"{settings.HUB_BASE_URL}/my/",
    }
    bodies = {one.organisation for one in messages}
    whose = bodies.pop() if len(bodies) == 1 else ""
    words = rendering.render(
        event=SEVERAL, medium=medium, context=context, language=language, organisation=whose
    )
    return outcomes.store(
        Notification(
            key=key, event=SEVERAL, medium=medium, to=to, subject=words.subject, body=words.body,
            html=words.html, about=about, created_at=now, language=words.language,
            organisation=whose, facts=context, instead_of=instead_of,
        )
    )  # fmt: skip


@transaction.atomic
def write_again(*, pk: int, key: str, medium: str, to: str, now: datetime) -> int | None:
    """The same by another medium, instead of one that did not arrive; None where it is gone."""
    first = Notification.objects.filter(pk=pk, event=SEVERAL).first()
    said = said_in(pk)
    if first is None or not said:
        return None
    return write(
        said, key=key, medium=medium, to=to, about=first.about, language=first.language, now=now,
        instead_of=pk,
    )  # fmt: skip


def said_in(pk: int) -> list[Notification]:
    """The messages that one says, or that it repeats."""
    message = Notification.objects.filter(pk=pk, event=SEVERAL).first()
    if message is None:
        return []
    return list(Notification.objects.filter(merged_into=_root(message)).order_by("pk"))


def _root(message: Notification) -> int:
    """The message that the others name: a repeat of it, or one instead of it, has other ids."""
    while message.instead_of is not None:
        before = Notification.objects.filter(pk=message.instead_of).first()
        if before is None:
            break
        message = before
    return message.pk
