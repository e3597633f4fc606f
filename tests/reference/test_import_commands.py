"""Reference data: every row checked, all errors at once, nothing half done, repeatable."""

from __future__ import annotations

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

import accounts.queries
import kb.queries
from accounts import areas
from core.models import Outbox
from enquiries import clocks
from enquiries.inbound import Located
from enquiries.queries import book, destinations
from tests.partnership import load_partnership

REFERENCE = Path(settings.BASE_DIR) / "reference"


def located(postcode: str) -> Located:
    found = areas.lookup(postcode)
    return Located(
        postcode=found.postcode, district_code=found.district_code, ward_code=found.ward_code
    )


def counts() -> tuple[int, ...]:
    return (
        len(accounts.queries.area_codes()),
        len(accounts.queries.organisations()),
        len(accounts.queries.teams()),
        len(accounts.queries.sites()),
        len(kb.queries.services()),
        len(destinations.every_rule()),
    )


def test_the_partnership_loads_from_its_own_files(partnership: None) -> None:
    assert counts()[:5] == (120, 11, 84, 20, 80)
    assert len(accounts.queries.sites("service_centre")) == 7
    assert areas.lookup("wr113ed").ward_name == "Bengeworth"


def test_loading_twice_changes_nothing(partnership: None) -> None:
    before, keys = counts(), [row.pk for row in accounts.queries.teams()]
    load_partnership()
    assert counts() == before
    assert [row.pk for row in accounts.queries.teams()] == keys


def test_hours_that_a_file_changes_are_counted_anew(partnership: None, tmp_path: Path) -> None:
    folder = shutil.copytree(REFERENCE, tmp_path / "reference")
    table = folder / "organisations.csv"
    hours = "mon-thu 09:00-17:00; fri 09:00-16:30"
    assert table.read_text().count(f"worcestershire-county.demo,{hours}") == 1
    table.write_text(table.read_text().replace(hours, "mon-fri 10:00-16:00", 1))
    for _ in range(2):
        call_command("import_organisations", str(folder), stdout=StringIO())
    (county,) = [row for row in accounts.queries.organisations() if row.kind == "county"]
    (asked,) = Outbox.objects.filter(task="enquiries.recount")
    assert asked.args == {"organisation_id": county.pk}


def test_every_service_has_somebody_who_acts_in_every_district(partnership: None) -> None:
    now = book.read()
    places = {
        "E07000234": "B61 8DA",
        "E07000235": "WR14 3AF",
        "E07000236": "B98 8AH",
        "E07000237": "WR1 1AA",
        "E07000238": "WR9 8DS",
        "E07000239": "DY10 2EQ",
    }
    today = clocks.london_date(timezone.now())
    for district, postcode in places.items():
        place = located(postcode)
        assert place.district_code == district
        for service in kb.queries.services():
            found = now.destination(service, place, today)
            assert found.organisation_id is not None, (service.slug, found.reason)
            assert found == destinations.destination(service, place, today)


@pytest.mark.parametrize(
    ("service", "postcode", "organisation", "team"),
    [
        ("missed-bin", "WR9 8DS", "wychavon", "waste-and-street-scene"),
        ("missed-bin", "WR1 1AA", "worcester-city", "waste-and-street-scene"),
        ("pothole", "WR9 8DS", "worcestershire-county", "highways"),
        ("allotments", "WR11 3ED", "evesham-town", "grounds-and-cemetery"),
        ("allotments", "WR9 8DS", "wychavon", "parks-and-leisure"),
        ("burials", "WR11 1AA", "evesham-town", "grounds-and-cemetery"),
        ("anti-social-behaviour", "B98 8AH", "west-mercia-police", "north-worcestershire"),
        ("anti-social-behaviour", "WR14 3AF", "west-mercia-police", "south-worcestershire"),
        ("stop-smoking", "WR14 3AF", "worcestershire-health", "stop-smoking"),
        ("freedom-of-information", "WR14 3AF", "worcestershire-county", "information-rights"),
        ("council-house-repair", "B98 8AH", "redditch", "housing"),
    ],
)
def test_who_acts_where(
    partnership: None, service: str, postcode: str, organisation: str, team: str
) -> None:
    found = destinations.destination(
        kb.queries.service(service), located(postcode), date(2026, 1, 5)
    )
    who = accounts.queries.organisation_by_id(found.organisation_id)
    teams = {row.pk: row.slug for row in accounts.queries.teams()}
    assert who is not None
    assert (who.slug, teams[found.team_id or 0]) == (organisation, team)


