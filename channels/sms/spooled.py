"""Texts that were kept on disk become what they would have been, and their answers are sent.

One file at a time, the oldest first: taken (once, by its id), answered by a message of its own,
and only then removed. Killed anywhere it does the same again, and nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from channels.sms import conversation, keyring, late, parsing, saying, spool
from channels.sms.keyring import Key
from channels.sms.parsing import NotAText, Text
from channels.sms.spool import Kept, NotReadable
from core import failpoints, heartbeats
from notifications import lines

HEARTBEAT = "sms:spool"
# After so many tries, half a minute apart, a person looks at it.
MOST_TRIES = 5
MOST_IN_A_RUN = 500
# A text is written within a second: what is half there a day later stays so.
HALF_FOR = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Drained:
    """What became of the files of one run."""

    taken: int = 0
    known: int = 0
    failed: int = 0
    aside: int = 0


def drain(*, now: datetime, folder: Path | None = None) -> Drained:
    """Takes every text that waits. Leaves what it cannot do to the next run, or to a person.

    Raises OperationalError or InterfaceError while the database is away: all stay where they are.
    """
    done = Drained()
    stuck: set[str] = set()
    for path in spool.waiting(folder or settings.SMS_SPOOL_DIR)[:MOST_IN_A_RUN]:
        try:
            kept = spool.read(path)
            text = _text(kept, now=now)
        except FileNotFoundError:
            continue
        except (NotReadable, NotAText) as error:
            _set_aside(path, str(error), done)
            continue
        if text.phone in stuck:
            continue  # what somebody wrote is read in the order in which they wrote it
        try:
            _take(kept, text, done, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # one bad text keeps nobody else's waiting
            log.exception("sms.spooled_text_failed", sid=text.sid)
            stuck.update({text.phone} - {""})
            done.failed += 1
            renamed, tries = spool.failed(path)
            if tries >= MOST_TRIES:
                _set_aside(renamed, type(error).__name__, done)
    heartbeats.beat(HEARTBEAT, at=now)
    if done.taken or done.failed or done.aside:
        log.info("sms.spool_drained", taken=done.taken, failed=done.failed, aside=done.aside)
    return done


def keep_keys() -> None:
    """Writes down, for the door that has no database, who may sign beside our own account."""
    found = [
        Key(sid, token, line.carrier, line.organisation, line.number, line.service)
        for line, sid, token in lines.keys_of_twilio()
    ]
    try:
        keyring.write(settings.SMS_SPOOL_DIR, found, seals=settings.SEALING_KEYS)
    except OSError as error:
        log.warning("sms.keys_not_kept", errno=error.errno)


def _take(kept: Kept, text: Text, done: Drained, *, now: datetime) -> None:
    opt_out_type = kept.fields.get("OptOutType", "").lower()
    is_pulled = kept.source == spool.PULLED
    if is_pulled and late.was_answered(text.sid):
        done.known += 1  # it came by its own way meanwhile, and was answered there
    else:
        answer = late.answer if late.is_late(text, now=now) else conversation.answer
        by = kept.carrier if is_pulled else None
        words = answer(text, opt_out_type=opt_out_type, by=by, now=now)
        failpoints.reach("sms.spooled_taken")
        if words:
            saying.hand_over(text, by=kept.carrier, now=now)
        done.taken += 1
    failpoints.reach("sms.spooled_sent")
    spool.remove(kept.path)


def _text(kept: Kept, *, now: datetime) -> Text:
    text = parsing.read_request(kept.fields)
    return replace(text, received_at=min(kept.received_at, now), line=kept.line)


def _set_aside(path: Path, why: str, done: Drained) -> None:
    done.aside += 1
    spool.set_aside(path)
    log.error("sms.text_set_aside", file=path.name, why=why)


def forget_aside(*, now: datetime) -> int:
    """Forgets texts that were set aside so long ago that nobody enters them any more; how many."""
    kept = timedelta(days=settings.FORGET_ASIDE_DAYS)
    gone = spool.forget(settings.SMS_SPOOL_DIR, before=now - kept, half_before=now - HALF_FOR)
    if gone:
        log.warning("sms.aside_forgotten", texts=gone)
    return gone
