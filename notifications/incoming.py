"""What our provider of texts holds for us: texts that came in, and the files that came with them.

Outside calls: never inside a request or a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings


class NotNow(Exception):
    """The provider does not answer, or not as it should: another time it may."""


class Gone(Exception):
    """There is no such file for us, and there will be none."""


class TooLarge(Gone):
    """It is larger than what we take."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text in the provider's list."""

    sid: str
    sender: str
    to: str
    words: str
    at: datetime
    files: int


@dataclass(frozen=True, slots=True)
class WithFile:
    """A file that came with a text: where the provider keeps it, and what it says that it is."""

    url: str
    content_type: str


def is_set_up() -> bool:
    """Whether there is a provider whose list can be read."""
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKENS)


def texts(*, to: str, since: datetime) -> Iterator[Incoming]:
    """Texts to one of our numbers since then, newest first. Raises NotNow, also between two."""
    from notifications.backends import twilio_inbox

    return twilio_inbox.texts(to=to, since=since)


def files(sid: str) -> list[WithFile]:
    """What came with a text. Raises NotNow."""
    from notifications.backends import twilio_inbox

    return twilio_inbox.files(sid)


def fetch(url: str, *, most: int) -> bytes:
    """A file, at most so many bytes of it. Raises Gone, TooLarge, NotNow."""
    from notifications.backends import twilio_inbox

    return twilio_inbox.fetch(url, most=most)


def delete(url: str) -> None:
    """Takes a file away from the provider. Raises NotNow."""
    from notifications.backends import twilio_inbox

    twilio_inbox.delete(url)
