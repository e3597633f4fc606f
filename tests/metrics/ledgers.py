"""Mini-ledgers written as a story: times are London clock times, everything else has a default."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ORGS = (
    {"type": "org", "id": "hub", "role": "front_door", "calendar": OFFICE},
    {"type": "org", "id": "wychavon", "role": "partner", "calendar": OFFICE},
    {"type": "org", "id": "police", "role": "partner", "calendar": OFFICE},
)


def _service(
    name: str, klass: str, promise: int | None, subject: str, owner: str
) -> dict[str, Any]:
    return {
        "type": "service", "id": name, "class": klass, "family": name.split("-")[0],
        "promise_wd": promise, "owner": owner, "subject": subject,
    }  # fmt: skip


SERVICES = (
    _service("tax-question", "INFORM", None, "person", "hub"),
    _service("permit", "TRANSACT", None, "person", "hub"),
    _service("bin-missed", "REQUEST", 2, "place", "wychavon"),
    _service("pothole", "REQUEST", 20, "place", "wychavon"),
    _service("trees", "REQUEST", 80, "place", "wychavon"),
    _service("homeless", "STAGED", None, "person", "wychavon"),
)
HERE = {"uprn": "100", "e": 390000, "n": 240000}
NEAR = {"e": 390030, "n": 240040}  # exactly 50 m away
POSTCODE = {"e": 390000, "n": 240000, "approx": True}
FAR = {"e": 390031, "n": 240040}


def at(text: str, fold: int = 0) -> datetime:
    """A London clock time, e.g. "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


class Book:
    """Collects ledger lines in the order of the story."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = [*ORGS, *SERVICES]
        self._items = 0

    def contact(self, name: str, when: str, **more: Any) -> Book:
        """A sitting of five minutes; `minutes`, `channel`, `person`, … change that."""
        start = at(when, more.pop("fold", 0))
        minutes = more.pop("minutes", 5)
        line = {
            "type": "contact", "id": name, "channel": "phone", "start": start.isoformat(),
            "end": None if minutes is None
            else (start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)).isoformat(),
            "person": "ann", "address": "hash-ann",
        }  # fmt: skip
        self.lines.append(line | more)
        return self

    def item(self, contact: str, enquiry: str, kind: str, **more: Any) -> Book:
        """What the contact said about an enquiry."""
        self._items += 1
        line = {"type": "item", "id": f"i{self._items}", "contact": contact, "enquiry": enquiry}
        self.lines.append(line | {"kind": kind} | more)
        return self

    def ask(self, enquiry: str, service: str | None, when: str, **more: Any) -> Book:
        """A contact that opens an enquiry, which is received when the contact ends."""
        place = more.pop("place", None)
        item = {key: more.pop(key) for key in ("evidence", "about", "avoidable") if key in more}
        self.contact(f"c-{enquiry}", when, **more)
        end = self.lines[-1]["end"] or self.lines[-1]["start"]
        self.item(f"c-{enquiry}", enquiry, "new", **item)
        self.lines.append({"type": "enquiry", "id": enquiry, "service": service, "place": place})
        self.lines.append({"type": "event", "enquiry": enquiry, "at": end, "event": "received"})
        return self

    def back(self, enquiry: str, kind: str, when: str, **more: Any) -> Book:
        """A later contact about an enquiry."""
        item = {key: more.pop(key) for key in ("avoidable",) if key in more}
        name = f"c-{kind}-{len(self.lines)}"
        return self.contact(name, when, **more).item(name, enquiry, kind, **item)

    def event(self, enquiry: str, name: str, when: str, **more: Any) -> Book:
        """One line of the enquiry's ledger."""
        line = {"type": "event", "enquiry": enquiry, "at": at(when).isoformat(), "event": name}
        self.lines.append(line | more)
        return self

    def refer(self, enquiry: str, when: str, to: str = "wychavon") -> Book:
        """Offered to a partner and accepted at once."""
        self.event(enquiry, "referred", when, org="hub", to=to)
        return self.event(enquiry, "accepted", when, org=to)

    def correct(self, item: str, earlier: str, linked: bool, when: str) -> Book:
        """Somebody corrects a link."""
        self.lines.append({"type": "correction", "item": item, "earlier": earlier,
                           "linked": linked, "at": at(when).isoformat()})  # fmt: skip
        return self

    def line(self, kind: str, **more: Any) -> Book:
        """Any other line."""
        self.lines.append({"type": kind} | more)
        return self
