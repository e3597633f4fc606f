"""A device that keeps enquiries and sends them, as its scripts do."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from enquiries.queries import of_kiosks
from kiosks import server_keys
from kiosks.actions_numbers import more
from kiosks.models import Kiosk
from tests.kiosk_device import Device
from tests.kiosks.sealing import sealed


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def numbers(kiosk: Kiosk, many: int, *, given_at: datetime) -> list[str]:
    """Numbers that a device was given at a time."""
    return more(kiosk, 300 - max(many, 51), given_at, taken=of_kiosks.taken)[:many]


def said(reference: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """What somebody said at a device without a line, touching Send at a time."""
    return {
        "v": 1,
        "id": str(uuid.uuid4()),
        "reference": reference,
        "language": "en-gb",
        "content": "c1",
        "began": ms(at) - 120_000,
        "made": ms(at),
        "offset": 0,
        "service": "fly-tipping",
        "form_id": None,
        "answers": {},
        "passed": [],
        "done": ["about", "place", "description", "person"],
        "postcode": "WR11 4AA",
        "address": "By the bridge",
        "nowhere": False,
        "description": "A mattress by the bridge",
        "tell_by": "email",
        "name": "Jo Example",
        "email": "jo@example.com",
        "phone": "",
        "assist": "",
        "journey": "",
        **changes,
    }


def entry(kiosk: Kiosk, words: dict[str, Any], **header: Any) -> dict[str, str]:
    """What is kept of it: sealed to the hub."""
    body = json.dumps(words).encode()
    head = {"id": words["id"], "kiosk": str(kiosk.public_id), "made": words["made"], **header}
    return {"id": words["id"], "jwe": sealed(body, server_keys.sealing_key(), **head)}


def send(device: Device, *entries: dict[str, str], now: datetime) -> Any:
    """One call with entries, by a device whose clock says `now`."""
    return device.call("/kiosk/kept/", {"now": ms(now), "entries": list(entries)})
