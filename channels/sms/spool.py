"""Texts on disk while the database is away: one file for each, safe before it is acknowledged.

Pure: files alone, no Django, no database. The fallback door writes, `channels.sms.spooled` reads.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

VERSION = 1
# Where it came from: the door that Twilio calls when ours does not answer, or the provider's list.
FALLBACK, PULLED = "fallback", "pulled"
ASIDE = "aside"
# Larger than any text with its ten files; what is larger was not written by us.
MOST_BYTES = 256 * 1024
_SID = re.compile(r"[A-Za-z0-9]{1,40}")


class NotReadable(ValueError):
    """A file that is no text of ours, or only half of one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One text as it was kept: what the provider said of it, when, and by which way it came.

    `carrier` is the account that vouches for it, `line` the body whose own that is; "": ours."""

    path: Path
    fields: Mapping[str, str]
    received_at: datetime
    source: str
    carrier: str = ""
    line: str = ""


def keep(
    folder: Path,
    *,
    sid: str,
    fields: Mapping[str, str],
    received_at: datetime,
    source: str,
    carrier: str = "",
    line: str = "",
) -> Path:
    """Writes a text down. When this returns, a power cut does not lose it. Raises OSError.

    Files sort by when their texts came.
    """
    if not _SID.fullmatch(sid):
        raise ValueError("A text has an id of letters and digits")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = json.dumps(
        {
            "version": VERSION,
            "received_at": received_at.astimezone(UTC).isoformat(),
            "source": source,
            "carrier": carrier,
            "line": line,
            "fields": dict(fields),
        }
    ).encode()
    micros = int(received_at.timestamp() * 1_000_000)
    path = folder / f"{micros:020d}-{sid}-{source}.json"
    part = folder / f".{uuid.uuid4().hex}.part"
    try:
        _write(part, content)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _settle(folder)
    return path


def waiting(folder: Path) -> list[Path]:
    """The files that wait to be read, the oldest text first."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".json"))
    except FileNotFoundError:
        return []
    return [folder / name for name in names if not name.startswith(".")]


def read(path: Path) -> Kept:
    """One file. Raises NotReadable, FileNotFoundError where another has done it, OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise NotReadable("It is larger than any text")
    try:
        record = json.loads(path.read_bytes())
        if record["version"] != VERSION:
            raise NotReadable(f"It is of version {record['version']!r}")
        received_at = datetime.fromisoformat(record["received_at"])
        fields = {str(name): str(value) for name, value in record["fields"].items()}
        source = str(record["source"])
        # A release before wrote neither.
        carrier, line = str(record.get("carrier", "")), str(record.get("line", ""))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise NotReadable(f"It cannot be read ({type(error).__name__})") from error
    if received_at.tzinfo is None:
        raise NotReadable("Its time has no zone")
    return Kept(path, fields, received_at, source, carrier, line)


def remove(path: Path) -> None:
    """It has been done: nobody does it again."""
    with suppress(FileNotFoundError):
        path.unlink()


def set_aside(path: Path) -> None:
    """Out of the way of the others, for a person to look at."""
    aside = path.parent / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileNotFoundError):
        path.replace(aside / path.name)
    _settle(aside)
    _settle(path.parent)


def failed(path: Path) -> tuple[Path, int]:
    """Notes in its name that it could not be done; the name, and how often that has been now."""
    stem = path.name.removesuffix(".json")
    name, dot, number = stem.partition(".")
    tries = int(number) + 1 if dot and number.isdigit() else 1
    renamed = path.with_name(f"{name}.{tries}.json")
    with suppress(FileNotFoundError):
        path.replace(renamed)
    return renamed, tries


def has(folder: Path, sid: str) -> bool:
    """Whether this text is here already, waiting to be read or for a person."""
    return any(f"-{sid}-" in path.name for path in [*waiting(folder), *waiting(folder / ASIDE)])


def forget(folder: Path, *, before: datetime, half_before: datetime) -> int:
    """Removes texts that have lain aside since before then, and halves of texts whose writer was
    killed before `half_before`; how many. Raises OSError."""
    aside, gone = folder / ASIDE, 0
    for place, pattern, oldest in ((aside, "*", before), (folder, ".*.part", half_before)):
        for path in place.glob(pattern):
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < oldest.timestamp():
                    path.unlink()
                    gone += 1
    return gone


def laid_aside(folder: Path) -> int:
    """How many wait for a person."""
    return len(waiting(folder / ASIDE))


def age_of_oldest(folder: Path, *, now: datetime) -> float:
    """Seconds since the oldest text that waits came in; 0 for none."""
    found = waiting(folder)
    if not found:
        return 0.0
    micros = found[0].name.partition("-")[0]
    return max(0.0, now.timestamp() - int(micros) / 1_000_000) if micros.isdigit() else 0.0


def is_open(folder: Path) -> bool:
    """Whether texts could be written down now."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """A name is safe only when the folder that holds it is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
