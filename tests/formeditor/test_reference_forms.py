"""The forms that come with the hub: each is walked every way, loaded, and written out again."""

from __future__ import annotations

import csv
import random
import re
import tomllib
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import escape

import accounts.queries
import kb.queries
import kb.questions
from core.audit import Actor
from kb.actions_forms import change, make_draft, publish_draft
from kb.forms import files, lint, path, standard, words
from kb.forms.lint import Known
from kb.forms.schema import Answer, EndKind, Form, Kind, Question
from kb.models import FormVersion
from tests.partnership import _loaded, partnership
from tests.partnership_forms import ruled
from tests.world import NOW

__all__ = ["_loaded", "partnership"]
REFERENCE = Path(settings.BASE_DIR) / "reference"
FILES = sorted((REFERENCE / "forms").glob("*.toml"))
TODAY = date(2026, 11, 17)
EDITOR = Actor("staff", name="Ada Min")


def read(file: Path) -> Form:
    return files.read(file.name, file.read_bytes(), service=file.stem).form


def facts() -> dict[str, standard.Facts]:
    with (REFERENCE / "services.csv").open(encoding="utf-8") as file:
        return {
            row["slug"]: standard.Facts(
                row["location"], row["owner_tier"], row["prompt"], row["anonymous_ok"] == "yes"
            )
            for row in csv.DictReader(file)
        }


FACTS = facts()


def an_answer(question: Question, pick: random.Random) -> Answer:
    """Something that a person could answer, at random."""
    if question.kind is Kind.SEVERAL:
        return pick.sample(question.values, pick.randint(1, min(2, len(question.values))))
    if question.choices:
        return pick.choice(question.values)
    if question.kind is Kind.DATE:
        least = int(question.least if question.least is not None else -40_000)
        most = int(question.most if question.most is not None else 4_000)
        near = [
            day for day in (0, -1, -30, -43, -24_200, -24_300, least, most) if least <= day <= most
        ]
        return (TODAY + timedelta(days=pick.choice([*near, pick.randint(least, most)]))).isoformat()
    if question.kind is Kind.NUMBER:
        return str(pick.randint(int(question.least or 0), int(question.most or 9)))
    return "Something"


def once_through(form: Form, pick: random.Random) -> tuple[set[str], set[str], dict[str, Answer]]:
    """Somebody answers one question after another as the doors ask them, until an end."""
    given: dict[str, Answer] = {}
    done: list[str] = []
    ended: set[str] = set()
    passed: set[str] = set()
    while (question := path.next_open(form, given, done, today=TODAY)) is not None:
        assert question.key not in done
        done.append(question.key)
        if question.required or pick.random() < 0.5:
            given[question.key] = an_answer(question, pick)
        while (end := path.end(form, given, today=TODAY, passed=passed)) is not None:
            ended.add(end.key)
            if end.kind is not EndKind.EMERGENCY:
                return set(done), ended, given
            passed.add(end.key)
    return set(done), ended, given


