"""The open ledger as others may have it: pseudonyms for everybody, no names, words or addresses."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, islice
from typing import Any

from django.conf import settings

import enquiries.queries.ledger as source
from enquiries.lifecycle import RejectReason
from enquiries.queries import surveys, told
from enquiries.queries.told import TOLD
from kb import queries_interactions
from metrics import queries
from metrics.models import UnitCost

BATCH = 500
# Who entered a cost that a ledger told us, which says itself who had it.
TOLD_BY = "a ledger"

Line = dict[str, object]

# Metres: no point of the national grid stays on it, and none leaves the numbers that we take.
_LEAST_SHIFT, _SHIFTS = 2_500_000, 5_000_000

# Fields that leave as they are: facts of the catalogue and of what happened, never of who.
_OPEN: Mapping[str, frozenset[str]] = {
    "org": frozenset({"id", "role", "calendar"}),
    "service": frozenset(
        {"id", "class", "family", "promise_wd", "owner", "subject", "first_response_wh"}
    ),
    "agreement": frozenset({"service", "to", "accept_wh", "work_wd", "elapsed"}),
    "person": frozenset(),
    "contact": frozenset(
        {"channel", "start", "end", "site", "org", "team", "abandoned", "signals", "recorded"}
    ),
    "item": frozenset({"kind", "avoidable", "evidence", "desk_answer", "recorded"}),
    "correction": frozenset({"linked", "at", "recorded"}),
    "enquiry": frozenset({"service", "owner", "team", "place"}),
    "outbound": frozenset({"channel", "at", "kind", "recorded"}),
    "survey": frozenset({"answer", "channel", "service", "end_point", "at", "recorded"}),
    "merge": frozenset({"at"}),
    "unmerge": frozenset({"at"}),
    "interaction": frozenset({"service", "interaction", "permissible", "enabled"}),
    "unit_cost": frozenset({"org", "channel", "since", "cost", "recorded"}),
    "event": frozenset(
        {"at", "recorded", "event", "org", "outcome", "inside", "by", "mode", "same_sitting"}
        | {"context_carried", "to", "unforeseeable", "date", "stage", "last_question", "owner"}
        | {"waits", "takes_back", "sequence"}
    ),
}  # fmt: skip
# Fields that name somebody or something of ours: they leave under a name that nobody else has.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "person": {"id": "person"},
    "contact": {
        "id": "contact", "person": "person", "address": "address", "thread": "thread",
        "session": "session", "submission": "submission", "leg_of": "contact", "assists": "contact",
    },
    "item": {"id": "item", "contact": "contact", "enquiry": "enquiry", "about": "enquiry"},
    "correction": {"item": "item", "earlier": "enquiry"},
    "enquiry": {"id": "enquiry"},
    "event": {
        "enquiry": "enquiry", "target": "enquiry", "to_contact": "contact", "contact": "contact",
    },
    "outbound": {"address": "address"},
    "survey": {"id": "survey", "enquiry": "enquiry"},
    "merge": {"keep": "person", "drop": "person"},
    "unmerge": {"keep": "person", "drop": "person"},
}  # fmt: skip
# Where words may stand, it matters that there are some; one of our own codes says which. That it
# looks like a code is not enough: an agent may have written one word, like a name.
_WORDS = frozenset({"reason", "next_step"})
_CODES = frozenset({*RejectReason, "insufficient_information", "not_ours"})


@cache
def carried(kind: str) -> frozenset[str]:
    """Every field that a line of this kind may have; nothing else is taken in or given out."""
    more = {"type", "addresses", "recorded", *_WORDS}
    return frozenset({*more, *_OPEN.get(kind, ()), *_NAMES.get(kind, ())})


def pseudonym(kind: str, name: object) -> str:
    """The same name for the same thing in every export, which nobody can turn back."""
    key = str(settings.PRIVACY_HASH_KEY).encode()
    found = hmac.new(key, f"ledger:{kind}:{name}".encode(), hashlib.sha256).hexdigest()
    return f"{kind[0]}{found[:20]}"


def stream(since: datetime | None = None) -> Iterator[str]:
    """Lines of `osr-ledger/1`, all or those of enquiries that something happened to since."""
    for line in source.frame():
        yield _text(opened(line))
    said: set[tuple[object, object]] = set()
    for line in told.all_beside():
        said.add((line["type"], line.get("id")))
        yield _text(opened(line))
    for ids in _enquiries(since):
        yield from _batch(ids, said)
    rest = chain(surveys.ledger_lines(since), _interactions(), _unit_costs())
    for batch in _batches(rest):
        names = _Names(batch)
        yield from (_text(opened(line, names)) for line in batch)


def _enquiries(since: datetime | None) -> Iterator[Sequence[int]]:
    """All there are, those without a verdict too; or those that something was recorded of since."""
    if since is not None:
        ids = queries.recorded_since(since)
        yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
        return
    last = 0
    while ids := source.all_ids(last, BATCH):
        yield ids
        last = ids[-1]


def _batches(lines: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    left = iter(lines)
    while batch := list(islice(left, BATCH)):
        yield batch


def _interactions() -> Iterator[Line]:
    """What of the catalogue may be, and can be, done online (BVPI 157)."""
    said = told.frame("interaction")
    yield from said
    known = {line["service"] for line in said}
    for one in queries_interactions.interactions():
        if one.service in known:
            continue
        yield {
            "type": "interaction",
            "service": one.service,
            "interaction": one.interaction,
            "permissible": one.permissible,
            "enabled": one.enabled,
        }


def _unit_costs() -> Iterator[Line]:
    """What contacts cost whom, from which day on."""
    yield from told.frame("unit_cost")
    rows = UnitCost.objects.exclude(entered_by=TOLD_BY)
    for row in rows.select_related("organisation").order_by("pk"):
        yield {
            "type": "unit_cost",
            "org": row.organisation.slug,
            "channel": row.channel,
            "since": row.since.isoformat(),
            "cost": float(row.pounds),
            "recorded": row.entered_at,
        }


def _batch(ids: Sequence[int], said: set[tuple[object, object]]) -> Iterator[str]:
    found = list(source.ledger(ids))
    names = _Names(found)
    for line in found:
        if line["type"] in ("person", "contact"):
            key = (line["type"], line["id"])
            if key in said:
                continue
            said.add(key)
        elif TOLD in line and line["type"] in ("merge", "unmerge", "outbound"):
            continue  # told once, before
        yield _text(opened(line, names))


class _Names:
    """What things are called outside: as the ledger that they came with calls them, if with one."""

    def __init__(self, lines: Iterable[Mapping[str, Any]] = ()) -> None:
        self._known: dict[tuple[str, str], str] = {}
        wanted: dict[str, set[int]] = {"enquiry": set(), "contact": set(), "item": set()}
        for line in lines:
            for field, kind in _NAMES.get(str(line["type"]), {}).items():
                if kind in wanted and str(line.get(field)).isdigit():
                    wanted[kind].add(int(line[field]))
        if not any(wanted.values()) or not told.is_any():
            return
        for kind, keys in wanted.items():
            self._known |= {(kind, str(k)): name for k, name in told.names(kind, keys).items()}

    def of(self, kind: str, value: object) -> str:
        """The name of a thing of ours."""
        return self._known.get((kind, str(value))) or pseudonym(kind, value)


def opened(line: Mapping[str, Any], known: _Names | None = None) -> Line:
    """A line with nothing in it that must not leave; what a ledger told us is told on as it was."""
    if TOLD in line:
        return dict(line[TOLD])
    known = known or _Names()
    kind = str(line["type"])
    names = _NAMES.get(kind, {})
    free: Line = {"type": kind}
    for key, value in line.items():
        if key in names:
            free[key] = known.of(names[key], value) if value not in (None, "") else None
        elif key in _OPEN.get(kind, frozenset()):
            free[key] = value
        elif key in _WORDS and value:
            free[key] = value if value in _CODES else True
        elif key == "addresses" and isinstance(value, list | tuple):
            free[key] = [pseudonym("address", one) for one in value]
    place = line.get("place")
    if isinstance(place, Mapping):
        free["place"] = _elsewhere(place)
    return free


def _elsewhere(place: Mapping[str, Any]) -> Line:
    """As far from every other place as it is, and nowhere that can be looked up."""
    free = dict(place)
    if "uprn" in place:
        free["uprn"] = pseudonym("uprn", place["uprn"])
    if "e" in place and "n" in place:
        free["e"], free["n"] = moved(place["e"], place["n"])
    return free


def moved(east: float, north: float) -> tuple[float, float]:
    """A point of a map that is mirrored, turned by quarters and shifted by whole metres, as this
    hub's key says: distances stay to the last digit (R15), addresses do not."""
    turn, e, n = _turned(str(settings.PRIVACY_HASH_KEY))
    east, north = (north, east) if turn & 4 else (east, north)
    return e + (-east if turn & 1 else east), n + (-north if turn & 2 else north)


