"""Rules as a table: out and in again they are the same, and all that is wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.sheets import Check, SheetsRefused
from enquiries.reference import Known, KnownService, rules, rules_of
from enquiries.rule_rows import RuleRow, as_table, of_text, to_text
from tests.routing.rules import rows, rule

KNOWN = Known(
    services=[
        KnownService("pothole", "Roads", "county", 10),
        KnownService("gritting", "Roads", "county", 10),
        KnownService("missed-bin", "Bins", "district", 2),
    ],
    organisations={"wychavon", "worcestershire-county"},
    teams={("wychavon", "waste")},
    areas={"D1", "W1"},
    outside={"nh"},
    questions={
        "pothole": {"road": ["local", "motorway", "private"]},
        "gritting": {"road": ["local", "motorway"]},
    },
)
OLD = "position,owner_tier,groups,services,area_code,organisation,team,valid_from,valid_until,note"
NEW = (
    "position,owner_tier,groups,services,area_code,answers,priority,channels,languages,"
    "organisation,team,outside,valid_from,valid_until,note"
)


def table(*lines: str, header: str = NEW) -> list[RuleRow]:
    check = Check()
    found = rules_of("rules.csv", "\n".join((header, *lines)).encode(), check, KNOWN)
    check.finish()
    return found


def wrong(*lines: str, header: str = NEW) -> list[str]:
    with pytest.raises(SheetsRefused) as refused:
        table(*lines, header=header)
    return [str(problem) for problem in refused.value.problems]


@settings(max_examples=200, deadline=None)
@given(rows())
def test_out_and_in_again_is_the_same(found: list[RuleRow]) -> None:
    check = Check()
    again = rules_of("rules.csv", as_table(found).encode(), check, KNOWN)
    assert check.problems == []
    assert again == found


@settings(max_examples=100, deadline=None)
@given(rows())
def test_a_rule_survives_the_page_that_remembers_it(found: list[RuleRow]) -> None:
    assert [of_text(to_text(row)) for row in found] == found


@given(st.text(max_size=80))
@example("[" * 50_000)
def test_what_is_no_remembered_rule_is_none(text: str) -> None:
    assert of_text(text) is None


def test_a_table_of_before_still_loads(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(f"{OLD}\n100,county,Roads,,,worcestershire-county,,,,Roads\n", encoding="utf-8")
    check = Check()
    found = rules(path, check, KNOWN)
    assert check.problems == []
    assert [(row.position, row.service) for row in found] == [(100, "pothole"), (101, "gritting")]
    assert all((row.answers, row.outside, row.priority) == ((), "", "") for row in found)


def test_a_line_says_everything_that_a_rule_can() -> None:
    (found,) = table(
        "10,county,,pothole,D1,road=motorway|private,urgent,web phone,pl cy,,,nh,"
        "2026-01-01,2026-12-31,The M5"
    )
    assert found == rule(
        10,
        "pothole",
        area_code="D1",
        answers=(("road", ("motorway", "private")),),
        priority="urgent",
        channels=("phone", "web"),
        languages=("cy", "pl"),
        organisation="",
        outside="nh",
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        note="The M5",
    )
    assert str(found.valid_until) == "2026-12-31"


def test_all_that_is_wrong_is_said_at_once_with_line_and_cure() -> None:
    said = wrong(
        "10,county,,pothole,D1,road=moterway,,,,,,nh,,,",
        "20,county,,missed-bin,D9,,soon,fax,English,wychavon,bins,,,,",
        "10,county,,,,,,,,,,,2026-02-01,2026-01-01,",
        "30,,,,,road,,,,wychavon,waste,nh,,,",
        "40,county,,,,surface=ice,,,,,waste,nh,,,",
    )
    for part in (
        'line 2, column answers: there is no answer to road "moterway". Use one of: local',
        'line 3, column services: there is no service "missed-bin". Use one of: gritting, pothole',
        'line 3, column area_code: there is no area "D9"',
        'line 3, column priority: there is no priority "soon". Use one of: emergency, normal',
        'line 3, column channels: there is no channel "fax"',
        'line 3, column languages: "English" is no language. Write codes such as en, cy or pl',
        'line 3, column team: there is no team "bins". Use one of: waste',
        "line 4, column organisation: nobody is named. Name an organisation, or a body outside",
        "line 4, column valid_until: is before valid_from",
        "line 4, column position: 10 is already used by line 2",
        'line 5, column answers: "road" is no condition. Write it as road=motorway|private',
        "line 5, column outside: two owners are named",
        'line 6, column answers: there is no question "surface". Use one of: road',
        "line 6, column team: has no organisation",
    ):
        assert any(part in line for line in said), (part, said)


def test_an_answer_must_be_one_of_every_service_of_the_line() -> None:
    assert len(table("10,county,Roads,,,road=motorway,,,,,,nh,,,")) == 2
    (said,) = wrong("10,county,Roads,,,road=private,,,,,,nh,,,")
    assert 'there is no answer to road "private"' in said
    assert len(table("10,county,,,,road=private,,,,,,nh,,,")) == 1


def test_a_column_that_nobody_reads_is_not_passed_over() -> None:
    (said,) = wrong("10,county,,,,wychavon,,,,,soon", header=f"{OLD},prioritty")
    assert "line 1, column prioritty: there is no such column" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (f"{NEW}\n10,\x00".encode(), "is not UTF-8 text"),
        (b"", "the column is missing"),
        (f'{NEW}\n10,"county'.encode(), "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, words: str) -> None:
    check = Check()
    assert rules_of("rules.csv", content, check, KNOWN) == []
    assert words in str(check.problems[0])


def test_a_spreadsheet_may_put_its_mark_before_the_first_column() -> None:
    check = Check()
    content = as_table([rule(10, "pothole")]).encode("utf-8-sig")
    assert rules_of("rules.csv", content, check, KNOWN) == [rule(10, "pothole")]
    assert check.problems == []