def test_a_service_of_the_district_without_a_place_stays_in_the_hub(partnership: None) -> None:
    found = destinations.destination(kb.queries.service("missed-bin"), Located(), date(2026, 1, 5))
    assert found.organisation_id is None
    assert "no place was given" in found.reason


def spoiled(tmp_path: Path, name: str, **swaps: str) -> Path:
    """The project's folder with some words of one file changed."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder, ignore=shutil.ignore_patterns("postcodes.csv"))
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in swaps.items():
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_all_errors_are_reported_at_once_with_their_places(
    partnership: None, tmp_path: Path
) -> None:
    before = counts()
    folder = spoiled(
        tmp_path,
        "services.csv",
        **{
            ",REQUEST,2,8,": ",REQUESTS,two,8,",
            "\nnew-bin,": "\nmissed-bin,",
            ",TRANSACT,10,16,address": ",TRANSACT,10,16,moon",
        },
    )
    with pytest.raises(CommandError) as refused:
        call_command("import_services", folder / "services.csv", stdout=StringIO())
    words = str(refused.value)
    assert words.startswith("4 problems, so nothing was changed:")
    assert "services.csv, line 2, column resolution_class: there is no resolution class" in words
    assert (
        'services.csv, line 2, column promise_wd: "two" is no whole number. Write digits' in words
    )
    assert 'services.csv, line 3, column slug: "missed-bin" is already in line 2' in words
    assert 'column location: there is no kind of location "moon". Use one of: address' in words
    assert counts() == before


def test_errors_of_several_files_come_together_and_nothing_is_half_done(
    partnership: None, tmp_path: Path
) -> None:
    folder = spoiled(tmp_path, "organisations.csv", **{"Worcestershire Hub,": "Renamed Hub,"})
    teams = (folder / "teams.csv").read_text(encoding="utf-8")
    teams = teams.replace("wychavon,planning,", "wychavonn,planning,", 1)
    (folder / "teams.csv").write_text(teams, encoding="utf-8")
    sites = (folder / "sites.csv").read_text(encoding="utf-8")
    sites = sites.replace("mon-fri 08:00-18:00", "mon-fri 18:00-08:00", 1)
    (folder / "sites.csv").write_text(sites.replace("WR1 2DN", "WR1"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_organisations", folder, stdout=StringIO())
    words = str(refused.value)
    assert 'teams.csv, line 64, column organisation: there is no organisation "wychavonn"' in words
    assert (
        '"mon-fri 18:00-08:00" closes before it opens. Write them as mon-fri 09:00-17:00' in words
    )
    assert 'sites.csv, line 3, column postcode: "WR1" is no postcode' in words
    assert accounts.queries.hub().name == "Worcestershire Hub"


def test_rules_that_name_nobody_or_share_a_position_are_refused(
    partnership: None, tmp_path: Path
) -> None:
    folder = spoiled(
        tmp_path,
        "rules.csv",
        **{
            "\n200,town": "\n101,town",
            "evesham-town,grounds-and-cemetery": "evesham-town,gardeners",
            "T-EVESHAM": "T-NOWHERE",
        },
    )
    with pytest.raises(CommandError) as refused:
        call_command("import_rules", folder, stdout=StringIO())
    words = str(refused.value)
    assert 'rules.csv, line 6, column team: there is no team "gardeners"' in words
    assert 'rules.csv, line 6, column area_code: there is no area "T-NOWHERE"' in words
    assert "rules.csv, line 7, column position: 101 is already used by line 6" in words


def test_a_missing_file_or_column_is_named(partnership: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: there is no such file"):
        call_command("import_areas", tmp_path / "nowhere.csv", stdout=StringIO())
    (tmp_path / "areas.csv").write_text("code,name\nE1,One\n", encoding="utf-8")
    with pytest.raises(CommandError, match="column kind: the column is missing"):
        call_command("import_areas", tmp_path / "areas.csv", stdout=StringIO())


def test_no_agreement_shortens_what_a_service_promises_but_for_homelessness(
    partnership: None,
) -> None:
    now = book.read()
    for (body, service), agreed in now.agreements.items():
        known = next((row for row in now.services.values() if row.pk == service), None)
        if known is None or known.promise_wd is None:
            continue
        assert agreed.work_wd >= known.promise_wd, (now.by_id[body].slug, known.slug)
