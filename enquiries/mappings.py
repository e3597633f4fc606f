"""Reads a mapping file, and says everything that is wrong with it at once. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.sheets import Check, Problem
from enquiries.channels import Channel
from enquiries.imports import Ending, ImportMapping, PlaceMapping, Words
from enquiries.lifecycle import Outcome

KEEPS = ("none", "postcode", "moved")
PERSON = ("name", "email", "phone", "address", "postcode")


@dataclass(slots=True)
class _Reader:
    """A table of the file, which notes what it cannot find."""

    file: str
    path: str
    values: Mapping[str, Any]
    check: Check

    def wrong(self, key: str, words: str, cure: str) -> None:
        named = f"{self.path}.{key}".strip(".")
        self.check.problems.append(Problem(self.file, 0, named, words, cure))

    def table(self, key: str) -> _Reader:
        inner = self.values.get(key, {})
        if not isinstance(inner, dict):
            self.wrong(key, "is not a table", f"Write [{key}]")
            inner = {}
        return _Reader(self.file, f"{self.path}.{key}".strip("."), inner, self.check)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self.wrong(key, "is missing", "Write it as text in quotes")
            return ""
        return value

    def column(self, key: str, columns: Collection[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in columns:
            self.wrong(key, f'the file has no column "{value}"', "Check its first line")
        return value

    def pair(self, key: str) -> tuple[float, float]:
        value = self.values.get(key, [])
        if not (
            isinstance(value, list)
            and len(value) == 2
            and all(isinstance(part, int | float) for part in value)
        ):
            self.wrong(key, "is not a pair of numbers", f"Write {key} = [1.0, 2.0]")
            return 0.0, 0.0
        return float(value[0]), float(value[1])


def load(
    path: Path,
    *,
    columns: Collection[str],
    services: Collection[str],
    organisations: Collection[str],
    check: Check,
) -> ImportMapping:
    """The mapping in a TOML file for a table with these columns; problems go to `check`."""
    reader = _Reader(path.name, "", _parsed(path, check), check)
    named, status = reader.table("columns"), reader.table("status")
    return ImportMapping(
        source=_source(reader),
        name=reader.text("name"),
        zone=_zone(reader),
        date_formats=_formats(reader),
        description=reader.text("description"),
        midnight_is_a_day=reader.values.get("midnight_is_a_day") is True,
        id=named.column("id", columns),
        received=named.column("received", columns),
        ended=named.column("ended", columns),
        service=_words(reader, "service", columns, {*services, ""}),
        channel=_words(reader, "channel", columns, {channel.value for channel in Channel}),
        owner=_words(reader, "owner", columns, {*organisations, ""}),
        status_column=status.column("column", columns),
        endings=_endings(status.table("values")),
        place=_place(reader.table("place"), columns),
        person={
            key: reader.table("person").column(key, columns)
            for key in PERSON
            if key in reader.table("person").values
        },
    )


def _parsed(path: Path, check: Check) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        words = "there is no such file"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        words = f"cannot be read ({error})"
    check.problems.append(Problem(path.name, 0, "", words, "See reference/mappings/"))
    check.finish()
    return {}


def _source(reader: _Reader) -> str:
    source = reader.text("source")
    if len(source) > 24 or not source.replace("-", "").isalnum():
        reader.wrong("source", f'"{source}" is no short name', "Use letters, digits and dashes")
    return source


def _zone(reader: _Reader) -> ZoneInfo:
    name = reader.text("zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        reader.wrong("zone", f'"{name}" is no time zone', "Write it like Europe/London")
        return ZoneInfo("UTC")


def _formats(reader: _Reader) -> tuple[str, ...]:
    formats = reader.values.get("date_formats")
    if isinstance(formats, list) and formats and all(isinstance(one, str) for one in formats):
        return tuple(formats)
    reader.wrong("date_formats", "is missing", 'Write date_formats = ["%Y-%m-%d %H:%M:%S"]')
    return ()


def _words(reader: _Reader, key: str, columns: Collection[str], allowed: Collection[str]) -> Words:
    table = reader.table(key)
    values = table.table("values")
    for theirs, ours in values.values.items():
        if ours not in allowed:
            known = ", ".join(sorted(one for one in allowed if one)[:12])
            values.wrong(theirs, f'there is no {key} "{ours}"', f"Use one of: {known}")
    default = table.text("default", "")
    if default not in allowed and default:
        table.wrong("default", f'there is no {key} "{default}"', "Use one that there is")
    return Words(table.column("column", columns, ""), dict(values.values), default)


def _endings(table: _Reader) -> dict[str, Ending]:
    endings = {}
    for status in table.values:
        one = table.table(status)
        outcome = one.text("outcome", "")
        if outcome and outcome not in {known.value for known in Outcome}:
            one.wrong("outcome", f'there is no outcome "{outcome}"', f"Use {', '.join(Outcome)}")
            outcome = ""
        if outcome and not one.values.get("words"):
            one.wrong("words", "is missing", "Write what a citizen would have been told")
        endings[status] = Ending(Outcome(outcome) if outcome else None, one.text("words", ""))
    return endings


def _place(table: _Reader, columns: Collection[str]) -> PlaceMapping:
    keep = table.text("keep", "none")
    if keep not in KEEPS:
        table.wrong("keep", f'"{keep}" is not known', f"Use one of: {', '.join(KEEPS)}")
    if keep == "postcode":
        return PlaceMapping(
            keep,
            postcode=table.column("postcode", columns, ""),
            address=table.column("address", columns, ""),
        )
    if keep == "moved":
        east, north = table.pair("moved_to")
        return PlaceMapping(
            keep,
            latitude=table.column("latitude", columns),
            longitude=table.column("longitude", columns),
            moved_from=table.pair("moved_from"),
            moved_to=(round(east), round(north)),
        )
    return PlaceMapping()
