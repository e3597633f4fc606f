"""Who must act: a table of plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from enquiries.routing import Facts, Rule, choose

BIN = Facts(
    service="missed-bin",
    service_name="Missed bin",
    owner_tier="district",
    needs_place=True,
    areas=("E05007940", "E07000238", "E10000034"),
    area_name="Wychavon",
    on=date(2026, 11, 17),
)
COUNTY = Rule(30, None, "county", "", 1, "The county", None)
WYCHAVON = Rule(20, None, "district", "E07000238", 2, "Wychavon", 7, "Waste team")
EVESHAM_BINS = Rule(10, "missed-bin", "", "E05007940", 3, "Evesham", None)


def test_the_first_rule_that_fits_wins() -> None:
    assert choose(BIN, [EVESHAM_BINS, WYCHAVON]).organisation_id == 3
    assert choose(BIN, [WYCHAVON, EVESHAM_BINS]).organisation_id == 2


def test_the_reason_names_service_place_body_and_rule() -> None:
    chosen = choose(BIN, [COUNTY, WYCHAVON])
    assert chosen.reason == "Missed bin in Wychavon belongs to Wychavon, Waste team (rule 20)"
    assert chosen.team_id == 7


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(BIN, service=None), "Nobody has said yet which service this is about"),
        (replace(BIN, areas=(), area_name=""), "depends on the place, and no place was given"),
        (replace(BIN, owner_tier="police"), "No routing rule covers Missed bin in Wychavon"),
    ],
)
def test_no_rule_is_said_in_words(facts: Facts, reason: str) -> None:
    chosen = choose(facts, [WYCHAVON, COUNTY])
    assert chosen.organisation_id is None
    assert reason in chosen.reason


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "fits"),
    [
        (None, None, True),
        (date(2026, 11, 17), None, True),
        (date(2026, 11, 18), None, False),
        (None, date(2026, 11, 17), True),
        (None, date(2026, 11, 16), False),
    ],
)
def test_a_rule_holds_between_its_dates(
    valid_from: date | None, valid_until: date | None, fits: bool
) -> None:
    rule = replace(WYCHAVON, valid_from=valid_from, valid_until=valid_until)
    assert rule.fits(BIN) is fits
