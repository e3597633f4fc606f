"""Reads another system's rows by a mapping: columns, words, dates and zone into ours. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from enquiries.channels import Channel
from enquiries.inbound import Place, Sender
from enquiries.lifecycle import Outcome

METRES_PER_DEGREE = 111_320.0
# What a receipt has room for: the source, a colon and the id.
LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Ending:
    """How an enquiry with a status of theirs ended; no outcome means that it is still open."""

    outcome: Outcome | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One column whose words are turned into ours; `default` is for an empty cell."""

    column: str
    values: Mapping[str, str]
    default: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMapping:
    """What is kept of a place: `none`, `postcode` (and address), or `moved` (distances only)."""

    keep: str = "none"
    postcode: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    moved_from: tuple[float, float] = (0.0, 0.0)
    moved_to: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How one system's table is read."""

    source: str
    name: str
    zone: ZoneInfo
    date_formats: tuple[str, ...]
    description: str
    id: str
    received: str
    ended: str
    service: Words
    channel: Words
    owner: Words
    status_column: str
    endings: Mapping[str, Ending]
    midnight_is_a_day: bool = False
    place: PlaceMapping = field(default_factory=PlaceMapping)
    person: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of theirs, in our words and with its own times in UTC."""

    source_id: str
    channel: Channel
    received_at: datetime
    description: str
    service: str | None
    place: Place | None
    grid: tuple[int, int] | None
    sender: Sender
    owner: str
    ended_at: datetime | None
    ending: Ending


class CannotRead(ValueError):
    """A row that is not taken; the message says why, and what would help."""


def read(mapping: ImportMapping, cells: Mapping[str, str], *, now: datetime) -> Record:
    """A row as a record. Raises CannotRead with everything that is wrong with it."""
    wrong: list[str] = []
    source_id = cells.get(mapping.id, "").strip()
    if not source_id:
        wrong.append(f"{mapping.id} is empty, so a second run could not know it again")
    if len(mapping.source) + len(source_id) >= LONGEST_ID:
        wrong.append(
            f"{mapping.id} is longer than {LONGEST_ID - len(mapping.source) - 1} characters"
        )
    received_at = _moment(mapping, mapping.received, cells, wrong)
    ending = _ending(mapping, cells, wrong)
    ended_at = _ended(mapping, cells, received_at, ending, wrong)
    service = _word(mapping.service, cells, wrong, "service")
    channel = _word(mapping.channel, cells, wrong, "channel")
    owner = _word(mapping.owner, cells, wrong, "owner")
    try:
        description = mapping.description.format_map(cells)
    except (KeyError, IndexError, ValueError) as error:
        description = ""
        wrong.append(f"description cannot be made: there is no column {error}")
    if received_at is not None:
        wrong += _order(received_at, ended_at, now)
    grid = _moved(mapping.place, cells, wrong)
    if wrong or received_at is None:
        raise CannotRead("; ".join(wrong))
    return Record(
        source_id=source_id,
        channel=Channel(channel),
        received_at=received_at,
        description=description,
        service=service or None,
        place=_place(mapping.place, cells),
        grid=grid,
        sender=Sender(
            **{key: cells.get(column, "").strip() for key, column in mapping.person.items()}
        ),
        owner=owner,
        ended_at=ended_at,
        ending=ending,
    )


def _word(words: Words, cells: Mapping[str, str], wrong: list[str], what: str) -> str:
    if not words.column:
        return words.default
    value = cells.get(words.column, "").strip()
    if not value and "" not in words.values:
        return words.default
    if value not in words.values:
        wrong.append(
            f'{words.column} "{value}" has no {what} in the mapping: add it to [{what}.values]'
        )
        return words.default
    return words.values[value]


def _ending(mapping: ImportMapping, cells: Mapping[str, str], wrong: list[str]) -> Ending:
    status = cells.get(mapping.status_column, "").strip()
    if status in mapping.endings:
        return mapping.endings[status]
    wrong.append(
        f'{mapping.status_column} "{status}" is not in the mapping: add [status.values."{status}"]'
    )
    return Ending()


def _moment(
    mapping: ImportMapping, column: str, cells: Mapping[str, str], wrong: list[str]
) -> datetime | None:
    text = cells.get(column, "").strip()
    for shape in mapping.date_formats:
        try:
            if "%z" in shape:
                return datetime.strptime(text, shape).astimezone(UTC)
            return datetime.strptime(text, shape).replace(tzinfo=mapping.zone).astimezone(UTC)
        except ValueError:
            continue
    wrong.append(f'{column} "{text}" is not a date like {" or ".join(mapping.date_formats)}')
    return None


def _ended(
    mapping: ImportMapping,
    cells: Mapping[str, str],
    received_at: datetime | None,
    ending: Ending,
    wrong: list[str],
) -> datetime | None:
    if ending.outcome is None:
        return None
    ended_at = _moment(mapping, mapping.ended, cells, wrong)
    if ended_at is None or received_at is None or not mapping.midnight_is_a_day:
        return ended_at
    there = ended_at.astimezone(mapping.zone)
    if there.time() == time.min and ended_at < received_at:
        return (there + timedelta(days=1, seconds=-1)).astimezone(UTC)
    return ended_at


def _order(received_at: datetime, ended_at: datetime | None, now: datetime) -> Iterator[str]:
    if received_at > now:
        yield "it was received in the future: check the zone and the date format"
    elif ended_at is not None and ended_at > now:
        yield "it ended in the future: check the zone and the date format"
    if ended_at is not None and ended_at < received_at:
        yield "it ended before it was received"


def _place(place: PlaceMapping, cells: Mapping[str, str]) -> Place | None:
    if place.keep != "postcode":
        return None
    given = Place(
        postcode=cells.get(place.postcode, "").strip(), address=cells.get(place.address, "").strip()
    )
    return given if given.postcode or given.address else None


def _moved(
    place: PlaceMapping, cells: Mapping[str, str], wrong: list[str]
) -> tuple[int, int] | None:
    """Metres on our grid: distances as they were, the place itself gone."""
    texts = [cells.get(column, "").strip() for column in (place.latitude, place.longitude)]
    if place.keep != "moved" or not all(texts):
        return None
    try:
        latitude, longitude = float(texts[0]), float(texts[1])
    except ValueError:
        wrong.append(f"{place.latitude} and {place.longitude} are not degrees: {', '.join(texts)}")
        return None
    shrink = math.cos(math.radians(place.moved_from[0]))
    east = (longitude - place.moved_from[1]) * METRES_PER_DEGREE * shrink
    north = (latitude - place.moved_from[0]) * METRES_PER_DEGREE
    return place.moved_to[0] + round(east), place.moved_to[1] + round(north)
