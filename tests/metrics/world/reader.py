"""Reads the stories of this folder into ledger lines, and what each expects of its enquiries.

The words that a story may use are told in README.md; anything else is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
YEAR = 2026
LATER = "1 Jan 2028 12:00"
CHANNELS = frozenset({"phone", "counter", "web", "kiosk", "sms", "email"})

Line = dict[str, Any]
Row = dict[str, str]

_TIME = re.compile(
    r"(?:(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(?P<date>\d+ \w{3})(?: (?P<year>\d{4}))?"
    r"(?: (?P<clock>[\d:.]+)(?P<second> again)?)?"
)
_ITEM = re.compile(
    r"(?P<kind>\w+) (?P<enquiry>\w+)(?: about (?P<about>\w+))?(?: \((?P<evidence>[\w, ]+)\))?"
    r"(?:, desk (?P<desk>yes|no))?(?: because (?P<avoidable>\w+))?"
)


@dataclass(slots=True)
class Story:
    """One case: what happened, and what it comes to."""

    title: str
    proves: frozenset[str]
    seen_on: datetime
    lines: list[Line] = field(default_factory=list)
    expected: dict[str, Row] = field(default_factory=dict)


def frame() -> list[Line]:
    """The bodies, services, agreements and people of every story."""
    tables = _tables((HERE / "README.md").read_text(encoding="utf-8"))
    rows = [row for table in tables for row in table]
    return [line for row in rows for line in _standing(row)]


def stories() -> list[Story]:
    """Every story of the folder, in order."""
    found = []
    for path in sorted(HERE.glob("[0-9]*.md")):
        _, *parts = path.read_text(encoding="utf-8").split("\n### ")
        found += [_story(part) for part in parts]
    return found


def elsewhere() -> dict[str, Row]:
    """Readings that no story can show, with the reason and the test that proves each."""
    (table,) = _tables((HERE / "elsewhere.md").read_text(encoding="utf-8"))
    return {row["Reading"]: row for row in table}


def moment(text: str) -> datetime:
    """A London clock time, e.g. "Mon 2 Mar 10:00"; the day of the week has to be right."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time")
    clock = found["clock"] or "00:00"
    shape = "%d %b %Y %H:%M:%S" if clock.count(":") == 2 else "%d %b %Y %H:%M"
    told = f"{found['date']} {found['year'] or YEAR} {clock}"
    read = datetime.strptime(told, shape).replace(tzinfo=LONDON, fold=1 if found["second"] else 0)
    if found["day"] and read.strftime("%a") != found["day"]:
        raise ValueError(f"{text!r} is a {read:%A}")
    return read


def _iso(text: str) -> str:
    return moment(text).isoformat()


def _tables(text: str) -> list[list[Row]]:
    tables: list[list[Row]] = []
    head: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = cells
            tables.append([])
        elif not set(line) <= set("|-: "):
            tables[-1].append(dict(zip(head, cells, strict=True)))
    return tables


def _standing(row: Row) -> list[Line]:
    if "Body" in row:
        week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        days, _, hours = row["Open"].partition(" ")
        first, _, last = days.lower().partition("–")
        spans = [hours.split("–")]
        open_on = week[week.index(first) : week.index(last) + 1]
        calendar = dict.fromkeys(open_on, spans)
        role = "front_door" if row["Role"] == "front door" else "partner"
        return [{"type": "org", "id": row["Body"], "role": role, "calendar": calendar}]
    if "Class" in row:
        return [{
            "type": "service", "id": row["Service"], "class": row["Class"],
            "family": row["Family"], "owner": row["Owner"], "subject": row["Subject"],
            "promise_wd": int(row["Promise"]) if row["Promise"] else None,
        }]  # fmt: skip
    if "To accept" in row:
        return [{
            "type": "agreement", "service": row["Service"], "to": row["With"],
            "accept_wh": int(row["To accept"]), "work_wd": int(row["To do it"]),
        }]  # fmt: skip
    if "Person" in row:
        numbers = row["Numbers"].split(", ")
        return [{"type": "person", "id": row["Person"], "addresses": numbers}]
    return []


def _story(text: str) -> Story:
    title, *rest = text.splitlines()
    said = [line for line in rest if line.strip()]
    seen = next((line for line in said if line.startswith("Seen on ")), f"Seen on {LATER}.")
    story = Story(
        title=title.strip(),
        proves=frozenset(one.strip() for one in said[0].split(",")),
        seen_on=moment(seen.removeprefix("Seen on ").rstrip(".")),
    )
    for table in _tables(text):
        for row in table:
            if "When" in row:
                story.lines += _happened(row)
            else:
                story.expected[row["Enquiry"]] = row
    return story


