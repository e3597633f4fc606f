"""The words for what came in. Pure."""

from __future__ import annotations

from enum import StrEnum


class MailState(StrEnum):
    """What became of a mail: it waits, it was taken, it was set aside, or needs nothing."""

    NEW = "new"
    TAKEN = "taken"
    ASIDE = "aside"
    IGNORED = "ignored"


class MailKind(StrEnum):
    """What wrote a mail; not known before it was read."""

    MESSAGE = "message"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    LIST = "list"
    OURS = "ours"
