"""The page, the command and the files say the same numbers, each with its definition."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from accounts.models import User
from core import spreadsheets
from desk import packs_made, performance_sheet
from desk.views import performance
from metrics import printed as printing
from metrics import sheets, spread
from metrics.definitions import DEFINITIONS
from metrics.figures import measures as measures
from metrics.models import Pack
from tests.metrics.test_commands import printed
from tests.metrics.test_commands import story as story
from tests.metrics.test_packs import HOME as PACKS
from tests.metrics.test_packs import MONDAY, squeezed, words
from tests.metrics.test_projection import Clock
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World

FIGURES = "/desk/performance/figures"
SignIn = Callable[[User], Client]


def exact(value: spread.Number) -> str:
    """A number as a file holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def said(page: str) -> dict[str, str]:
    """Each number of the page, as exactly as it says it."""
    found = re.findall(r'<data value="([^"]*)" data-figure="([^"]+)">', page)
    return {unescape(key): unescape(value) for value, key in found}


def in_file(content: bytes) -> dict[str, str]:
    """Each number of the CSV file."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {
        f"{row['figure']}/{row['part']}/{row['measure']}": row["value"].lstrip("'") for row in rows
    }


def in_book(content: bytes) -> list[list[str]]:
    """The cells of an XLSX file, row by row."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ET.fromstring(book.read(name))
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    return [
        ["".join(cell.itertext()) for cell in row.findall("m:c", names)]
        for row in sheet.iterfind(".//m:row", names)
    ]


@pytest.mark.django_db(transaction=True)
def test_page_command_csv_and_xlsx_say_the_same(
    world: World, story: Clock, client_for: SignIn
) -> None:
    story.on(days=60)
    since = (NOW - timedelta(days=1)).date().isoformat()
    command = {
        row.key: exact(row.value)
        for row in spread.rows(json.loads(printed("measures", "--from", since)))
    }
    client = client_for(world.manager)

    page = client.get(f"{FIGURES}/?from={since}").content.decode()
    text = b"".join(client.get(f"{FIGURES}.csv?from={since}"))
    book = in_book(b"".join(client.get(f"{FIGURES}.xlsx?from={since}")))

    assert int(command["osr//mature"]) > 0
    assert said(page) == command
    assert in_file(text) == command
    assert [row[:3] for row in book[1:]] == [
        key.split("/", 1)[:1] + key.split("/", 1)[1].rsplit("/", 1) for key in command
    ]
    parts = json.loads(printed("measures", "--from", since, "--by", "channel"))["by"]
    by = csv.DictReader(io.StringIO(
        b"".join(client.get(f"{FIGURES}.csv?from={since}&by=channel")).decode("utf-8-sig")
    ))  # fmt: skip
    assert len(parts) > 1
    assert [
        (row["of"], f"{row['figure']}/{row['part']}/{row['measure']}", row["value"].lstrip("'"))
        for row in by
    ] == [(key, row.key, exact(row.value)) for key in parts for row in spread.rows(parts[key])]
    for definition in DEFINITIONS.values():
        assert definition.says in unescape(page)


@pytest.mark.django_db(transaction=True)
def test_page_command_csv_xlsx_and_pdf_say_the_same_of_one_week(
    world: World, story: Clock, client_for: SignIn
) -> None:
    story.now = MONDAY
    days = "from=2026-11-16&to=2026-11-22"
    found = json.loads(printed("measures", "--from", "2026-11-16", "--to", "2026-11-23"))
    rows = spread.rows(found)
    command = {row.key: exact(row.value) for row in rows}
    assert int(command["osr//mature"]) > 0

    client = client_for(world.manager)
    page = client.get(f"{FIGURES}/?{days}").content.decode()
    book = in_book(b"".join(client.get(f"{FIGURES}.xlsx?{days}")))
    packs_made.send_due(now=story.now)
    pack = Pack.objects.get(kind="weekly", organisation="")
    pdf = words(b"".join(client.get(f"{PACKS}{pack.public_id}/")))

    assert said(page) == command
    assert in_file(b"".join(client.get(f"{FIGURES}.csv?{days}"))) == command
    assert {"/".join(row[:3]): row[3] for row in book[1:]} == in_book_words(command)
    # On paper each stands under its name, in the words of the page.
    told = set[str]()
    for section in performance_sheet.sections(rows, performance.names_of()):
        for figure in section.figures:
            numbers = [*([figure.main] if figure.main else []), *figure.numbers]
            named = [("", one) for one in numbers]
            named += [(f"{part.name}: ", one) for part in figure.parts for one in part.numbers]
            for part, one in named:
                label = f"{part}{one.label.lower() if part else one.label}"
                assert squeezed(f"{label}{one.text}") in pdf, one.key
                told.add(one.key)
    assert told == set(command)


def in_book_words(command: dict[str, str]) -> dict[str, str]:
    """What a book holds of yes and no, which are no texts there."""
    return {key: {"yes": "1", "no": "0"}.get(value, value) for key, value in command.items()}


def test_every_figure_that_is_printed_has_a_definition() -> None:
    empty = printing.sheet(sheets.sheet(sheets.Counts(), sheets.Yardsticks()))
    figures = set(empty) - {"version", "not_yet"}
    beside = {"bvpi_157", "answers", "kiosk_uptime", "messages_within_10_s"}
    assert figures | beside | {"calls_within_20_s", "calls_given_up"} == set(DEFINITIONS)


def test_a_text_in_a_file_runs_nothing() -> None:
    rows: list[list[spreadsheets.Value]] = [["=1+1", -2.5, None], ["@SUM(A1)", True, "a & b\x00"]]

    lines = spreadsheets.as_csv(["a", "b", "c"], rows).decode("utf-8-sig").splitlines()
    book = in_book(spreadsheets.as_xlsx("A/B: what?", ["a", "b", "c"], rows))

    assert lines == ["a,b,c", "'=1+1,-2.5,", "'@SUM(A1),yes,a & b\x00"]
    assert book == [["a", "b", "c"], ["=1+1", "-2.5", ""], ["@SUM(A1)", "1", "a & b"]]
