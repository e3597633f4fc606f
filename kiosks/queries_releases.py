"""Which release a device should have, and the files of one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kiosks.models import Release, ReleaseFile

# Hundreds of devices ask twice a minute; who has which release changes a few times a month.
_SECONDS = 5.0
_kept: tuple[float, tuple[Staged, ...]] | None = None


class Known(Protocol):
    """Of a device, what decides which release it has."""

    @property
    def public_id(self) -> UUID:
        """Who it is."""

    @property
    def is_early(self) -> bool:
        """Whether it has a release before the others."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One release and who has it."""

    version: str
    made_at: datetime
    note: str
    share: int
    early_at: datetime | None
    withdrawn_at: datetime | None

    def is_for(self, public_id: UUID, *, is_early: bool) -> bool:
        """Whether a device has it; nobody has what was withdrawn."""
        if self.withdrawn_at is not None:
            return False
        return (is_early and self.early_at is not None) or percent(public_id) < self.share


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is served."""

    kind: str
    body: bytes


def percent(public_id: UUID) -> int:
    """Where a device stands between 0 and 99: the same for every release."""
    return int.from_bytes(hashlib.sha256(public_id.bytes).digest()[:4]) % 100


def releases() -> Sequence[Staged]:
    """All that are kept, the newest first."""
    return [
        Staged(one.version, one.made_at, one.note, one.share, one.early_at, one.withdrawn_at)
        for one in Release.objects.all()
    ]


def release_for(kiosk: Known) -> str:
    """The name of the release that a device should have; none where there is none for it."""
    global _kept  # noqa: PLW0603  # read again every few seconds, by each process for itself
    now = time.monotonic()
    if _kept is None or _kept[0] < now:
        _kept = (now + _SECONDS, tuple(releases()))
    for one in _kept[1]:
        if one.is_for(kiosk.public_id, is_early=kiosk.is_early):
            return one.version
    return ""


def forget() -> None:
    """Reads anew next time."""
    global _kept  # noqa: PLW0603  # as above
    _kept = None


def file(version: str, path: str) -> File | None:
    """A file of a release; None where there is none."""
    found = ReleaseFile.objects.filter(release__version=version, path=path).first()
    return File(found.kind, bytes(found.body)) if found else None
