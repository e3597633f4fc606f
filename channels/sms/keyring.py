"""What the fallback door knows of accounts beside the environment's: it has no database to ask.

One sealed file beside the texts, written by `channels.sms.spooled`. Pure: no Django, no tables.
"""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = ".accounts"
_PURPOSE = b"hub:accounts of the fallback"


@dataclass(frozen=True, slots=True)
class Key:
    """An account with Twilio and its token. `carrier` is its slug here; `line` the body whose own
    it is; "": the partnership's."""

    account_sid: str
    token: str = field(repr=False)
    carrier: str
    line: str
    number: str
    service: str

    def has(self, *, number: str, service: str) -> bool:
        """Whether a text to this number, or by this messaging service, can be one of its own."""
        if not self.line:
            return True
        return bool(number and number == self.number) or bool(service and service == self.service)


def write(folder: Path, found: Sequence[Key], *, seals: Sequence[str]) -> None:
    """Keeps them for the door; nothing is written where nothing has changed. Raises OSError."""
    if list(found) == read(folder, seals=seals):
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = _box(seals).encrypt(json.dumps([asdict(one) for one in found]).encode())
    part = folder / f".{uuid.uuid4().hex}.part"
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
        part.replace(folder / FILE)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def read(folder: Path, *, seals: Sequence[str]) -> list[Key]:
    """The accounts; none where the file is not there, or was sealed by another key."""
    try:
        opened = _box(seals).decrypt((folder / FILE).read_bytes())
        return [Key(**one) for one in json.loads(opened)]
    except (OSError, ValueError, TypeError, InvalidToken):
        return []


def _box(seals: Sequence[str]) -> MultiFernet:
    """The first key seals, all open (core.sealing does the same where there are settings)."""
    derived = [HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(one.encode()) for one in seals]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in derived])
