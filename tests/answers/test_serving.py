"""The same answer at each door: for where a reader lives, with its pictures, short, and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import kb.queries_articles as reading
from accounts.models import Organisation
from kb import actions_articles
from kb.article_content import AreaWords, Start
from kb.models import Article, ArticleFile
from tests.answers.steps import WORDS, editor, published, written
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db
WYCHAVON, WORCESTER = "E07000238", "E07000237"
KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    """Files of a test are its own."""
    settings.MEDIA_ROOT = tmp_path


def by_area(world: World) -> Article:
    return published(
        world.viewer(editor(world, "hub")),
        body="Words for all.",
        areas=(
            AreaWords(WYCHAVON, "add", "Also in Wychavon."),
            AreaWords(WORCESTER, "replace", "In Worcester alone."),
        ),
    )


def test_readers_have_the_words_for_where_they_live(world: World, client: Client) -> None:
    path = f"/answers/{by_area(world).slug}/"
    everybody = client.get(path).content.decode()
    for words in (
        "Words for all.",
        "Also in Wychavon.",
        "In Worcester alone.",
        ">In Wychavon<",
    ):
        assert words in everybody
    wychavon = client.get(path, {"postcode": "wr113da"}).content.decode()
    assert "Words for all." in wychavon
    assert "Also in Wychavon." in wychavon
    assert "In Worcester alone." not in wychavon
    worcester = client.get(path, {"postcode": "WR1 3EZ"}).content.decode()
    assert "Words for all." not in worcester
    assert "In Worcester alone." in worcester
    # It is remembered for this visit, without the postcode; an empty one forgets it.
    assert "Words for all." not in client.get(path).content.decode()
    assert "WR1" not in str(dict(client.session))
    assert "Also in Wychavon." in client.get(path, {"postcode": ""}).content.decode()


def test_who_deals_with_it_there_is_named_and_no_words_are_claimed_that_are_not(
    world: World, client: Client
) -> None:
    Organisation.objects.filter(slug="worcester-city").update(phone="01632 960140")
    article = published(
        world.viewer(editor(world, "hub")),
        areas=(AreaWords("E07000238", "add", "Also in Wychavon."),),
    )
    path = f"/answers/{article.slug}/"
    worcester = client.get(path, {"postcode": "WR1 3EZ"}).content.decode()
    assert "You read the words for" not in worcester
    assert "In Worcester the same holds as in the whole county" in worcester
    assert "<strong>Worcester City Council</strong> deals with this in Worcester" in worcester
    assert 'href="tel:01632960140"' in worcester
    assert 'href="mailto:team@worcester-city.demo"' in worcester
    wychavon = client.get(path, {"postcode": "WR11 3DA"}).content.decode()
    assert "You read the words for Wychavon" in wychavon
    assert "<strong>Wychavon District Council</strong>" in wychavon


def test_an_answer_that_is_the_same_everywhere_says_whose_it_is_where_one_lives(
    world: World, client: Client
) -> None:
    path = f"/answers/{published(world.viewer(editor(world, 'hub'))).slug}/"
    assert (
        "Your postcode tells you which council deals with this" in client.get(path).content.decode()
    )
    page = client.get(path, {"postcode": "WR11 3DA"}).content.decode()
    assert "<strong>Wychavon District Council</strong> deals with this in Wychavon" in page
    county = published(
        world.viewer(editor(world, "hub", "Eve Editor")), service="pothole", title="Holes"
    )
    assert 'id="postcode"' not in client.get(f"/answers/{county.slug}/").content.decode()


@pytest.mark.parametrize("postcode", ["nonsense", "SW1A 1AA", "\x00", "W" * 5_000, "ẞß 1"])
def test_a_postcode_that_is_none_is_said_so(world: World, client: Client, postcode: str) -> None:
    page = client.get(f"/answers/{by_area(world).slug}/", {"postcode": postcode})
    assert page.status_code == 200
    assert ("govuk-error-summary" in page.content.decode()) == bool(postcode.strip("\x00"))


def test_the_short_form_is_given_only_to_those_for_whom_it_holds(world: World) -> None:
    Article.objects.all().delete()
    published(
        world.viewer(editor(world, "hub")),
        short="Five or more may ask.",
        areas=(AreaWords(WORCESTER, "replace", "Nobody here."),),
    )
    assert reading.short_for("missed-bin") == "Five or more may ask."
    assert reading.short_for("missed-bin", WYCHAVON) == "Five or more may ask."
    assert reading.short_for("missed-bin", WORCESTER) == ""
    assert reading.short_for("pothole") == ""


def test_a_button_opens_the_form_with_what_is_known(world: World, client: Client) -> None:
    article = published(
        world.viewer(editor(world, "hub")),
        start=(Start("missed-bin", "Report a missed bin", {"which": "black bin"}),),
    )
    page = client.get(f"/answers/{article.slug}/").content.decode()
    assert "/ask/?service=missed-bin&amp;a.which=black+bin" in page
    assert client.get("/ask/?service=missed-bin&a.which=black+bin").status_code in (200, 302)


def test_agents_read_what_to_say_beside_the_case_and_nobody_else(
    world: World, client_for: Callable[..., Client], client: Client
) -> None:
    article = published(world.viewer(editor(world, "hub")))
    received = ask()
    case = f"/desk/cases/{received.enquiries[0].reference}/"
    page = client_for(world.agent).get(f"{case}?knowledge=on")
    assert "Ask how many people live there" in page.content.decode()
    for path in (f"/answers/{article.slug}/", "/services/missed-bin/", "/search/?q=bigger bin"):
        assert "Ask how many people" not in client.get(path).content.decode()


def picture(color: str = "red") -> bytes:
    file = BytesIO()
    drawn = Image.new("RGB", (40, 30), color)
    exif = drawn.getexif()
    exif[0x010E] = "a secret place"
    drawn.save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_picture_is_drawn_anew_and_read_by_all_once_a_published_answer_shows_it(
    world: World, client_for: Callable[..., Client], client: Client
) -> None:
    user = editor(world, "wychavon")
    who, desk = world.viewer(user), client_for(user)
    slug = written(who)
    sent = {"key": KEY, "alt": "A large bin", "file": SimpleUploadedFile("x.exe", picture())}
    assert desk.post(f"/desk/answers/{slug}/files/", sent).status_code == 303
    row = ArticleFile.objects.get()
    assert (row.name, row.content_type) == ("x.jpg", "image/jpeg")
    address = f"/answers/files/{row.public_id}/"
    assert desk.get(f"/desk{address}").status_code == 200
    assert client.get(address).status_code == 404
    body = f"![A large bin](file:{row.public_id})"
    content = replace(WORDS, body=body)
    actions_articles.save(slug=slug, viewer=who, content=content, edition=1, now=NOW)
    assert client.get(address).status_code == 404  # a draft is nobody's yet
    actions_articles.publish(slug=slug, viewer=who, edition=2, now=NOW)
    answer = client.get(address)
    kept = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file
    assert b"secret" not in kept
    assert Image.open(BytesIO(kept)).size == (40, 30)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "public" in answer["Cache-Control"]
    stranger = client_for(editor(world, "worcester-city", "Sam Stranger"))
    assert stranger.get(f"/desk{address}").status_code == 404
    assert address in client.get(f"/answers/{slug}/").content.decode()


@pytest.mark.parametrize(
    ("content", "alt", "words"),
    [
        (b"MZ\x90 a program", "", "Only pictures"),
        (b"<svg onload=alert(1)>", "", "Only pictures"),
        (b"", "", "empty"),
        (picture(), "", "what the picture shows"),
        (b"\xff\xd8\xff broken", "A bin", "cannot be read"),
    ],
)
def test_a_file_that_is_not_taken_says_why(
    world: World, client_for: Callable[..., Client], content: bytes, alt: str, words: str
) -> None:
    user = editor(world, "wychavon")
    slug = written(world.viewer(user))
    sent = {"key": KEY, "alt": alt, "file": SimpleUploadedFile("a.jpg", content)}
    page = client_for(user).post(f"/desk/answers/{slug}/files/", sent)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not ArticleFile.objects.exists()


def test_what_an_editor_gets_wrong_is_said_beside_its_field_with_every_word_kept(
    world: World, client_for: Callable[..., Client]
) -> None:
    user = editor(world, "wychavon")
    slug = written(world.viewer(user))
    page = client_for(user).post(
        f"/desk/answers/{slug}/",
        {
            "key": KEY,
            "edition": "1",
            "title": "",
            "summary": "x" * 201,
            "body": "Kept words",
            "short": "x" * 301,
            "service": "no-such",
            "start_1": "missed-bin",
            "start_answers_1": "no equals",
            "related_services": "Nothing like it",
            "related_articles": "not an address!",
            "review_by": "soon",
        },
    )
    text = page.content.decode()
    for words in (
        "Write the title",
        "200 characters or fewer",
        "300 characters or fewer",
        "Write what the button says",
        "as key=value",
        "There is no service",
        "not the address of an answer",
        "Enter a day, like",
        "Kept words",
    ):
        assert words in text, words
    assert Article.objects.get(slug=slug).title == WORDS.title
