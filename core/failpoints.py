"""Named places where a crash can be rehearsed; inert unless a development process asks."""

import os

from django.conf import settings


def reach(name: str) -> None:
    """Die here, as kill -9 would, if FAILPOINT names this place."""
    if os.environ.get("FAILPOINT") == name and getattr(settings, "HUB_DEVELOPMENT", False):
        os._exit(137)
