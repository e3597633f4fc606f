"""What shortens clocks, from a file: all errors at once, nothing over what a hand changed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from core.sheets import Check, SheetsRefused
from enquiries import reference
from enquiries.models import Agreement, ClockRule

HEAD = "services,priority,vulnerable,percent,note\n"
pytestmark = pytest.mark.django_db


def load(path: Path | None = None, **options: bool) -> str:
    said = StringIO()
    call_command("import_clock_rules", *([path] if path else []), stdout=said, **options)
    return said.getvalue()


def rules() -> set[tuple[str | None, str, bool, int]]:
    return {
        (row.service.slug if row.service else None, row.priority, row.vulnerable, row.percent)
        for row in ClockRule.objects.select_related("service")
    }


def test_our_own_file_loads_once(world: object) -> None:
    assert "3 clock rules: 3 added or changed" in load()
    assert rules() == {
        (None, "urgent", False, 50),
        (None, "emergency", False, 10),
        (None, "", True, 75),
    }
    assert "3 clock rules: 0 added or changed" in load()
    assert AuditEvent.objects.filter(target="reference:clock_rules").count() == 1


def test_what_a_hand_changed_stays_until_the_file_is_put_over_it(world: object) -> None:
    load()
    ClockRule.objects.filter(priority="urgent").update(percent=60)
    ClockRule.objects.create(priority="urgent", vulnerable=True, percent=30)
    assert "0 added or changed; 2 say otherwise and are left" in load()
    assert (None, "urgent", False, 60) in rules()
    assert "2 added or changed" in load(replace=True)
    assert (None, "urgent", False, 50) in rules()
    assert len(rules()) == 3


def test_a_line_for_several_services_is_one_for_each(world: object, tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text(f"{HEAD}missed-bin pothole,emergency,yes,5,\n,urgent,,50,\n", encoding="utf-8")
    load(file)
    assert rules() == {
        ("missed-bin", "emergency", True, 5),
        ("pothole", "emergency", True, 5),
        (None, "urgent", False, 50),
    }


def test_every_mistake_is_said_with_its_cure(world: object, tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    lines = (
        "missed-bins,urgent,,50,",
        ",hurry,,50,",
        ",,,50,",
        ",urgent,,0,",
        ",urgent,perhaps,9,",
    )
    file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        load(file)
    words = str(refused.value)
    for line, column in ((2, "services"), (3, "priority"), (4, "priority"), (5, "percent")):
        assert f"line {line}, column {column}" in words
    assert "line 6, column vulnerable" in words
    assert "there is no cause for less time" in words
    assert not ClockRule.objects.exists()


def test_agreements_by_the_clock_are_read_from_their_column(tmp_path: Path) -> None:
    head = "organisation,services,accept_wh,work_wd,elapsed,note\n"
    known = reference.Known(
        [reference.KnownService("flood", "Water", "county", 1)], {"county"}, set(), set()
    )
    file = tmp_path / "agreements.csv"
    file.write_text(f"{head}county,,8,20,,\ncounty,flood,1,1,yes,Day and night\n", encoding="utf-8")
    found = reference.agreements(file, Check(), known, [])
    assert [(row.service, row.elapsed) for row in found] == [(None, False), ("flood", True)]
    # Tables from before the column was there.
    older = head.replace("elapsed,", "")
    file.write_text(f"{older}county,,8,20,\n", encoding="utf-8")
    assert reference.agreements(file, Check(), known, [])[0].elapsed is False
    file.write_text(f"{head}county,,8,20,sometimes,\n", encoding="utf-8")
    check = Check()
    reference.agreements(file, check, known, [])
    with pytest.raises(SheetsRefused, match="column elapsed"):
        check.finish()


def test_our_own_agreements_by_the_clock_reach_the_table(partnership: None) -> None:
    around_the_clock = Agreement.objects.filter(elapsed=True).values_list(
        "service__slug", flat=True
    )
    assert set(around_the_clock) == {"adult-safeguarding", "child-protection"}
    assert ClockRule.objects.count() == 3