@cache
def _turned(key: str) -> tuple[int, int, int]:
    found = hmac.new(key.encode(), b"ledger:grid", hashlib.sha256).digest()
    shifts = (int.from_bytes(found[at : at + 8], "big") % _SHIFTS for at in (1, 9))
    east, north = (_LEAST_SHIFT + shift for shift in shifts)
    return found[0], east, north


def opened_verdicts(lines: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """Verdicts under the names that their enquiries and contacts have in the exported ledger."""
    for batch in _batches(lines):
        speaks = [{"type": "item", "enquiry": line["enquiry"]} for line in batch]
        speaks += [{"type": "item", "contact": line["first_contact"]} for line in batch]
        speaks += [
            {"type": "item", "contact": link["contact"]} for line in batch for link in line["links"]
        ]
        known = _Names(speaks)
        yield from (_opened_verdict(line, known) for line in batch)


def _opened_verdict(line: Mapping[str, Any], known: _Names) -> Line:
    return {
        **line,
        "enquiry": known.of("enquiry", line["enquiry"]),
        "first_contact": known.of("contact", line["first_contact"]),
        "links": [
            {"contact": known.of("contact", link["contact"]), "tier": link["tier"]}
            for link in line["links"]
        ],
    }


def _text(line: Line) -> str:
    return json.dumps(line, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the ledger")
