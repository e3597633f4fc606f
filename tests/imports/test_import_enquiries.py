"""Enquiries of another system: dated as they were, closed as they were, once each."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.models import Outbox
from enquiries.models import Contact, Enquiry, EnquiryEvent, Receipt, Referral
from notifications.queries import postbox

pytestmark = pytest.mark.django_db
BASE = Path(settings.BASE_DIR)
LOS_ANGELES = BASE / "reference" / "mappings" / "myla311.toml"
REAL = BASE.parent / "shared" / "data" / "enquiries" / "myla311_2017_subset.csv"

MAPPING = """
source = "old-crm"
name = "The old system"
zone = "Europe/London"
date_formats = ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"]
description = "{What}"
[columns]
id = "No"
received = "In"
ended = "Out"
[service]
column = "Kind"
values = { Bin = "missed-bin", Hole = "pothole", Misc = "" }
[channel]
column = "How"
values = { tel = "phone", desk = "counter", web = "web", mail = "email" }
[owner]
column = "Who"
default = "worcester-city"
values = { WY = "wychavon" }
[status]
column = "State"
values.done = { outcome = "completed", words = "Done" }
values.no = { outcome = "withdrawn", words = "Withdrawn" }
values.open = {}
[place]
keep = "postcode"
postcode = "Postcode"
[person]
name = "Name"
phone = "Phone"
"""
HEAD = "No,In,Out,Kind,How,Who,State,Postcode,Name,Phone,What"
ROWS = [
    "1,01/07/2024 09:30,03/07/2024 12:00,Bin,tel,,done,WR9 8DS,Ann Sample,07700 900123,Bin full",
    "2,2024-01-10T09:30:00+00:00,,Hole,web,,open,WR1 1AA,,,A hole",
    "3,02/07/2024 10:00,02/07/2024 11:00,Bin,desk,WY,done,,,,No postcode here",
    "4,02/07/2024 10:00,02/07/2024 11:00,Misc,mail,,no,,,,Something else",
    "5,02/07/2024 10:00,02/07/2024 11:00,Misc,mail,WY,done,,,,Theirs",
]
BAD = [
    "1,01/07/2024 09:30,03/07/2024 12:00,Bin,tel,,done,WR9 8DS,,,The same number again",
    "6,31/02/2024 09:30,03/07/2024 12:00,Cow,pigeon,XX,lost,,,,Everything wrong",
    "7,05/07/2024 09:30,03/07/2024 12:00,Bin,tel,,done,,,,Ended first",
    "8,05/07/2094 09:30,,Bin,tel,,open,,,,From the future",
    "9,05/07/2024 09:30,,Bin,tel,,open,SW1A 1AA,,,Elsewhere",
    "10,05/07/2024 09:30,,Bin,tel,,open,,,,",
    ",05/07/2024 09:30,,Bin,tel,,open,,,,No number",
    "12,05/07/2024 09:30,,Bin",
    "13,05/07/2024 09:30,,Bin,tel,,open,,Bob Sample,12,A telephone that is none",
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    table, mapping = tmp_path / "old.csv", tmp_path / "old.toml"
    table.write_text("\n".join([HEAD, *ROWS, *BAD]) + "\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return table, mapping, tmp_path / "rejects.csv"


def run(table: Path, mapping: Path, rejects: Path) -> str:
    out = StringIO()
    call_command("import_enquiries", table, mapping=mapping, rejects=rejects, stdout=out)
    return out.getvalue()


def one(number: str) -> Enquiry:
    receipt = Receipt.objects.get(external_id=f"old-crm:{number}")
    return Enquiry.objects.select_related("owner", "service", "first_contact").get(
        reference=receipt.references[0]
    )


def test_rows_become_enquiries_with_their_own_times(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    assert run(*files).startswith("14 rows: 5 taken, 0 known already, 9 rejected;")
    bin_full = one("1")
    assert bin_full.received_at == datetime(2024, 7, 1, 8, 30, tzinfo=UTC)
    assert bin_full.resolved_at == datetime(2024, 7, 3, 11, 0, tzinfo=UTC)
    assert (bin_full.status, bin_full.outcome) == ("closed", "completed")
    assert bin_full.owner is not None
    assert bin_full.owner.slug == "wychavon"
    assert bin_full.person_id is not None
    assert bin_full.first_contact.channel == "phone"
    lines = EnquiryEvent.objects.filter(enquiry=bin_full).order_by("sequence")
    assert [line.type.removeprefix("enquiry.") for line in lines] == [
        *("received", "promise_set", "referred", "resolved", "closed")
    ]
    assert lines[3].at == bin_full.resolved_at
    assert lines[3].recorded_at.year >= 2026
    assert lines[3].organisation_id == bin_full.owner.pk
    assert one("2").status == "referred"
    assert one("2").received_at == datetime(2024, 1, 10, 9, 30, tzinfo=UTC)


def test_the_mappings_owner_holds_where_no_rule_of_ours_decides(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    run(*files)
    owners = {number: one(number).owner for number in "12345"}
    assert [getattr(owners[number], "slug", "") for number in "12345"] == [
        *("wychavon", "worcestershire-county", "wychavon", "worcester-city", "wychavon")
    ]
    assert one("3").routing_reason == (
        "Wychavon District Council had it in the system that it comes from"
    )


def test_a_second_run_changes_nothing(partnership: None, files: tuple[Path, Path, Path]) -> None:
    run(*files)
    before = list(EnquiryEvent.objects.order_by("pk").values_list("pk", "at", "recorded_at"))
    assert "0 taken, 5 known already, 9 rejected" in run(*files)
    after = list(EnquiryEvent.objects.order_by("pk").values_list("pk", "at", "recorded_at"))
    assert after == before


def test_nobody_is_told_and_nothing_is_put_into_anyones_hands(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    run(*files)
    assert list(postbox(limit=10)) == []
    assert not Outbox.objects.exists()


def test_every_rejected_row_has_its_line_and_all_its_reasons(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    run(*files)
    with files[2].open(encoding="utf-8") as file:
        rejects = {int(row["line"]): row["reason"] for row in csv.DictReader(file)}
    assert sorted(rejects) == list(range(7, 16))
    assert rejects[7] == "line 2 of the file has the same No"
    for words in (
        'In "31/02/2024 09:30" is not a date like %d/%m/%Y %H:%M or',
        'Kind "Cow" has no service in the mapping: add it to [service.values]',
        'How "pigeon" has no channel in the mapping',
        'Who "XX" has no owner in the mapping',
        'State "lost" is not in the mapping: add [status.values."lost"]',
    ):
        assert words in rejects[8]
    assert rejects[9] == "it ended before it was received"
    assert rejects[10].startswith("it was received in the future")
    assert "outside Worcestershire" in rejects[11]
    assert rejects[12] == "Tell us what happened"
    assert rejects[13].startswith("No is empty")
    assert rejects[14] == "it has not as many cells as the file has columns"
    assert "phone" in rejects[15]


def test_a_cell_with_half_the_file_in_it_is_one_rejected_row(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    table, mapping, rejects = files
    table.write_text("\n".join([HEAD, "x" * 140_000, ROWS[0]]) + "\n", encoding="utf-8")
    assert run(table, mapping, rejects).startswith("2 rows: 1 taken, 0 known already, 1 rejected;")
    assert "cannot be read" in rejects.read_text(encoding="utf-8")
    table.write_text("x" * 140_000, encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        run(table, mapping, rejects)


def test_a_wrong_mapping_is_refused_with_everything_that_is_wrong(
    partnership: None, files: tuple[Path, Path, Path]
) -> None:
    table, mapping, rejects = files
    text = MAPPING.replace('"missed-bin"', '"missed-bun"').replace("Europe/London", "Mars/Base")
    text = text.replace('received = "In"', 'received = "Inn"').replace('"completed"', '"finished"')
    mapping.write_text(text.replace('"web" }', '"web" '.strip() + " }"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run(table, mapping, rejects)
    words = str(refused.value)
    assert words.startswith("4 problems, so nothing was changed:")
    assert 'column service.values.Bin: there is no service "missed-bun"' in words
    assert 'column zone: "Mars/Base" is no time zone. Write it like Europe/London' in words
    assert 'column columns.received: the file has no column "Inn"' in words
    assert 'column status.values.done.outcome: there is no outcome "finished"' in words
    assert not Enquiry.objects.exists()


@pytest.mark.skipif(not REAL.exists(), reason=f"the real requests are not here: {REAL.name}")
@pytest.mark.slow
def test_ten_thousand_real_requests(partnership: None, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    first = run(REAL, LOS_ANGELES, rejects)
    assert first.startswith("9,999 rows: 9,999 taken, 0 known already, 0 rejected;")
    channels = Counter(Contact.objects.values_list("channel", flat=True))
    assert channels == {"phone": 4189, "web": 3752, "api": 2024, "email": 33, "counter": 1}
    outcomes = Counter(Enquiry.objects.values_list("outcome", flat=True))
    assert outcomes == {"completed": 9739, "withdrawn": 246, "signposted": 9, "": 5}
    assert Enquiry.objects.exclude(address="").count() == 0
    assert Enquiry.objects.exclude(latitude=None).count() == 0
    assert Enquiry.objects.filter(owner__kind="hub").count() == 0
    assert Referral.objects.filter(organisation__slug="worcestershire-county").count() == 95
    events = EnquiryEvent.objects.count()
    second = run(REAL, LOS_ANGELES, rejects)
    assert "0 taken, 9,999 known already, 0 rejected" in second
    assert EnquiryEvent.objects.count() == events
