"""A line that cannot be taken says why, in words; nothing of a file makes us stumble."""

from __future__ import annotations

import json
from typing import Any

import pytest

from metrics import exports, imports
from metrics.facts import Place

GOOD: dict[str, dict[str, Any]] = {
    "org": {"type": "org", "id": "hub", "role": "front_door", "calendar": {}},
    "service": {"type": "service", "id": "bins", "class": "REQUEST", "promise_wd": 2},
    "contact": {"type": "contact", "id": 7, "channel": "phone", "start": "2026-03-02T10:00:00Z"},
    "item": {"type": "item", "id": "i", "contact": "c", "enquiry": "a", "kind": "new"},
    "enquiry": {"type": "enquiry", "id": "a", "place": {"e": 390000.5, "n": 240000}},
    "event": {"type": "event", "enquiry": "a", "at": "2026-03-02T10:00:00Z", "event": "test"},
    "agreement": {"type": "agreement", "service": "bins", "to": "hub", "accept_wh": 4},
    "correction": {
        "type": "correction",
        "item": "i",
        "earlier": "a",
        "linked": False,
        "at": "2026-03-02T10:00:00Z",
    },
    "unit_cost": {"type": "unit_cost", "org": "hub", "channel": "web", "cost": 0.3},
}
OFFSET = "has no offset, such as +00:00"
WRONG = [
    ("org", {"calendar": {"mon": [["nine", "five"]]}}, "calendar is not written as"),
    ("org", {"id": "x" * 51}, "id is longer than 50 characters"),
    ("service", {"class": "SLOW"}, 'class "SLOW" is none of INFORM, REQUEST, STAGED, TRANSACT'),
    ("service", {"promise_wd": "2"}, "promise_wd is no number of working days"),
    ("contact", {"start": "2026-03-02T10:00:00"}, f"start: 2026-03-02T10:00:00 {OFFSET}"),
    ("contact", {"start": "Monday"}, "start: Monday is no time like 2026-03-02T10:00:00+00:00"),
    ("contact", {"start": "9999-03-02T10:00:00Z"}, "start: 9999-03-02T10:00:00Z lies before 1980"),
    ("contact", {"end": "2026-03-02T09:59:59Z"}, "it ends before it starts"),
    ("contact", {"channel": "pigeon"}, 'channel "pigeon" is none of api, counter, email'),
    ("contact", {"channel": ["web"]}, "channel \"['web']\" is none of api"),
    ("contact", {"person": ["Ann"]}, "person is not a name"),
    ("contact", {"signals": "looked"}, "signals is not a list of words"),
    ("contact", {"signals": [7]}, "signals is not a list of words"),
    ("contact", {"abandoned": "false"}, "abandoned is neither true nor false"),
    ("contact", {"org": "x" * 51}, "org is longer than 50 characters"),
    ("contact", {"team": "x" * 81}, "team is longer than 80 characters"),
    ("org", {"calendar": {"mon": [["17:00", "09:00"]]}}, "calendar closes before it opens"),
    ("org", {"calendar": {"Monday": [["09:00", "17:00"]]}}, "calendar has no Monday"),
    ("service", {"promise_wd": 501}, "promise_wd is no number of working days from 0 to 500"),
    ("agreement", {"accept_wh": -5}, "accept_wh is no number of working hours from 0 to 1000"),
    ("agreement", {"work_wd": 10**9}, "work_wd is no number of working days from 0 to 500"),
    ("agreement", {"elapsed": "no"}, "elapsed is neither true nor false"),
    ("correction", {"linked": "false"}, "linked is neither true nor false"),
    ("event", {"event": "fullfilled"}, 'there is no event "fullfilled"'),
    ("event", {"event": "resolved", "outcome": {"a": 1}}, "outcome \"{'a': 1}\" is none of"),
    ("event", {"event": "transferred", "mode": ["warm"]}, "mode \"['warm']\" is none of"),
    ("event", {"owner": "x" * 65}, "owner is longer than 64 characters"),
    ("event", {"org": "x" * 51}, "org is longer than 50 characters"),
    ("event", {"sequence": "first"}, "it cannot be read: event"),
    ("enquiry", {"place": {"uprn": "f" * 101}}, "place has a uprn that is no name of at most 100"),
    ("enquiry", {"place": {"uprn": 7, "approx": "no"}}, "approx is neither true nor false"),
    ("enquiry", {"place": {"e": 2147483647.6, "n": 0}}, "place needs e and n, both in metres"),
    ("item", {"desk_answer": "maybe"}, 'desk_answer "maybe" is none of no, yes'),
    ("unit_cost", {"cost": 999999.996}, "cost is no number of pounds"),
    ("item", {"contact": None, "kind": "rant"}, 'contact is missing; kind "rant" is none of'),
    ("enquiry", {"place": "here"}, "place is neither null nor"),
    ("enquiry", {"place": {"e": 1}}, "place needs e and n, both in metres"),
    ("event", {"event": "enquiry.promise_set"}, "date: None is no day like 2026-03-02"),
    ("event", {"type": ""}, "it has no type"),
    ("agreement", {"accept_wh": "soon"}, "accept_wh is no number of working hours"),
    ("unit_cost", {"cost": -1}, "cost is no number of pounds"),
]


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_line_is_taken_with_the_fields_that_a_ledger_may_carry(kind: str) -> None:
    said = imports.read(3, json.dumps(GOOD[kind] | {"telephone": "07700 900123"}))

    assert (said.number, said.kind, said.why, said.line) == (3, kind, "", GOOD[kind])
    assert said.name == str(GOOD[kind].get("id", ""))


@pytest.mark.parametrize(("kind", "change", "why"), WRONG)
def test_a_line_that_is_wrong_says_what_is_wrong(
    kind: str, change: dict[str, Any], why: str
) -> None:
    said = imports.read(3, json.dumps(GOOD[kind] | change))

    assert said.line is None
    assert said.why.startswith(why)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        "\udcff",
        '{"type": "org", "id": NaN}',
        "[" * 10_000,
        '{"type": "org", "id": "\\ud800"}',
    ],
)
def test_what_is_no_object_in_utf_8_is_refused(text: str) -> None:
    assert imports.read(1, text).why == "it is not one JSON object in UTF-8"


def test_of_what_a_broken_line_speaks_is_known_all_the_same() -> None:
    said = imports.read(1, '{"type": "item", "contact": "c7", "enquiry" : "a1", "kind": ')

    assert (said.contact, said.enquiry) == ("c7", "a1")
    assert imports.read(1, '{"enquiry": "a\\u0000"}').why.startswith("it has a character")


def test_points_leave_as_far_apart_as_they_are_and_nowhere_on_the_national_grid() -> None:
    places = [(390000, 240000), (390030, 240040), (390031, 240040), (0, 0), (700000, 1300000)]
    line = {"type": "enquiry", "id": "1"}
    left = [_left(line | {"place": {"e": e, "n": n}}) for e, n in places]

    assert _left(line | {"place": {"e": 1, "n": 2, "approx": True}})["approx"]
    for (e, n), there in zip(places, left, strict=True):
        assert there["e"] > 700_000
        assert imports.read(1, json.dumps(line | {"place": there})).why == ""
        for (other_e, other_n), other in zip(places, left, strict=True):
            close = Place(e=e, n=n).agrees(Place(e=other_e, n=other_n))
            assert Place(**there).agrees(Place(**other)) is close


def _left(line: dict[str, Any]) -> dict[str, Any]:
    place = exports.opened(line)["place"]
    assert isinstance(place, dict)
    return place
