"""Reads the stories of the demonstration from reference/demo."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from enquiries.channels import Channel
from enquiries.clocks import LONDON, OFFICE, nth_working_day
from enquiries.inbound import Sender

FOLDER = Path(settings.BASE_DIR) / "reference" / "demo"
_STEP = re.compile(
    r"^(?P<verb>[a-z]+)(?:[:@](?P<to>[a-z-]+))? (?P<count>\d+)(?P<unit>[hd])(?: (?P<words>.+))?$"
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to an enquiry after a while. `to` is a channel or an organisation."""

    verb: str
    to: str
    after: int
    unit: str
    words: str

    def at(self, received_at: datetime) -> datetime:
        """When: hours are hours, days are working days at about the same time of day."""
        if self.unit == "h":
            return received_at + timedelta(hours=self.after)
        there = received_at.astimezone(LONDON)
        day = nth_working_day(there.date(), self.after, OFFICE)
        # Minutes later each day, so that a case page does not look like clockwork.
        same = datetime.combine(day, there.time(), LONDON).astimezone(UTC)
        return same + timedelta(minutes=7 * self.after)


@dataclass(frozen=True, slots=True)
class Ask:
    """One need of a story."""

    service: str | None
    postcode: str
    words: str
    answer: str | None
    then: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One contact and what became of it."""

    key: str
    day: date
    clock: time
    channel: Channel
    sender: Sender
    site: str
    asks: tuple[Ask, ...]

    def received_at(self, now: datetime) -> datetime:
        """When it came in; never later than a few minutes ago."""
        came = datetime.combine(self.day, self.clock, LONDON).astimezone(UTC)
        return min(came, now - timedelta(minutes=5))


def everyone() -> dict[str, Sender]:
    """The made-up people by their keys."""
    with (FOLDER / "people.csv").open(encoding="utf-8") as file:
        return {
            row["key"]: Sender(
                name=row["name"],
                phone=row["phone"],
                email=row["email"],
                postcode=row["postcode"],
            )
            for row in csv.DictReader(file)
        }


def stories(today: date) -> list[Story]:
    """Every story, the oldest first, dated back from today."""
    people = everyone()
    text = (FOLDER / "stories.toml").read_text(encoding="utf-8")
    days = _working_days_before(today, 61)
    return [
        Story(
            key=f"demo-{number}",
            day=days[one["ago"]],
            clock=time.fromisoformat(one["at"]),
            channel=Channel(one["by"]),
            sender=people[one["who"]] if "who" in one else Sender(),
            site=one.get("site", ""),
            asks=tuple(_ask(need) for need in one["needs"]),
        )
        for number, one in enumerate(tomllib.loads(text)["story"], 1)
    ]


def _working_days_before(today: date, count: int) -> list[date]:
    """Working days back from today; the first is today or the last one before it."""
    found: list[date] = []
    day = today
    while len(found) < count:
        if OFFICE.is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found


def _ask(need: dict[str, Any]) -> Ask:
    return Ask(
        service=need.get("about"),
        postcode=need.get("at", ""),
        words=need["says"],
        answer=need.get("answer"),
        then=tuple(_step(text) for text in need.get("then", [])),
    )


def _step(text: str) -> Step:
    found = _STEP.match(text)
    if found is None:
        raise ValueError(f"stories.toml: cannot read the step {text!r}")
    return Step(
        found["verb"], found["to"] or "", int(found["count"]), found["unit"], found["words"] or ""
    )
