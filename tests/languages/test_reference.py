"""The Polish that comes with the hub has every text of what comes with the hub."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from kb import queries_tongues, search, tongue_files
from kb.forms import files
from tests.partnership import _loaded, partnership
from tests.search import test_table

__all__ = ["_loaded", "partnership"]
REFERENCE = Path(settings.BASE_DIR) / "reference"
pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(partnership: None) -> None:
    call_command("import_forms", "--replace", stdout=StringIO())


def test_every_text_of_the_reference_is_in_polish_and_nothing_else(whole: None) -> None:
    read = tongue_files.read((REFERENCE / "words" / "pl.po").read_bytes(), ["pl"])
    assert (read.empty, read.unsure) == (0, 0)
    said = [one.source for one in queries_tongues.texts()]
    assert [one for one in said if one not in read.texts] == []
    assert sorted(set(read.texts) - set(said)) == []


def test_the_forms_of_all_files_are_among_them(whole: None) -> None:
    said = {one.source for one in queries_tongues.texts()}
    paths = sorted((REFERENCE / "forms").glob("*.toml"))
    assert len(paths) == 79
    for path in paths:
        form = files.read(path.name, path.read_bytes(), service=path.stem).form
        texts = {text for text, _where in queries_tongues.of_form(path.stem, form) if text}
        assert texts <= said, path.stem


def test_it_is_loaded_by_its_own_command_and_found_in_polish(whole: None) -> None:
    call_command("import_words", stdout=StringIO())
    (row,) = queries_tongues.coverage()
    assert (row.language, row.percent, row.missing, row.old) == ("pl", 100, 0, 0)
    for words, slug in (
        ("dziura w jezdni", "pothole"),
        ("Zgłoszenie przestępstwa", "report-crime"),
        ("zatkana studzienka", "blocked-drain"),
        ("głosowanie korespondencyjne", "postal-vote"),
        ("glosowanie korespondencyjne", "postal-vote"),
        ("rejestracja urodzenia", "register-birth"),
    ):
        found = [hit.service_slug for hit in search.find(words).hits[:3]]
        assert slug in found, (words, found)


def test_what_is_searched_in_english_is_found_as_well_with_polish_beside_it(whole: None) -> None:
    call_command("import_words", stdout=StringIO())
    table = test_table.rows()
    missed = [row["query"] for row in table if not test_table.met(row)[0]]
    assert 1 - len(missed) / len(table) >= test_table.WANTED, missed