def _happened(row: Row) -> list[Line]:
    what, *more = row["What"].split(", ")
    head, _, name = what.partition(" ")
    if head == "need":
        return [_need(row)]
    if head in CHANNELS:
        return _contact(row, head, name, more)
    when, _, learned = row["When"].partition(" (learned ")
    at: Line = {"at": _iso(when)}
    if learned:
        at["recorded"] = _iso(learned.rstrip(")"))
    if head in ("merge", "unmerge"):
        keep, drop = row["Who"].split(" and ")
        return [{"type": head, "keep": keep, "drop": drop} | at]
    if what in ("agent links", "agent unlinks"):
        enquiry, contact, earlier = re.fullmatch(r"(\w+) in (\w+), to (\w+)", row["About"]).groups()  # type: ignore[union-attr]
        said = {"item": f"{contact}:{enquiry}", "earlier": earlier}
        return [{"type": "correction", "linked": what == "agent links"} | said | at]
    if what == "our text":
        return [{"type": "outbound", "channel": "sms", "address": row["Who"], "kind": "x"} | at]
    line: Line = {"type": "event", "event": head, "enquiry": row["About"]} | at
    return [line | ({"org": row["Who"]} if row["Who"] else {}) | dict(_field(one) for one in more)]


def _field(text: str) -> tuple[str, object]:
    key, _, value = text.partition(" ")
    if key == "date":
        return key, moment(value).date().isoformat()
    return key, {"": True, "no": False}.get(value, value)


_PLACES: dict[str, Line] = {}


def _place(name: str) -> Line:
    if not _PLACES:
        for table in _tables((HERE / "README.md").read_text(encoding="utf-8")):
            for row in table:
                if "Place" in row:
                    point = {"e": int(row["East"]), "n": int(row["North"])} if row["East"] else {}
                    number = {"uprn": row["Number"]} if row["Number"] else {}
                    _PLACES[row["Place"]] = number | point
    return _PLACES[name]


def _need(row: Row) -> Line:
    enquiry, _, place = row["About"].partition(" at ")
    service = None if row["Who"] == "not known" else row["Who"]
    where = _place(place) if place else None
    return {"type": "enquiry", "id": enquiry, "service": service, "place": where}


_WORDS = {
    "at": "site", "thread": "thread", "session": "session", "digest": "submission",
    "leg of": "leg_of", "helps": "assists",
}  # fmt: skip


def _contact(row: Row, channel: str, name: str, more: list[str]) -> list[Line]:
    when, _, learned = row["When"].partition(" (learned ")
    start, _, end = when.partition("–")
    day = start.rpartition(" ")[0]
    who, _, number = row["Who"].partition(" from ")
    line: Line = {
        "type": "contact", "id": name, "channel": channel, "start": _iso(start),
        "person": None if who == "nobody" else who, "address": number,
        "end": _iso(end if " " in end else f"{day} {end}") if end else None,
    }  # fmt: skip
    if channel == "sms" and not end:
        line["end"] = line["start"]
    if learned:
        line["recorded"] = _iso(learned.rstrip(")"))
    for said in more:
        if said == "abandoned":
            line["abandoned"] = True
        elif said.startswith("shows "):
            line["signals"] = said.removeprefix("shows ").split(" + ")
        else:
            word = next(word for word in _WORDS if said.startswith(f"{word} "))
            line[_WORDS[word]] = said.removeprefix(f"{word} ")
    return [line, *(_item(name, said, line) for said in row["About"].split("; ") if said)]


def _item(contact: str, said: str, line: Line) -> Line:
    found = _ITEM.fullmatch(said)
    if found is None:
        raise ValueError(f"{said!r} is nothing that a contact can say")
    item: Line = {
        "type": "item", "id": f"{contact}:{found['enquiry']}", "contact": contact,
        "enquiry": found["enquiry"], "kind": found["kind"], "about": found["about"],
        "avoidable": found["avoidable"], "desk_answer": found["desk"],
        "evidence": found["evidence"].split(", ") if found["evidence"] else [],
    }  # fmt: skip
    return item | ({"recorded": line["recorded"]} if "recorded" in line else {})
