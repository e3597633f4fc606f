"""Gaps, and rules that never decide: against walking through every case there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enquiries.routing import Facts, Outside, Rule, first
from enquiries.rule_checks import Findings, Offered, World, check

TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 1)
HOLE = Offered("pothole", "Pothole", "county", True, {"road": ("local", "motorway")})
BIN = Offered("missed-bin", "Missed bin", "district", True)
LOAN = Offered("renew-loan", "Renew a loan", "county", False)
WORLD = World(
    services=(HOLE, BIN, LOAN),
    places=(("W1", "D1", "C"), ("W2", "D1", "C"), ("D1", "C"), ("W3", "D2", "C"), ("D2", "C"), ()),
    names={"C": "The county", "D1": "Wychavon", "D2": "Redditch", "W1": "Evesham", "W2": "Bredon"},
    bodies=frozenset({1, 2, 3}),
    outside=frozenset({9}),
    on=TODAY,
    priorities=("normal", "emergency"),
    channels=("web", "phone"),
)
COUNTY = Rule(30, None, "county", "", 1, "The county", None)
WYCHAVON = Rule(40, None, "district", "D1", 2, "Wychavon", None)
REDDITCH = Rule(50, None, "district", "D2", 3, "Redditch", None)
WHOLE = [COUNTY, WYCHAVON, REDDITCH]
HIGHWAYS = Outside(9, "National Highways", "0300 123 5000", "Ring them")
MOTORWAY = replace(
    COUNTY,
    position=10,
    service="pothole",
    organisation_id=None,
    outside=HIGHWAYS,
    answers=(("road", frozenset({"motorway"})),),
)


def gaps(*rules: Rule, world: World = WORLD) -> list[tuple[str, str, str]]:
    return [(gap.service, gap.area_name, gap.words) for gap in check(rules, world).gaps]


def never(*rules: Rule, world: World = WORLD) -> dict[int, str]:
    return {one.position: one.words for one in check(rules, world).idle if one.never}


def test_a_whole_list_has_no_gap_and_no_idle_rule() -> None:
    assert check([MOTORWAY, *WHOLE], WORLD) == Findings((), ())


def test_a_district_without_a_rule_is_named_once_and_not_ward_by_ward() -> None:
    assert gaps(COUNTY, REDDITCH) == [("missed-bin", "Wychavon", "No rule says who acts")]
    assert gaps(COUNTY) == [("missed-bin", "The county", "No rule says who acts")]


def test_a_rule_for_one_ward_leaves_the_others_and_the_ward_that_is_not_known() -> None:
    evesham = replace(WYCHAVON, area_code="W1")
    assert gaps(COUNTY, evesham, REDDITCH) == [
        ("missed-bin", "Bredon", "No rule says who acts"),
        ("missed-bin", "Wychavon, ward not known", "No rule says who acts"),
    ]


def test_a_service_that_asks_for_no_place_needs_a_rule_for_anywhere() -> None:
    by_place = replace(COUNTY, area_code="C")
    assert gaps(by_place, WYCHAVON, REDDITCH) == [
        ("renew-loan", "Any place", "No rule says who acts")
    ]


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"answers": (("road", frozenset({"local"})),)}, "road is motorway or not answered"),
        ({"priority": "normal"}, "priority is emergency"),
        ({"channels": frozenset({"web"})}, "channel is phone"),
        ({"languages": frozenset({"cy"})}, "language is any other"),
        ({"valid_until": date(2026, 12, 31)}, "it is received from 1 January 2027"),
        (
            {"valid_from": LATER},
            "it is received from 22 November 2026 until before 1 January 2027",
        ),
    ],
)
def test_what_a_rule_leaves_open_is_said_in_words(conditions: dict[str, Any], words: str) -> None:
    only = replace(COUNTY, service="pothole", **conditions)
    rest = replace(COUNTY, service="renew-loan")
    assert gaps(only, rest, WYCHAVON, REDDITCH) == [
        ("pothole", "The county", f"Nobody acts when {words}")
    ]


def test_an_earlier_more_general_rule_takes_all_and_is_named() -> None:
    bins = replace(WYCHAVON, position=60, service="missed-bin", area_code="W1")
    assert never(*WHOLE, bins) == {60: "Rule 40 comes first and takes all of it"}


def test_several_rules_may_take_all_together() -> None:
    parts = [
        replace(MOTORWAY, position=5, answers=(("road", frozenset({"local"})),)),
        MOTORWAY,
        replace(MOTORWAY, position=20, answers=(("road", frozenset({"local", "motorway"})),)),
    ]
    assert never(*parts, *WHOLE) == {20: "Rules before it take all of it: 5, 10"}


def test_a_net_under_rules_of_each_service_is_told_from_a_mistake() -> None:
    holes = replace(COUNTY, position=1, service="pothole")
    loans = replace(COUNTY, position=2, service="renew-loan")
    (net,) = check([holes, loans, *WHOLE], WORLD).idle
    assert (net.position, net.net) == (30, True)
    (wrong,) = check([COUNTY, replace(COUNTY, position=31), *WHOLE[1:]], WORLD).idle
    assert (wrong.position, wrong.net) == (31, False)


def test_dates_that_are_over_and_rules_that_hold_one_after_the_other() -> None:
    over = replace(MOTORWAY, valid_until=date(2026, 11, 21))
    assert never(over, *WHOLE) == {10: "It ended on 21 November 2026"}
    until = replace(WYCHAVON, position=41, valid_until=date(2026, 12, 31))
    after = replace(WYCHAVON, position=42, valid_from=LATER)
    assert never(COUNTY, until, after, REDDITCH) == {}
    assert never(COUNTY, until, after, WYCHAVON, REDDITCH) == {
        40: "Rules before it take all of it: 41, 42"
    }


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (replace(COUNTY, organisation_id=7), "The county does not act here any more"),
        (replace(MOTORWAY, outside=replace(HIGHWAYS, id=8)), "National Highways does not act here"),
        (replace(COUNTY, service="missed-bin"), "Missed bin is of the tier district, not county"),
        (replace(COUNTY, service="hanging"), "There is no service hanging any more"),
        (replace(COUNTY, owner_tier="police"), "No service is of the tier police"),
        (replace(COUNTY, area_code="D7"), "There is no area D7"),
        (
            replace(MOTORWAY, answers=(("surface", frozenset({"ice"})),)),
            "Nobody is asked the question “surface”",
        ),
        (
            replace(MOTORWAY, answers=(("road", frozenset({"moterway"})),)),
            "“moterway” is no answer to the question “road”",
        ),
    ],
)
def test_why_a_rule_never_decides_is_said_in_words(rule: Rule, words: str) -> None:
    found = never(replace(rule, position=1), *WHOLE)
    assert list(found) == [1]
    assert words in found[1]


def test_one_wrong_answer_among_right_ones_is_said_and_the_rule_still_decides() -> None:
    odd = replace(MOTORWAY, answers=(("road", frozenset({"motorway", "moterway"})),))
    (found,) = check([odd, *WHOLE], WORLD).idle
    assert (found.position, found.never) == (10, False)
    assert "“moterway”" in found.words


# -- Against every case ------------------------------------------------------------------------

SMALL = replace(
    WORLD,
    services=(HOLE, BIN, LOAN),
    places=(("W1", "D1"), ("D1",), ("D2",), ()),
)
DAYS = (TODAY, date(2026, 12, 31), LATER, date(2027, 3, 1))


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Rule]:
    made = draw(
        st.lists(
            st.builds(
                Rule,
                position=st.just(0),
                service=st.sampled_from([None, None, "pothole", "missed-bin"]),
                owner_tier=st.sampled_from(["", "county", "district"]),
                area_code=st.sampled_from(["", "", "D1", "D2", "W1"]),
                organisation_id=st.sampled_from([1, 1, 2, 7]),
                organisation_name=st.just("Somebody"),
                team_id=st.none(),
                valid_from=st.sampled_from([None, None, date(2026, 11, 1), LATER]),
                valid_until=st.sampled_from([None, None, date(2026, 12, 31), date(2026, 11, 1)]),
                answers=st.sampled_from(
                    [(), (), (("road", frozenset({"local"})),), (("road", frozenset({"x"})),),
                     (("road", frozenset({"local", "motorway"})),)]
                ),
                priority=st.sampled_from(["", "", "normal", "emergency"]),
                channels=st.sampled_from([frozenset(), frozenset({"web"}), frozenset({"phone"})]),
                languages=st.sampled_from([frozenset(), frozenset({"cy"})]),
            ),
            max_size=7,
        )
    )  # fmt: skip
    return [replace(rule, position=10 * at) for at, rule in enumerate(made, start=1)]


def cases(service: Offered, place: tuple[str, ...]) -> Iterator[Facts]:
    """Every case of a service at a place, from today on."""
    keys = sorted(service.questions)
    given_answers = product(*([None, *service.questions[key]] for key in keys))
    for answered in list(given_answers):
        answers = {key: value for key, value in zip(keys, answered, strict=True) if value}
        for on, priority, channel, language in product(
            DAYS, SMALL.priorities, SMALL.channels, ("en", "cy")
        ):
            yield Facts(
                service=service.slug,
                service_name=service.name,
                owner_tier=service.tier,
                needs_place=service.has_place,
                areas=place,
                area_name="",
                on=on,
                answers=answers,
                priority=priority,
                channel=channel,
                language=language,
            )


@settings(max_examples=150, deadline=None)
@given(rule_lists())
def test_findings_are_those_of_walking_through_every_case(rules: list[Rule]) -> None:
    answering = [rule for rule in rules if rule.organisation_id in SMALL.bodies]
    deciding: set[int] = set()
    nobody: set[str] = set()
    for service, place in product(SMALL.services, SMALL.places):
        for facts in cases(service, place):
            rule = first(facts, answering)
            if rule is not None:
                deciding.add(rule.position)
            elif bool(place) == service.has_place:
                nobody.add(service.slug)
    found = check(rules, SMALL)
    assert {one.position for one in found.idle if one.never} == {
        rule.position for rule in rules
    } - deciding
    assert {gap.service for gap in found.gaps} == nobody


@settings(max_examples=60, deadline=None)
@given(rule_lists())
def test_a_gap_that_is_always_open_has_no_case_with_a_rule(rules: list[Rule]) -> None:
    answering = [rule for rule in rules if rule.organisation_id in SMALL.bodies]
    whole = {gap.service for gap in check(rules, SMALL).gaps if gap.always}
    for service in SMALL.services:
        places = [place for place in SMALL.places if bool(place) == service.has_place]
        empty = [
            place
            for place in places
            if all(first(facts, answering) is None for facts in cases(service, place))
        ]
        assert (service.slug in whole) == bool(empty)


@settings(max_examples=60, deadline=None)
@given(rule_lists())
def test_taking_away_what_never_decides_changes_no_decision(rules: list[Rule]) -> None:
    answering = [rule for rule in rules if rule.organisation_id in SMALL.bodies]
    idle = {one.position for one in check(rules, SMALL).idle if one.never}
    kept = [rule for rule in answering if rule.position not in idle]
    for service, place in product(SMALL.services, SMALL.places):
        for facts in cases(service, place):
            assert first(facts, kept) == first(facts, answering)
