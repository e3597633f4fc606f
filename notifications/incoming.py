"""What our provider of texts holds for us: texts that came in, and the files that came with them.

Outside calls: never inside a request or a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from notifications.backends import registry


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


@dataclass(frozen=True, slots=True)
class Source:
    """An account whose list of texts can be read, by its carrier's slug; "": the environment's.
    `organisation` is the slug of the body whose own it is; "": the partnership's."""

    numbers: tuple[str, ...]
    account_sid: str
    carrier: str = ""
    organisation: str = ""


def sources() -> list[Source]:
    """The accounts whose lists can be read; one without a number of its own has none that can."""
    found = []
    if settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKENS and settings.SMS_NUMBERS_IN:
        numbers = tuple(settings.SMS_NUMBERS_IN)
        found.append(Source(numbers, settings.TWILIO_ACCOUNT_SID))
    for one in registry.accounts_of("twilio"):
        sid, number = (str(one.settings.get(key, "")) for key in ("account_sid", "number"))
        if sid and number and sid != settings.TWILIO_ACCOUNT_SID and one.secrets.get("auth_token"):
            whose = str(one.settings.get("organisation", ""))
            found.append(Source((number,), sid, one.slug, whose))
    return found


def texts(*, to: str, since: datetime, by: str = "") -> Iterator[Incoming]:
    """Texts to a number since then, newest first, as the account of the carrier `by` lists them.

    Raises NotNow, also between two.
    """
    from notifications.backends import twilio_inbox

    return twilio_inbox.texts(to=to, since=since, by=by)


def files(sid: str, *, by: str = "") -> list[WithFile]:
    """What came with a text. Raises NotNow."""
    from notifications.backends import twilio_inbox

    return twilio_inbox.files(sid, by=by)


def fetch(url: str, *, most: int, line: str = "") -> bytes:
    """A file, at most so many bytes of it. Raises Gone, TooLarge, NotNow.

    `line` is the body by whose own account its text came: only that one's keys open it.
    """
    from notifications.backends import twilio_inbox

    return twilio_inbox.fetch(url, most=most, line=line)


def delete(url: str) -> None:
    """Takes a file away from the provider. Raises NotNow."""
    from notifications.backends import twilio_inbox

    twilio_inbox.delete(url)
