"""Laws that hold for any story: order of arrival, merging and unmerging, what has nothing to do
with it, and that what shares no tie can be judged apart (which folding step by step rests on).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics import one_stop, reading, ties
from tests.metrics.ledgers import FAR, HERE, NEAR, ORGS, SERVICES

Line = dict[str, Any]
START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/London"))
JUDGED = START + timedelta(days=90)
FRAME = [
    *ORGS, *SERVICES,
    {"type": "service", "id": "bin-new", "class": "TRANSACT", "family": "bin", "owner": "hub"},
    {"type": "agreement", "service": "pothole", "to": "wychavon", "accept_wh": 8, "work_wd": 3},
]  # fmt: skip
PEOPLE = (None, "ann", "bob", "cat")
HASHES = ("", "h1", "h2", "h3")
CHANNELS = ("phone", "counter", "web", "kiosk", "sms", "email")
KNOWN: list[Line] = [
    {"type": "person", "id": "ann", "addresses": ["h1", "h2"]},
    {"type": "person", "id": "bob", "addresses": ["h3"]},
]
NEEDS = ("tax-question", "bin-missed", "bin-new", "pothole", "noise", "homeless")
PLACES = (None, HERE, NEAR, FAR)
SIGNALS = ("", "submitted", "answer_entered", "article_yes", "article_no", "help_pressed")
EVENTS: tuple[Line, ...] = (
    {"event": "answered", "org": "hub"}, {"event": "fulfilled", "org": "wychavon"},
    {"event": "referred", "org": "hub", "to": "wychavon"}, {"event": "accepted", "org": "wychavon"},
    {"event": "returned", "org": "wychavon"}, {"event": "info_requested", "org": "hub"},
    {"event": "info_received"}, {"event": "reopened", "org": "hub"}, {"event": "closed"},
    {"event": "abandoned", "stage": "online"}, {"event": "replied", "org": "hub"},
    {"event": "transferred", "mode": "cold", "org": "hub"}, {"event": "spam"},
    {"event": "promise_set", "date": "2026-03-20"},
)  # fmt: skip
KINDS = ("chase", "repeat", "new_information", "new")
few = st.integers(0, 5)
steps = st.lists(st.tuples(st.integers(1, 60), few, few, few, few, few, few), max_size=14)


def story(told: list[tuple[int, ...]], *, at_once: bool = False) -> list[Line]:
    """Some contacts, needs and events, each at a moment of its own, or many at one moment."""
    lines: list[Line] = list(KNOWN)
    now, needs = START, 0
    for number, (hours, what, who, how, service, place, more) in enumerate(told):
        now += timedelta(hours=hours // 40) if at_once else timedelta(hours=hours, seconds=1)
        if what <= 3 or not needs:
            is_new = what <= 2 or not needs
            needs += is_new
            about = f"e{needs if is_new else 1 + (place + more) % needs}"
            lines += _contact(number, now, who, how, more)
            lines.append(_item(number, about, is_new, service, more, needs))
            if is_new:
                need = {"service": NEEDS[service], "place": PLACES[place % 4]}
                lines.append({"type": "enquiry", "id": about} | need)
        elif what == 4 or more > 3:
            line = EVENTS[(service * 6 + place) % len(EVENTS)]
            when = {"enquiry": f"e{1 + who % needs}", "at": now.isoformat()}
            lines.append({"type": "event"} | when | line)
        else:
            items = [line["id"] for line in lines if line["type"] == "item"]
            said = {"item": items[who % len(items)], "earlier": f"e{1 + how % needs}"}
            lines.append(
                {"type": "correction", "linked": more % 2 == 0, "at": now.isoformat()} | said
            )
    return lines


def _contact(number: int, now: datetime, who: int, how: int, more: int) -> list[Line]:
    channel = CHANNELS[how]
    alone = channel in ("web", "kiosk")
    return [{
        "type": "contact", "id": f"c{number}", "channel": channel, "start": now.isoformat(),
        "end": None if channel == "email" else (now + timedelta(minutes=5)).isoformat(),
        "person": PEOPLE[who % 4], "address": HASHES[(who + more) % 4],
        "thread": f"t{who}" if channel in ("sms", "email") else "",
        "session": f"s{more}" if alone else "", "submission": f"d{more}" if alone else "",
        "abandoned": channel == "phone" and more == 0,
        "signals": [SIGNALS[more]] if alone and more else [],
    }]  # fmt: skip


def _item(number: int, about: str, is_new: bool, service: int, more: int, needs: int) -> Line:
    item: Line = {"type": "item", "id": f"i{number}", "contact": f"c{number}", "enquiry": about}
    if not is_new:
        return item | {"kind": KINDS[service % 4]}
    named = {"about": f"e{1 + more % needs}", "evidence": ["reference_quoted"]}
    asked = {"desk_answer": ("yes", "no", "", "", "", "")[more]}
    return item | {"kind": "new"} | asked | (named if more == 5 else {})


def verdicts(lines: Iterable[Line], at: datetime = JUDGED) -> dict[str, Line]:
    found = one_stop.judge(reading.read([*FRAME, *lines]), at)
    return {one.enquiry: one_stop.line(one) | {"n": one.recontacts} for one in found}


quick = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(steps, st.integers(0, 999), st.booleans())
def test_the_order_in_which_lines_arrive_does_not_matter(
    told: list[tuple[int, ...]], seed: int, at_once: bool
) -> None:
    lines = story(told, at_once=at_once)
    shuffled = list(lines)
    Random(seed).shuffle(shuffled)

    assert verdicts(shuffled) == verdicts(lines)


def _people(kind: str, pair: tuple[str, str], day: int) -> Line:
    at = (START + timedelta(days=day, hours=1)).isoformat()
    return {"type": kind, "keep": pair[0], "drop": pair[1], "at": at}


PAIRS = [(keep, drop) for keep in PEOPLE for drop in PEOPLE if keep and drop and keep != drop]


@quick
@given(steps, st.lists(st.sampled_from(PAIRS), max_size=3, unique_by=frozenset),
       st.sampled_from(PAIRS), st.integers(0, 4))  # fmt: skip
def test_merging_and_unmerging_people_restores_every_verdict(
    told: list[tuple[int, ...]], others: list[tuple[str, str]], pair: tuple[str, str], day: int
) -> None:
    lines = story(told)
    lines += [
        _people("merge", one, 2 * number + 1)
        for number, one in enumerate(others)
        if set(one) != set(pair)
    ]

    undone = [_people("merge", pair, 2 * day), _people("unmerge", pair, 80)]
    assert verdicts([*lines, *undone]) == verdicts(lines)
    assert verdicts([*reversed(lines), *undone, _people("merge", pair[::-1], 81)]) == verdicts(
        [*lines, _people("merge", pair, 81)]
    )


@quick
@given(steps, few, few, few)
def test_an_enquiry_that_has_nothing_to_do_with_it_changes_nothing(
    told: list[tuple[int, ...]], hours: int, how: int, service: int
) -> None:
    lines = story(told)
    now = START + timedelta(hours=30 * hours, minutes=7)
    (contact,) = _contact(99, now, 0, how, 1)
    own = {"person": "zoe", "address": "h9", "thread": "t9", "session": "s9", "submission": "d9"}
    item = {"type": "item", "id": "i99", "contact": "c99", "enquiry": "z", "kind": "new"}
    place = {"uprn": "9", "e": 1, "n": 1}
    need = {"type": "enquiry", "id": "z", "service": NEEDS[service], "place": place}

    found = verdicts([*lines, contact | own, item, need])

    assert found.pop("z")["links"] == []
    assert found == verdicts(lines)


@quick
@given(steps)
def test_what_shares_no_tie_can_be_judged_apart(told: list[tuple[int, ...]]) -> None:
    merge = {"type": "merge", "keep": "ann", "drop": "cat", "at": (START).isoformat()}
    lines = [*story(told), merge]
    whole = verdicts(lines)
    tied = ties.of(reading.read([*FRAME, *lines]))

    for group in _groups(tied):
        assert verdicts(_lines_of(lines, group)).items() <= whole.items()


def _groups(tied: dict[str, frozenset[str]]) -> list[set[str]]:
    left, groups = set(tied), []
    while left:
        group = {left.pop()}
        while True:
            wanted = ties.wanted(frozenset[str]().union(*(tied[one] for one in group)))
            more = {one for one in left if not wanted.isdisjoint(tied[one])}
            if not more:
                break
            group |= more
            left -= more
        groups.append(group)
    return groups


def _lines_of(lines: list[Line], group: set[str]) -> list[Line]:
    """What the hub's ledger says of these enquiries: their contacts, and who is in them."""
    items = [line for line in lines if line["type"] == "item" and line["enquiry"] in group]
    contacts = {line["contact"] for line in items}
    said = {line["id"] for line in items}

    def belongs(line: Line) -> bool:
        kind = line["type"]
        if kind in ("enquiry", "event"):
            return line.get("enquiry", line.get("id")) in group
        if kind == "contact":
            return line["id"] in contacts
        if kind == "item":
            return line["id"] in said
        return kind != "correction" or line["item"] in said

    return [line for line in lines if belongs(line)]
