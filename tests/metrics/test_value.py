"""Mix, cost, what citizens said and what can be done online: sums that can be checked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from metrics import mix, sums, value
from metrics.figures import Share
from metrics.sums import Cells, Counted
from metrics.tallying import a_year_before
from metrics.value import Electronic, Read, Taken, UnitCost
from tests.metrics.test_figures import group


def cells(counted: list[Counted]) -> Cells:
    return sums.of(counted).cells


def test_a_fixed_mix_shows_that_nothing_got_better():
    before = mix.mix_of(cells([
        Counted(group(), 50), Counted(group("failure"), 30), Counted(group("pending"), 9),
        Counted(group(channel="web"), 20),
    ]))  # fmt: skip
    # Phone 0.5 as ever, web 1.0: only that more of them came by web.
    now = cells([
        Counted(group(), 10), Counted(group("failure"), 10), Counted(group(channel="web"), 80),
    ])  # fmt: skip

    assert before == {("INFORM", "phone"): 80, ("INFORM", "web"): 20}
    assert mix.adjusted(now, before).value == pytest.approx(0.8 * 0.5 + 0.2 * 1.0)


def test_a_cell_of_the_mix_that_has_nobody_now_borrows_and_says_so():
    now = cells([Counted(group(), 3), Counted(group("failure"), 1)])

    found = mix.adjusted(now, {("INFORM", "phone"): 60, ("REQUEST", "sms"): 40})

    assert found.value == pytest.approx(0.75)
    assert (found.weight, found.borrowed) == (100, 40)
    assert mix.adjusted(now, {}).value is None


def test_a_class_of_which_nothing_is_known_is_likened_to_all():
    breaks = {"INFORM": {0: 1, None: 3}}

    assert mix.survival(breaks, "INFORM", 0) == 1.0
    assert mix.survival({"INFORM": {5: 1, None: 3}}, "STAGED", 2) == 0.75
    assert mix.survival({}, "INFORM", 0) is None


def test_shares_of_channels_shift_against_each_other():
    found = mix.shift({"phone": 60, "web": 40}, {"phone": 80, "sms": 20})

    assert found == {"phone": pytest.approx(-20), "sms": pytest.approx(-20),
                     "web": pytest.approx(40)}  # fmt: skip
    assert sum(found.values()) == pytest.approx(0)
    assert mix.shift({"phone": 1}, {}) == {}


def test_a_contact_costs_what_its_taker_had_entered_by_that_day_and_without_it_is_said():
    costs = [
        UnitCost("hub", "phone", date(2026, 4, 1), Decimal("5.00")),
        UnitCost("hub", "phone", date(2025, 4, 1), Decimal("4.50")),
    ]
    taken = {
        Taken("hub", "phone", date(2026, 3, 31)): 10, Taken("hub", "phone", date(2026, 4, 1)): 2,
        Taken("hub", "phone", date(2025, 3, 31)): 4,
        Taken("wychavon", "counter", date(2026, 4, 1)): 3,
    }  # fmt: skip

    found = value.cost(taken, costs)

    assert (found.total, found.known, found.unknown) == (Decimal("55.00"), 12, 7)
    assert [(row.organisation, row.contacts, row.unknown) for row in found.rows] == [
        ("hub", 16, 4), ("wychavon", 3, 3),
    ]  # fmt: skip
    assert value.cost({}, costs).each is None


def test_partly_is_not_yes_and_the_gap_is_in_hundredths():
    said = value.surveyed({"yes": 71, "partly": 19, "no": 10})

    assert said == Share(71, 100)
    assert value.gap(said, 0.98) == pytest.approx(-27)
    assert value.gap(said, None) is None
    assert value.gap(value.surveyed({}), 0.98) is None


def test_electronic_delivery_is_of_the_pairs_that_may_be():
    rows = [Electronic("hub", date(2026, 4, 1), 8, 6), Electronic("police", date(2026, 4, 1), 2, 0)]

    assert value.electronic(rows) == Share(6, 10)


def test_who_reads_and_says_nothing_is_unknown():
    rows = [Read("tax", 100, 12, 4), Read("bins", 1, 2, 0)]

    assert value.answered(rows) == Share(14, 18)
    assert [row.unknown for row in rows] == [84, 0]


def test_a_year_before_a_leap_day_is_the_last_of_february():
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(date(2026, 3, 1)) == date(2025, 3, 1)
