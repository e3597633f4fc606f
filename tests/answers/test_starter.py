"""The answers that come with the hub: one for each service, in plain words, sample and dated."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from core.importing import REFERENCE
from core.sheets import Check
from kb import markdown, reference
from kb.actions_articles import save
from kb.actions_reference import save_articles
from kb.forms import answers as form_answers
from kb.forms.schema import Kind
from kb.models import Article, ArticleVersion
from kb.reference import ArticleRow
from kb.reference_forms import forms
from notifications import gsm
from tests.world import NOW, World

# Automated readability index: the school year (UK, one more) that reads it with ease.
HARDEST, MEAN = 7.5, 5.5
LONGEST_SENTENCE = 25


def _rows() -> list[ArticleRow]:
    check = Check()
    services = reference.services(REFERENCE / "services.csv", check)
    slugs = {row.slug for row in services}
    rows = reference.articles(REFERENCE / "articles.toml", check, slugs)
    rows += reference.articles(REFERENCE / "articles", check, slugs)
    check.finish()
    return rows


def _districts() -> set[str]:
    with (REFERENCE / "organisations.csv").open(encoding="utf-8") as file:
        return {row["area_code"] for row in csv.DictReader(file) if row["kind"] == "district"}


ROWS = _rows()
AREAS = _districts()


def _sentences(body: str) -> list[str]:
    """What is read as a sentence: each line of a list is one."""
    words = re.sub(r"\]\([^)]*\)", "]", body)
    words = re.sub(r"[*#\[\]]|^:::.*$|^[-\d]+[.)]? ", "", words, flags=re.M)
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    parts = [part for line in lines for part in re.split(r"(?<=[.!?:])\s+", line)]
    return [part for part in parts if re.search(r"[a-zA-Z]", part)]


def readability(body: str) -> float:
    sentences = _sentences(body)
    words = [word for one in sentences for word in re.findall(r"[A-Za-z0-9'’£]+", one)]
    letters = sum(len(word) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43


def test_every_service_has_an_answer() -> None:
    services = {row.slug for row in reference.services(REFERENCE / "services.csv", Check())}
    assert len(services) == 80
    assert services - {row.service for row in ROWS} == set()
    assert len({row.slug for row in ROWS}) == len(ROWS)
    whole = {row.service for row in ROWS if len(markdown.plain(row.body).split()) >= 120}
    assert services - whole == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.slug)
def test_an_answer_is_plain_short_marked_as_sample_and_dated(row: ArticleRow) -> None:
    assert "sample answer" in row.body
    assert date(2025, 1, 1) < row.reviewed_on < date(2027, 1, 1)
    assert 0 < len(row.short) <= 300
    assert gsm.outside(row.short) == "", "the text message would cost twice"
    assert gsm.measure(row.short).segments <= 2
    body = row.body.rpartition("*This is a sample")[0]
    assert 50 <= len(markdown.plain(body).split()) <= 350
    long = [one for one in _sentences(body) if len(one.split()) > LONGEST_SENTENCE]
    assert long == []
    assert readability(body) <= HARDEST, readability(body)
    for word in ("please", "successfully", "!"):
        assert word not in body.lower()


def test_all_together_are_read_at_nine() -> None:
    scores = [readability(row.body.rpartition("*This is a sample")[0]) for row in ROWS]
    assert sum(scores) / len(scores) <= MEAN, sum(scores) / len(scores)


def test_every_link_leads_to_a_service_that_there_is() -> None:
    services = {row.slug for row in reference.services(REFERENCE / "services.csv", Check())}
    answers = {row.slug for row in ROWS}
    for row in ROWS:
        for kind, slug in re.findall(r"\]\(/(services|answers)/([^/)]+)/", row.body):
            assert slug in (services if kind == "services" else answers), (row.slug, slug)
        assert set(row.related_services) <= services


@pytest.mark.django_db
def test_loading_again_adds_nothing_and_leaves_what_people_wrote(world: World) -> None:
    mine = [row for row in ROWS if row.service in ("missed-bin", "pothole")]
    from core.audit import SYSTEM

    save_articles(mine, actor=SYSTEM, now=NOW)
    save_articles(mine, actor=SYSTEM, now=NOW)
    assert ArticleVersion.objects.count() == len(mine)
    pothole = Article.objects.get(slug="report-a-pothole")
    assert pothole.organisation is not None
    assert pothole.organisation.slug == "worcestershire-county"
    admin = world.viewer(world.administrator)
    from kb.actions_articles import content_of, publish

    content = content_of(pothole)
    save(slug=pothole.slug, viewer=admin, content=content, edition=0, now=NOW)
    publish(slug=pothole.slug, viewer=admin, edition=1, now=NOW)
    Article.objects.filter(pk=pothole.pk).update(body="Ours")
    save_articles(mine, actor=SYSTEM, now=NOW)
    assert Article.objects.get(pk=pothole.pk).body == "Ours"


def test_a_file_with_a_mistake_says_where(tmp_path: Path) -> None:
    wrong = tmp_path / "one.toml"
    wrong.write_text(
        'reviewed_on = 2026-01-01\n[[article]]\nslug = "a"\nservice = "no-such"\ntitle = "A"\n'
        'summary = "S"\nbody = "B"\nrelated_services = "also-none"\n'
    )
    check = Check()
    reference.articles(tmp_path, check, {"missed-bin"})
    assert {problem.column for problem in check.problems} == {"service", "related_services"}


def test_a_button_opens_a_form_with_answers_that_the_form_has() -> None:
    given = Check()
    known = {row.slug for row in reference.services(REFERENCE / "services.csv", given)}
    paths = sorted((REFERENCE / "forms").glob("*.toml"))
    read = forms(paths, given, services=known, areas=AREAS, today=NOW.date())
    own = {one.service: {question.key: question for question in one.form.own} for one in read}
    starts = [one for row in ROWS for one in row.start]
    assert len({one.service for one in starts}) >= 8
    for one in starts:
        assert one.service in own, one
        assert one.answers, f"{one.words} knows nothing"
        assert "danger" not in one.answers, "whether it is dangerous is always asked"
        for key, value in one.answers.items():
            question = own[one.service].get(key)
            assert question is not None, (one.service, key)
            said = [value] if question.kind is Kind.SEVERAL else value
            assert form_answers.read(question, said, today=NOW.date()), (one, key)


def test_agents_are_told_what_to_say_where_a_button_stands() -> None:
    assert all(row.say for row in ROWS if row.start)


def test_words_for_a_district_are_of_a_district_that_there_is_and_marked_as_sample() -> None:
    words = [one for row in ROWS for one in row.areas]
    assert len({one.code for one in words}) >= 2
    assert {one.code for one in words} <= AREAS
    assert all("Sample words" in one.words for one in words)


@pytest.mark.django_db
def test_what_the_file_says_stands_on_the_page(world: World) -> None:
    from core.audit import SYSTEM

    save_articles([row for row in ROWS if row.start or row.areas], actor=SYSTEM, now=NOW)
    pothole = Article.objects.get(slug="report-a-pothole")
    assert pothole.say
    page = Client().get("/answers/report-a-pothole/").content.decode()
    assert "/ask/?service=pothole&amp;a.road=local" in page
    assert "Report a pothole on a street" in page
    day = Client().get("/answers/find-bin-day/").content.decode()
    assert "Wychavon District Council empties the bins" in day


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('start = [{ service = "no-such", words = "Go" }]', "start"),
        ('start = [{ service = "missed-bin" }]', "start"),
        ('start = "missed-bin"', "start"),
        ('start = [{ service = "missed-bin", words = "Go", answers = { bins = 3 } }]', "start"),
        ('areas = [{ code = "E07000238" }]', "areas"),
        ('areas = [{ code = "E07000238", words = "W", mode = "under" }]', "areas"),
    ],
)
def test_a_button_or_an_area_that_is_none_is_named(tmp_path: Path, line: str, column: str) -> None:
    (tmp_path / "one.toml").write_text(
        'reviewed_on = 2026-01-01\n[[article]]\nslug = "a"\nservice = "missed-bin"\n'
        f'title = "A"\nsummary = "S"\nbody = "B"\n{line}\n'
    )
    check = Check()
    reference.articles(tmp_path, check, {"missed-bin"})
    assert [problem.column for problem in check.problems] == [column]
