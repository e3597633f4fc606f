"""The file of words: loaded with the services, every line checked, nothing half done."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

import kb.queries
from kb.models import Cue
from kb.triage import NOT_SERVICES

REFERENCE = Path(settings.BASE_DIR) / "reference"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("services.csv", "cues.toml"):
        shutil.copy(REFERENCE / name, tmp_path / name)
    return tmp_path


def load(folder: Path) -> None:
    call_command("import_services", folder / "services.csv", stdout=StringIO())


def test_every_service_has_words_and_so_has_what_is_none(partnership: None) -> None:
    subjects = set(Cue.objects.exclude(says="").values_list("subject", flat=True))
    assert subjects == {one.slug for one in kb.queries.services()} | NOT_SERVICES


def test_loading_again_makes_the_words_those_of_the_file(partnership: None, folder: Path) -> None:
    (folder / "cues.toml").write_text('[allotments]\nsays = ["the flumpet"]\n', encoding="utf-8")
    load(folder)
    assert list(Cue.objects.values_list("subject", "says", "points")) == [
        ("allotments", "the flumpet", "")
    ]
    assert kb.queries.suggest_service("the flumpet").service_slug == "allotments"


def test_without_a_file_the_words_stay(partnership: None, folder: Path) -> None:
    before = Cue.objects.count()
    (folder / "cues.toml").unlink()
    load(folder)
    assert Cue.objects.count() == before > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[no-such]\nsays = []", "there is no such service"),
        ("[allotments]\nshouts = []", "it has other keys"),
        ("allotments = 3", "it has other keys"),
        ('[allotments]\nsays = "plot"', "these are no phrases"),
        ('[allotments]\nsays = ["a, b"]', "these are no phrases"),
        ("[allotments]\npoints = [1]", "these are no phrases"),
        ('[allotments]\npoints = ["  "]', "these are no phrases"),
        ("[allotments", "it cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    partnership: None, folder: Path, text: str, words: str
) -> None:
    before = list(Cue.objects.values_list("subject", "says"))
    (folder / "cues.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        load(folder)
    assert list(Cue.objects.values_list("subject", "says")) == before
