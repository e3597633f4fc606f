"""Everybody at a desk reads what is published, and editors what people did not find."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import kb.actions
from accounts.models import User
from accounts.permissions import SYSTEM_VIEWER
from kb import search, search_log
from kb.actions_notices import NoticeSaid, draft, publish
from kb.models import Article, Danger
from tests.answers.steps import editor
from tests.desk.steps import new_key, text
from tests.world import World

pytestmark = pytest.mark.django_db
Opens = Callable[[User], Client]


def notice(title: str, *, live: bool = True, in_days: int = -1, body: str = "wychavon") -> None:
    now = timezone.now()
    made = draft(
        NoticeSaid(
            organisation=body, kind="outage", title=title, words="The lorry is broken.",
            services=("missed-bin",), starts_at=now + timedelta(days=in_days), everywhere=True,
        ),
        viewer=SYSTEM_VIEWER,
        now=now,
    )  # fmt: skip
    if live:
        publish(public_id=made.public_id, viewer=SYSTEM_VIEWER, now=now)


@pytest.fixture
def answer(world: World) -> Article:
    found = Article.objects.get()
    found.organisation = world.organisations["wychavon"]
    found.say = "Ask for the house number first."
    found.save()
    kb.actions.index()
    return found


def test_a_partners_officer_reads_what_is_published(
    world: World, client_for: Opens, answer: Article
) -> None:
    page = text(client_for(world.officer).get("/desk/answers/"))
    assert answer.title in page
    assert "Ask for the house number first." in page
    assert "Write a new answer" not in page
    nobody = text(client_for(world.officer).get("/desk/answers/?text=zebra+crossing+zoo"))
    assert "No answer is here" in nobody
    assert answer.title in text(client_for(world.officer).get("/desk/answers/?text=bin+emptied"))


def test_what_agents_of_another_organisation_are_to_say_is_theirs(
    world: World, client_for: Opens, answer: Article
) -> None:
    page = text(client_for(world.outsider).get("/desk/answers/"))
    assert answer.title in page
    assert "Ask for the house number first." not in page
    assert "Ask for the house number first." in text(client_for(world.agent).get("/desk/answers/"))


def test_a_draft_is_not_among_what_is_read(
    world: World, client_for: Opens, answer: Article
) -> None:
    Article.objects.update(is_published=False)
    assert answer.title not in text(client_for(world.officer).get("/desk/answers/"))


@pytest.mark.parametrize(
    "query", ["text=%00", "page=999", "page=x", "view=read", "text=" + "a" * 300]
)
def test_whatever_stands_in_the_address_is_answered(
    world: World, client_for: Opens, query: str
) -> None:
    assert client_for(world.officer).get(f"/desk/answers/?{query}").status_code == 200


def test_an_editor_reads_the_others_beside_their_own(
    world: World, client_for: Opens, answer: Article
) -> None:
    desk = client_for(editor(world, "worcester-city"))
    assert answer.title not in text(desk.get("/desk/answers/"))
    page = text(desk.get("/desk/answers/?view=read"))
    assert answer.title in page
    assert "Ask for the house number first." not in page


def test_an_officer_reads_every_notice_that_holds_and_no_draft(
    world: World, client_for: Opens
) -> None:
    notice("No bins in the north")
    notice("Works next week", in_days=7)
    notice("A draft of ours", live=False)
    page = text(client_for(world.outsider).get("/desk/notices/"))
    assert "No bins in the north" in page
    assert "To come" in page
    assert "Works next week" in page
    assert "A draft of ours" not in page
    assert "Write a notice" not in page
    assert client_for(world.outsider).get("/desk/notices/new/").status_code == 404


def test_who_writes_notices_reads_those_of_others_below_their_own(
    world: World, client_for: Opens
) -> None:
    notice("No bins in the north")
    page = text(client_for(editor(world, "worcester-city")).get("/desk/notices/"))
    assert "Write a notice" in page
    assert "What everybody reads now" in page
    assert "No bins in the north" in page


def test_an_editor_begins_with_the_answers(world: World, client_for: Opens) -> None:
    desk = client_for(editor(world, "worcester-city"))
    assert desk.get("/desk/")["Location"] == "/desk/answers/"
    page = text(desk.get("/desk/answers/"))
    assert 'href="/desk/forms/"' in page
    assert 'href="/desk/settings/search/"' in page


def test_a_partners_editor_sees_what_was_not_found_and_writes_an_answer(
    world: World, client_for: Opens
) -> None:
    for _ in range(3):
        found = search.find("wibbly wobbler")
        search_log.record(found, public_id=uuid.uuid4(), now=timezone.now())
    search_log.fold(now=timezone.now() + timedelta(days=2))
    desk = client_for(editor(world, "worcester-city"))
    page = text(desk.get("/desk/settings/search/"))
    assert "wibbly wobbler" in page
    assert "/desk/answers/new/?title=wibbly%20wobbler" in page
    assert "Add to this service" not in page
    assert desk.post("/desk/settings/search/add/", {}).status_code == 404
    assert desk.get("/desk/settings/search/words/").status_code == 404
    assert desk.get("/desk/settings/search/danger/").status_code == 404


def test_editors_of_the_hub_look_after_the_words_of_danger(world: World, client_for: Opens) -> None:
    Danger.objects.get_or_create(
        slug="gas", defaults={"name": "Gas", "say": "Ring 0800 111 999.", "words": "smell gas"}
    )
    desk = client_for(editor(world, "hub"))
    assert "0800 111 999" in text(desk.get("/desk/settings/search/danger/"))
    page = desk.get("/desk/settings/search/danger/gas/")
    seen = page.context["form"].initial["seen"]
    sent = {"key": new_key(), "seen": seen, "say": "Ring 999.", "text": "rotten eggs\nsmell gas"}
    desk.post("/desk/settings/search/danger/gas/", sent)
    assert Danger.objects.get(slug="gas").words == "rotten eggs, smell gas"
    again = text(
        desk.post("/desk/settings/search/danger/gas/", {**sent, "key": new_key(), "say": ""})
    )
    assert "Write what is said first" in again
    stale = text(
        desk.post("/desk/settings/search/danger/gas/", {**sent, "key": new_key(), "say": "Wait"})
    )
    assert "Somebody else changed this meanwhile" in stale
    assert Danger.objects.get(slug="gas").say == "Ring 999."
