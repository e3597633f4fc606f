"""In Chromium: written, read by a colleague, published, read by a citizen who says no, and seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import kb.queries_articles as reading
from accounts.models import User
from kb.actions_articles_ends import set_four_eyes
from kb.article_content import AreaWords
from kb.models import Article
from tests import browsing
from tests.accessibility import axe
from tests.answers.steps import WORDS, editor, published
from tests.world import NOW, PASSWORD, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None, settings: Any) -> World:
    settings.HUB_DEMO = True  # sign-ins of the demonstration need no code there
    return build()


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 40" not in line] == []


def sign_in(page: Page, site: str, user: User) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/?next=/desk/answers/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/answers/")


def test_from_the_first_word_to_a_readers_no_and_back(
    here: World, watched: Page, live_server: Any
) -> None:
    page, site = watched, str(live_server.url)
    admin = here.viewer(here.administrator)
    set_four_eyes(organisation="wychavon", wanted=True, viewer=admin, now=NOW)
    author, other = editor(here, "wychavon"), editor(here, "wychavon", "Zed Second")
    wrong = writes(page, site, author)
    wrong += reviews(page, site, other)
    wrong += says_no(page, site)
    wrong += is_seen(page, site, author)
    assert wrong == []
    assert reading.live("can-i-have-a-bigger-bin") is not None


def writes(page: Page, site: str, author: User) -> list[str]:
    wrong: list[str] = []
    sign_in(page, site, author)
    wrong += axe.walk(page)
    page.get_by_role("button", name="Write a new answer").click()
    page.wait_for_url("**/new/")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("Title").fill("Can I have a bigger bin?")
    page.get_by_label("Summary").fill("When a household may have one.")
    page.get_by_label("Service", exact=True).select_option("missed-bin")
    page.get_by_label("Answer", exact=True).fill(
        "Five or **more** may ask.\n\n## How\n\n- Tell us."
    )
    page.get_by_label("What agents say").fill("Ask how many people live there.")
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url("**/can-i-have-a-bigger-bin/")
    wrong += axe.walk(page)
    page.get_by_text("Ask a colleague to read it").click()
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_text("Your colleagues see")).to_be_visible()
    return wrong


def reviews(page: Page, site: str, other: User) -> list[str]:
    sign_in(page, site, other)
    expect(page.get_by_text("1 waits")).to_be_visible()
    page.get_by_role("link", name="Can I have a bigger bin?").click()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Ask how many people live there.")).to_be_visible()
    wrong = axe.walk(page)
    page.get_by_role("link", name="Write").click()
    page.get_by_text("Publish it").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("readers get it now")).to_be_visible()
    return wrong


def says_no(page: Page, site: str) -> list[str]:
    page.context.clear_cookies()
    page.goto(f"{site}/answers/can-i-have-a-bigger-bin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Can I have a bigger bin?")
    wrong = axe.walk(page)
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Thank you. You said no")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("What was missing").fill("It is six now")
    page.get_by_label("Something here is wrong").check()
    page.get_by_role("button", name="Send these words").click()
    expect(page.get_by_text("We have your words")).to_be_visible()
    return wrong


def is_seen(page: Page, site: str, author: User) -> list[str]:
    sign_in(page, site, author)
    expect(page.get_by_text("1 that readers say")).to_be_visible()
    page.get_by_role("link", name="Can I have a bigger bin?").click()
    page.get_by_role("link", name="What readers say").click()
    expect(page.get_by_text("It is six now")).to_be_visible()
    wrong = axe.walk(page)
    page.get_by_role("button", name="Mark it as dealt with").click()
    expect(page.get_by_text("It is marked as dealt with")).to_be_visible()
    for tab in ("Versions", "Where it is used", "Pictures and files"):
        browsing.follow(page.get_by_role("link", name=tab))
        wrong += axe.walk(page)
    return wrong


def test_an_answer_with_words_of_areas_is_read_without_scripts_at_every_width(
    here: World, browser: Any, live_server: Any
) -> None:
    article = published(
        here.viewer(editor(here, "hub")),
        body=f"{WORDS.body}\n\n::: warning\nRing 999.\n:::\n\n| Bin | On |\n|---|---|\n| A | 1 |",
        areas=(AreaWords("E07000238", "add", "Also in Wychavon."),),
    )
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/answers/{article.slug}/")
        page.get_by_label("Your postcode").fill("nowhere")
        page.get_by_role("button", name="Show the words for here").click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        page.get_by_label("Your postcode").fill("WR11 3DA")
        page.get_by_role("button", name="Show the words for here").click()
        expect(page.get_by_text("Also in Wychavon.")).to_be_visible()
        page.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_text("Thank you. You said yes")).to_be_visible()
    page = browser.new_page()
    page.goto(f"{live_server.url}/answers/{article.slug}/?postcode=x")
    assert axe.walk(page) == []
    page.close()
    assert Article.objects.get(pk=article.pk).reader_words.count() == 1
