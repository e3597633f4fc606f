"""Screens on walls: which there are, and whether an address is one of ours.

The proof in an address is made of the key of this hub, so that no row holds what opens a screen.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.permissions import Permission, Viewer
from teamwork.models import WallScreen

_SALT = "teamwork.walls"


def may(viewer: Viewer) -> bool:
    """Who looks after screens: leaders of the hub."""
    return viewer.is_hub and viewer.may(Permission.LEAD_TEAM)


def screens(viewer: Viewer) -> Sequence[WallScreen]:
    """Those that are not switched off, by name."""
    return list(WallScreen.objects.filter(ended_at=None)) if may(viewer) else []


def proof(public_id: uuid.UUID) -> str:
    """What stands in the address of a screen after its id."""
    return _proof(public_id, settings.SECRET_KEY)


def _proof(public_id: uuid.UUID, key: str) -> str:
    return salted_hmac(_SALT, str(public_id), secret=key, algorithm="sha256").hexdigest()[:40]


def opens(public_id: uuid.UUID, given: str) -> bool:
    """Whether this address is that of a screen which is not switched off; also under a key that is
    being rotated out."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    known = [hmac.compare_digest(_proof(public_id, key).encode(), given.encode()) for key in keys]
    return any(known) and WallScreen.objects.filter(public_id=public_id, ended_at=None).exists()
