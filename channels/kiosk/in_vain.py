"""Who called for help at a kiosk, and nobody came: a contact without an outcome (R37)."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from core.audit import SYSTEM
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need
from enquiries.queries import begun
from kiosks import queries_help
from kiosks.queries_help import A_WAIT

log = structlog.get_logger(__name__)

_PRESSED = "help_pressed"
# As long as a form that was begun may be gone on with; and how far back a job that was away looks.
_AFTER, _BACK = timedelta(hours=24), timedelta(days=3)


def count(*, now: datetime) -> int:
    """Writes down calls in vain of visits in which nothing was sent or begun; what was, is counted
    as such. Run again it counts none twice. Returns how many it looked at and took."""
    found = 0
    for call in queries_help.in_vain(since=now - _BACK, until=now - _AFTER):
        if begun.by_key(call.visit) is not None or _is_known(call.visit):
            continue
        inbound = InboundContact(
            channel=Channel.KIOSK,
            external_id=_id(call.visit),
            received_at=call.called_at,
            started_at=call.called_at,
            ended_at=call.called_at + A_WAIT,
            needs=(Need(description="They called for help, and nobody came", left_at="help"),),
            site=call.kiosk.site.slug,
            signals=(_PRESSED,),
            actor=SYSTEM,
        )
        try:
            intake.receive(inbound, now=now)
            found += 1
        except Exception:
            log.exception("help.not_counted", call=call.pk)
    return found


def _id(visit: str) -> str:
    return f"help:{visit}"


def _is_known(visit: str) -> bool:
    return any(intake.known(Channel.KIOSK, key) is not None for key in (visit, _id(visit)))
