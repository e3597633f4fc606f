"""The open ledger as others may have it: pseudonyms for everybody, no names, words or addresses."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

import enquiries.queries.ledger as source
from enquiries.lifecycle import RejectReason
from enquiries.queries import surveys
from metrics import queries

BATCH = 500

Line = dict[str, object]

# Fields that leave as they are: facts of the catalogue and of what happened, never of who.
_OPEN: Mapping[str, frozenset[str]] = {
    "org": frozenset({"id", "role", "calendar"}),
    "service": frozenset(
        {"id", "class", "family", "promise_wd", "owner", "subject", "first_response_wh"}
    ),
    "person": frozenset(),
    "contact": frozenset({"channel", "start", "end", "site", "abandoned", "signals", "recorded"}),
    "item": frozenset({"kind", "avoidable", "evidence", "desk_answer", "recorded"}),
    "correction": frozenset({"linked", "at", "recorded"}),
    "enquiry": frozenset({"service", "owner", "place"}),
    "outbound": frozenset({"channel", "at", "kind", "recorded"}),
    "survey": frozenset({"answer", "channel", "service", "end_point", "at", "recorded"}),
    "merge": frozenset({"at"}),
    "unmerge": frozenset({"at"}),
    "event": frozenset(
        {"at", "recorded", "event", "org", "outcome", "inside", "by", "mode", "same_sitting"}
        | {"context_carried", "to", "unforeseeable", "date", "stage", "last_question", "owner"}
        | {"waits", "takes_back"}
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


def pseudonym(kind: str, name: object) -> str:
    """The same name for the same thing in every export, which nobody can turn back."""
    key = str(settings.PRIVACY_HASH_KEY).encode()
    found = hmac.new(key, f"ledger:{kind}:{name}".encode(), hashlib.sha256).hexdigest()
    return f"{kind[0]}{found[:20]}"


def stream(since: datetime | None = None) -> Iterator[str]:
    """Lines of `osr-ledger/1`, all or those of enquiries that something happened to since."""
    for line in (*source.organisations(), *source.services()):
        yield _text(opened(line))
    said: set[tuple[object, object]] = set()
    ids = queries.recorded_since(since)
    for start in range(0, len(ids), BATCH):
        yield from _batch(ids[start : start + BATCH], said)
    for line in surveys.ledger_lines(since):
        yield _text(opened(line))


def _batch(ids: Sequence[int], said: set[tuple[object, object]]) -> Iterator[str]:
    for line in source.ledger(ids):
        if line["type"] in ("person", "contact"):
            key = (line["type"], line["id"])
            if key in said:
                continue
            said.add(key)
        yield _text(opened(line))


def opened(line: Mapping[str, object]) -> Line:
    """A line with nothing in it that must not leave."""
    kind = str(line["type"])
    names = _NAMES.get(kind, {})
    free: Line = {"type": kind}
    for key, value in line.items():
        if key in names:
            free[key] = pseudonym(names[key], value) if value not in (None, "") else None
        elif key in _OPEN.get(kind, frozenset()):
            free[key] = value
        elif key in _WORDS and value:
            free[key] = value if value in _CODES else True
        elif key == "addresses" and isinstance(value, list | tuple):
            free[key] = [pseudonym("address", one) for one in value]
    place = line.get("place")
    if isinstance(place, Mapping) and "uprn" in place:
        free["place"] = {**place, "uprn": pseudonym("uprn", place["uprn"])}
    return free


def opened_verdict(line: Mapping[str, Any]) -> Line:
    """A verdict under the names that its enquiry and contacts have in the exported ledger."""
    return {
        **line,
        "enquiry": pseudonym("enquiry", line["enquiry"]),
        "first_contact": pseudonym("contact", line["first_contact"]),
        "links": [
            {"contact": pseudonym("contact", link["contact"]), "tier": link["tier"]}
            for link in line["links"]
        ],
    }


def _text(line: Line) -> str:
    return json.dumps(line, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the ledger")
