"""Looks for texts in the provider's list that never reached us, and keeps them like the others.

Each account has its list. How far it has looked there stands in its heartbeat: it moves on only
when the whole list was read, so that after an outage, however long, it goes on where it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings

from channels.sms import late, spool
from core import heartbeats
from notifications import incoming
from notifications.incoming import Incoming, NotNow, Source

HEARTBEAT = "sms:pull"
# So much is looked at again: the provider's list may be behind its webhooks.
OVERLAP = timedelta(minutes=30)
# A text that has only just come may be on its way to our door, or to the fallback, at this moment.
GRACE = timedelta(minutes=2)

log = structlog.get_logger(__name__)


def pull(*, now: datetime) -> int:
    """Keeps what the provider has and we have not; how many texts that were.

    The first time it only notes where it begins: what came before was another system's.
    """
    return sum(_pull(source, now=now) for source in incoming.sources())


def _pull(source: Source, *, now: datetime) -> int:
    beat = f"{HEARTBEAT}:{source.carrier}" if source.carrier else HEARTBEAT
    until = heartbeats.detail(beat).get("until")
    found = 0
    if isinstance(until, str):
        since = datetime.fromisoformat(until) - OVERLAP
        try:
            for number in source.numbers:
                found += _from(source, number, since=since, now=now)
        except (NotNow, OSError) as error:
            # What was kept stays kept; the rest is looked for again, from where we were.
            log.warning("sms.pull_failed", by=source.carrier, why=str(error), found=found)
            return found
    heartbeats.beat(beat, at=now, detail={"until": now.isoformat()})
    if found:
        log.warning("sms.pulled", by=source.carrier, found=found)
    return found


def _from(source: Source, number: str, *, since: datetime, now: datetime) -> int:
    folder, found = settings.SMS_SPOOL_DIR, 0
    for text in incoming.texts(to=number, since=since, by=source.carrier):
        if text.at > now - GRACE or spool.has(folder, text.sid) or late.was_answered(text.sid):
            continue
        spool.keep(
            folder, sid=text.sid, fields=_fields(text, source), received_at=text.at,
            source=spool.PULLED, carrier=source.carrier, line=source.organisation,
        )  # fmt: skip
        found += 1
    return found


def _fields(text: Incoming, source: Source) -> dict[str, str]:
    """As the provider would have posted it."""
    fields = {
        "MessageSid": text.sid, "From": text.sender, "To": text.to, "Body": text.words,
        "NumMedia": "0", "AccountSid": source.account_sid,
    }  # fmt: skip
    if text.files:
        held = incoming.files(text.sid, by=source.carrier)
        fields["NumMedia"] = str(len(held))
        for number, file in enumerate(held):
            fields[f"MediaUrl{number}"] = file.url
            fields[f"MediaContentType{number}"] = file.content_type
    return fields
