"""The project's own files: whole, loaded once, and never put over what a hand edited."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

import kb.queries
from accounts import outside
from accounts.models import OutsideBody
from core.audit import Actor
from enquiries.actions import drafts, versions
from enquiries.inbound import Located
from enquiries.models import Agreement, RuleSet
from enquiries.queries import destinations, rule_findings
from enquiries.queries import versions as reading
from enquiries.rule_rows import as_table
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
REFERENCE = Path(settings.BASE_DIR) / "reference"
ADAM = Actor("staff", 1, "Adam Admin")


def load(folder: Path = REFERENCE, **options: bool) -> str:
    said = StringIO()
    call_command("import_rules", folder, stdout=said, **options)
    return said.getvalue()


def edited_by_hand() -> int:
    """The live rules with one word more, published by a person."""
    now = timezone.now()
    live = reading.live_number(now)
    number = drafts.make(live, name="By hand", actor=ADAM, now=now)
    rule_id, seen = reading.identified(number)[0]
    new = replace(seen, note="Mine")
    drafts.change_rule(number, rule_id, new, seen=seen, actor=ADAM, now=now)
    versions.publish(number, edit=1, live=live, name="", at=None, actor=ADAM, now=now)
    return number


def changed(tmp_path: Path, old: str, new: str, name: str = "rules.csv") -> Path:
    """The project's folder with some words of one file changed."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder, ignore=shutil.ignore_patterns("postcodes.csv"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_in_the_projects_rules_only_nets_are_idle_and_only_what_asks_for_no_place_has_a_gap(
    partnership: None,
) -> None:
    now = timezone.now()
    live = reading.live_number(now)
    assert live is not None
    found = rule_findings.findings(live, now)
    assert all(one.net for one in found.idle)
    assert len(found.idle) == 8
    # Districts own them, and nobody is asked where: the contact centre asks.
    assert {gap.service for gap in found.gaps} == {"pay-council-tax", "taxi-licence"}
    assert {gap.area_name for gap in found.gaps} == {"Any place"}


@pytest.mark.parametrize(
    ("service", "answers", "owner"),
    [
        ("pothole", {"road": "motorway"}, "National Highways"),
        ("pothole", {"road": "local"}, "Worcestershire County Council"),
        ("pothole", {}, "Worcestershire County Council"),
        ("dead-animal", {"road": "motorway"}, "National Highways"),
        ("dead-animal", {"road": "private"}, "Wychavon District Council"),
        ("footpath", {"water": "canal"}, "Canal & River Trust"),
        ("council-house-repair", {"landlord": "association"}, "Example Homes"),
        ("council-house-repair", {"landlord": "council"}, "Wychavon District Council"),
    ],
)
def test_what_is_not_ours_goes_to_whose_it_is(
    partnership: None, service: str, answers: dict[str, str], owner: str
) -> None:
    found = destinations.destination(
        kb.queries.service(service),
        Located(district_code="E07000238"),
        timezone.localdate(),
        destinations.Situation(answers=answers),
    )
    assert (found.outside.name if found.outside else found.organisation_name).startswith(owner)


def test_the_projects_rules_out_and_in_again_are_the_same(partnership: None) -> None:
    live = reading.live_number(timezone.now())
    assert live is not None
    rows = reading.rows(live)
    assert len(rows) > 200
    assert reading.read_table("again.csv", as_table(rows).encode()) == rows


def test_loading_again_publishes_nothing(partnership: None) -> None:
    before = RuleSet.objects.count()
    assert "no new rules; 0 agreements added or changed" in load()
    assert RuleSet.objects.count() == before


def test_loading_again_leaves_what_a_hand_edited(partnership: None) -> None:
    number = edited_by_hand()
    assert "no new rules" in load()
    assert reading.live_number(timezone.now()) == number


def test_new_rules_of_a_file_become_a_draft_where_a_hand_edited(
    partnership: None, tmp_path: Path
) -> None:
    number = edited_by_hand()
    folder = changed(tmp_path, "The town runs", "The town keeps")
    assert "were edited by hand, so these are draft" in load(folder)
    seen = reading.overview(timezone.now())
    assert seen.live is not None
    assert seen.live.number == number
    assert [draft.name for draft in seen.drafts] == ["Loaded from a file"]
    assert "no new rules" in load(folder)
    assert len(reading.overview(timezone.now()).drafts) == 1
    assert "are live as version" in load(folder, replace=True)
    live = reading.rows(reading.live_number(timezone.now()) or 0)
    assert any(row.note.startswith("The town keeps") for row in live)


def test_new_rules_of_a_file_are_published_over_those_of_a_file(
    partnership: None, tmp_path: Path
) -> None:
    before = reading.live_number(timezone.now()) or 0
    assert "are live as version" in load(changed(tmp_path, "The town runs", "The town keeps"))
    now = reading.live_number(timezone.now()) or 0
    # One line of the table is a rule for each of two services.
    assert len(reading.changes(before, now).changed) == 2


def test_agreements_edited_by_hand_stay_until_the_file_is_put_over_them(
    partnership: None,
) -> None:
    one = Agreement.objects.order_by("pk")[0]
    was = one.accept_wh
    Agreement.objects.filter(pk=one.pk).update(accept_wh=was + 1)
    gone = Agreement.objects.order_by("-pk")[0]
    gone.delete()
    assert "1 agreements added or changed; 1 agreements were edited by hand" in load()
    one.refresh_from_db()
    assert one.accept_wh == was + 1
    assert "1 agreements added or changed" in load(replace=True)
    one.refresh_from_db()
    assert one.accept_wh == was


def test_bodies_outside_are_added_once_and_stay_as_they_were_edited(partnership: None) -> None:
    said = StringIO()
    call_command("import_outside", stdout=said)
    before = OutsideBody.objects.count()
    assert before >= 3
    OutsideBody.objects.filter(slug="national-highways").update(phone="0300 000 0000")
    again = StringIO()
    call_command("import_outside", stdout=again)
    assert "0 of them new" in again.getvalue()
    assert OutsideBody.objects.count() == before
    assert outside.body("national-highways").phone == "0300 000 0000"
