"""What somebody looks for stands sealed in the address: "back" and "reload" find it again, and no
log, proxy or browser's list of pages reads a name."""

from __future__ import annotations

import enquiries.queries.people
from accounts.permissions import Viewer
from core import sealing
from customers.queries import PersonRow

_PURPOSE = "desk.find"
_LONGEST = 200
NO_SUCH_SEARCH = ""


def sealed(viewer: Viewer, text: str) -> str:
    """What the address says of what this viewer looks for; "" for nothing."""
    text = text.replace("\x00", "").strip()[:_LONGEST]
    return sealing.seal(f"{viewer.id}:{text}", purpose=_PURPOSE) if text else ""


def opened(viewer: Viewer, token: str) -> str:
    """What this viewer looked for; "" where the address says nothing, or is somebody else's."""
    if not token:
        return NO_SUCH_SEARCH
    try:
        whose, _colon, text = sealing.unseal(token, purpose=_PURPOSE).partition(":")
    except (sealing.SealBroken, UnicodeError):
        return NO_SUCH_SEARCH
    return text if whose == str(viewer.id) else NO_SUCH_SEARCH


def too_short(text: str) -> bool:
    """Whether something was typed, and too little to go by."""
    return bool(text) and not enquiries.queries.people.can_find(text)


def people(viewer: Viewer, text: str, limit: int) -> list[PersonRow]:
    """Who it may be, the likeliest first."""
    return enquiries.queries.people.search(viewer, text, limit=limit) if text else []
