"""What every hand-over reads and writes of its message, as statements that are written out.

Django takes longer to compose these than PostgreSQL to do them, and they are done for each message.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import structlog
from django.db import connection

from notifications.lifecycle import State
from notifications.models import Notification

_FIELDS = [field.attname for field in Notification._meta.concrete_fields]
_COLUMNS = ", ".join(
    f'message."{field.column}"' for field in Notification._meta.concrete_fields
)  # fmt: skip
_TAKE = f"""
    SELECT {_COLUMNS}, (SELECT thread.message_id FROM notifications_mailthread AS thread
                        WHERE thread.about = message.about AND message.about <> '')
    FROM notifications_notification AS message WHERE message.id = %s
    FOR NO KEY UPDATE OF message"""  # noqa: S608  # names of columns, and nothing else
_FACTS = _FIELDS.index("facts")

log = structlog.get_logger(__name__)


def take(pk: int) -> tuple[Notification, str] | None:
    """A message under its lock, and which e-mail of the citizen's it answers; None where forgotten.

    The Message-ID is that of the newest that was sent about its case; "" for none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [pk])
        found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        return None
    *values, answers = found
    # Django's cursors give jsonb as text.
    values[_FACTS] = json.loads(values[_FACTS])
    return Notification.from_db(connection.alias, _FIELDS, values), answers or ""


def begin(message: Notification, *, carrier: str, now: datetime) -> None:
    """From here on the carrier may have a message that was waiting; it is ours, and locked."""
    message.state = State.SENDING
    message.provider = carrier
    message.attempts += 1
    message.tried_at = message.tried_at or now
    message.settled_at = None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_notification SET state = %s, provider = %s, attempts = %s,"
            " tried_at = %s, settled_at = NULL WHERE id = %s",
            [message.state, carrier, message.attempts, message.tried_at, message.pk],
        )


def handed(pk: int, *, provider_id: str, now: datetime) -> bool:
    """The carrier has what was being sent; False when it is not being sent any more.

    That it is being sent is on the disk. Should the machine die before this is as well, its fate
    is unknown, which is what it is called then: nobody waits for the disk meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_notification SET state = %s, sent_at = coalesce(sent_at, %s),"
            " provider_id = coalesce(nullif(%s, ''), provider_id), error = '', error_code = '',"
            " sealed = CASE WHEN good_until IS NULL THEN sealed ELSE '' END"
            " WHERE id = %s AND state = %s"
            " RETURNING public_id, set_config('synchronous_commit', 'off', true)",
            [State.SENT, now, provider_id, pk, State.SENDING],
        )
        found = cursor.fetchone()
    if found is not None:
        log.info("notification.moved", message=str(found[0]), state=str(State.SENT))
    return found is not None