def test_there_are_many_and_each_is_of_a_service_of_the_catalogue() -> None:
    assert len(FILES) >= 75
    assert {file.stem for file in FILES} <= set(FACTS)
    assert all(files.read(file.name, file.read_bytes()).service == file.stem for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_question_is_asked_and_every_end_reached_by_somebody(file: Path) -> None:
    form = standard.completed(read(file), FACTS[file.stem])
    pick = random.Random(file.stem)
    asked: set[str] = set()
    ended: set[str] = set()
    sent = 0
    for _ in range(3_000):
        met, ends, given = once_through(form, pick)
        asked |= met
        ended |= ends
        sent += "you" in met
        assert all(one.answer for one in words.said(form, given))
        if (
            asked == {one.key for one in form.questions}
            and len(ended) == len(form.ends)
            and sent > 20
        ):
            break
    assert asked == {one.key for one in form.questions}
    assert ended == {one.key for one in form.ends}
    assert sent


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_checks_find_nothing_wrong(file: Path) -> None:
    with (REFERENCE / "areas.csv").open(encoding="utf-8") as table:
        areas = {row["code"] for row in csv.DictReader(table)}
    told = [REFERENCE / "articles.toml", *(REFERENCE / "articles").glob("*.toml")]
    answers = [one for file in told for one in tomllib.loads(file.read_text("utf-8"))["article"]]
    articles = {one["slug"] for one in answers}
    form = standard.completed(read(file), FACTS[file.stem])
    known = Known(areas=areas, articles=articles)
    found = lint.lint(form, known, today=TODAY)
    assert lint.wrong(found) == []
    # What is only to be thought about was thought about.
    assert {one.rule for one in found} <= {"kiosk-choices", "late-emergency"}


def test_what_rules_name_is_asked() -> None:
    values: dict[tuple[str, str], set[str]] = {}
    with (REFERENCE / "rules.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            for part in filter(None, row["answers"].split(";")):
                key, named = part.strip().split("=")
                for service in row["services"].split():
                    values.setdefault((service, key), set()).update(named.split("|"))
    assert set(ruled()) == {service for service, _key in values}
    for (service, key), named in values.items():
        question = read(REFERENCE / "forms" / f"{service}.toml").question(key)
        assert question is not None, service
        assert named <= set(question.values)


def test_telephones_are_national_or_invented() -> None:
    phones = {end.phone for file in FILES for end in read(file).ends if end.phone}
    national = {"999", "111", "101", "105", "159", "0800 111 999"}
    lines = {"0300 123 5000", "0303 040 4040", "0800 328 5644", "0808 2000 247", "0800 1111"}
    assert phones <= national | lines | {"01632 960000"}


def test_whoever_is_told_to_ring_the_hub_is_told_what_to_do_when_its_line_is_closed() -> None:
    ours = [end for file in FILES for end in read(file).ends if end.phone == "01632 960000"]
    assert ours
    for end in ours:
        assert "999" in end.words, end
        assert "while our line is open" in end.words, end
        assert re.search(r"At other times|When it is closed", end.words), end


def load(*paths: Any, **options: Any) -> str:
    said = StringIO()
    call_command("import_forms", *map(str, paths), stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_all_load_and_loading_again_changes_nothing(partnership: None, tmp_path: Path) -> None:
    assert f"{len(FILES)} forms" in load()
    before = list(FormVersion.objects.order_by("pk").values_list("pk", "data", "state"))
    assert f"{len(FILES)} forms" in load()
    assert list(FormVersion.objects.order_by("pk").values_list("pk", "data", "state")) == before
    call_command("export_forms", to=tmp_path, stdout=StringIO())
    for file in FILES:
        assert (tmp_path / file.name).read_text("utf-8") == file.read_text("utf-8")
    asked = kb.questions.asked(kb.queries.service("blue-badge"))
    assert asked.form.question("baby") is not None
    assert accounts.queries.area_codes()


@pytest.mark.django_db
def test_the_website_begins_each_of_them(partnership: None, client: Client) -> None:
    load()
    for file in FILES:
        begun = client.post("/ask/", {"service": file.stem}, follow=True)
        assert begun.status_code == 200, file.stem
        first = escape(read(file).questions[0].words)
        assert first in begun.content.decode(), file.stem


@pytest.mark.django_db
def test_what_somebody_edited_is_left_unless_it_is_to_be_replaced(partnership: None) -> None:
    load()
    make_draft(service_slug="noise", actor=EDITOR, now=NOW)
    draft = change(
        service_slug="noise", work=lambda data: {**data, "ends": []}, actor=EDITOR, now=NOW
    )
    live = FormVersion.objects.get(service__slug="noise", state="live").number
    publish_draft(
        service_slug="noise", revision=draft.revision, live=live, note="No ends", known=Known(),
        actor=EDITOR, now=NOW,
    )  # fmt: skip
    said = load()
    assert "Left as they are, because somebody has edited them: noise" in said
    assert FormVersion.objects.get(service__slug="noise", state="live").data.get("ends") is None
    assert "Left" not in load(replace=True)
    assert FormVersion.objects.get(service__slug="noise", state="live").data["ends"]


@pytest.mark.django_db
def test_one_wrong_file_keeps_all_back_and_all_that_is_wrong_is_said(
    partnership: None, tmp_path: Path
) -> None:
    before = FormVersion.objects.count()
    (tmp_path / "pothole.toml").write_text((REFERENCE / "forms/pothole.toml").read_text("utf-8"))
    (tmp_path / "missed-bin.toml").write_text(
        '[[questions]]\nkey = "Bad Key"\ntype = "choice"\nwords = ""\n', encoding="utf-8"
    )
    (tmp_path / "no-such.toml").write_text('questions = []\nservice = "no-such"\n')
    (tmp_path / "twice.json").write_text('{"service": "pothole", "questions": []}')
    with pytest.raises(CommandError) as refused:
        load(tmp_path, tmp_path / "nowhere.toml")
    said = str(refused.value)
    for part in (
        "missed-bin.toml, column Line 1, Question 1 (Bad Key)", "A question needs words",
        "A choice needs 2 to 30 answers", 'there is no service "no-such"',
        'another file is for "pothole" too', "nowhere.toml: there is no such file",
    ):  # fmt: skip
        assert part in said, said
    assert FormVersion.objects.count() == before


@pytest.mark.django_db
def test_one_form_is_printed_and_an_unknown_one_refused(partnership: None) -> None:
    with pytest.raises(CommandError, match="No live form of new-bin"):
        call_command("export_forms", "new-bin", stdout=StringIO())
    load(REFERENCE / "forms/pothole.toml")
    said = StringIO()
    call_command("export_forms", "pothole", stdout=said)
    assert said.getvalue() == (REFERENCE / "forms/pothole.toml").read_text("utf-8")
