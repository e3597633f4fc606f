"""The page on which people of the hub decide what is spam."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enquiries.models import Enquiry
from kb.models import Service
from tests.outbox import run_outbox
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LETTERS = "مرحبا <b>Cheap</b> bins 🗑️ http://a.example"


def held(words: str = LETTERS, **more: Any) -> Enquiry:
    return enquiry_of(
        ask(words=words, suspicion=("trap", "link"), at=timezone.now(), triaged=False, **more)
    )


def test_it_shows_what_waits_and_why(world: World, client_for: Any) -> None:
    case = held()
    page = client_for(world.agent).get("/desk/holding/").content.decode()
    assert case.reference in page
    assert "A field that people do not see was filled in" in page
    assert "&lt;b&gt;Cheap" in page
    assert "Goes on by itself" in page
    assert "Late" not in page
    assert f'action="/desk/holding/{case.reference}/genuine/"' in page
    assert f'action="/desk/holding/{case.reference}/spam/"' in page


def test_the_queues_head_counts_them(world: World, client_for: Any) -> None:
    client: Client = client_for(world.agent)
    held()
    held("another", external_id="b")
    page = client.get("/desk/").content.decode()
    assert 'href="/desk/holding/"' in page
    assert 'Held<span class="hub-count">2</span>' in page


def test_what_waits_too_long_presses(
    world: World, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = held()
    case.holding.presses_at = timezone.now() - timedelta(minutes=1)
    case.holding.save()
    page = client_for(world.agent).get("/desk/holding/").content.decode()
    assert "1 has waited for more than a working hour" in page
    metrics = Client().get("/metrics").content.decode()
    assert "hub_held 1.0" in metrics
    assert "hub_held_pressing 1.0" in metrics


def test_genuine_and_spam_and_back(world: World, client_for: Any) -> None:
    client: Client = client_for(world.agent)
    good, bad = held("My bin is full"), held(external_id="b")
    done = client.post(f"/desk/holding/{good.reference}/genuine/", follow=True)
    assert f"{good.reference} goes on" in done.content.decode()
    run_outbox()
    assert enquiry_of_reference(good).status == "referred"
    ended = client.post(f"/desk/holding/{bad.reference}/spam/", follow=True)
    assert "Called spam in the last 30 days" in ended.content.decode()
    assert enquiry_of_reference(bad).outcome == "spam"
    client.post(f"/desk/holding/{bad.reference}/not-spam/")
    assert enquiry_of_reference(bad).status == "referred"
    assert "Nothing is held" in client.get("/desk/holding/").content.decode()


def enquiry_of_reference(case: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=case.pk)


def test_pressing_twice_or_too_late_is_said(world: World, client_for: Any) -> None:
    client: Client = client_for(world.agent)
    case = held()
    for _ in range(2):
        page = client.post(f"/desk/holding/{case.reference}/genuine/", follow=True)
    assert "not held any more" in page.content.decode()


def test_the_cases_own_page_says_so_and_asks_for_a_decision(world: World, client_for: Any) -> None:
    case = held()
    page = client_for(world.agent).get(f"/desk/cases/{case.reference}/").content.decode()
    assert "This is held: it may be spam" in page
    assert "Held: it may be spam" in page


def test_whose_desk_it_is_not_finds_nothing(world: World, client_for: Any) -> None:
    case = held()
    client: Client = client_for(world.officer)
    assert client.get("/desk/holding/").status_code == 404
    assert client.post(f"/desk/holding/{case.reference}/spam/").status_code == 404
    agent: Client = client_for(world.agent)
    assert agent.post(f"/desk/holding/{case.reference}/burn/").status_code == 404
    assert agent.post("/desk/holding/WH7-K3MP-4X/spam/").status_code == 404
    assert agent.get(f"/desk/holding/{case.reference}/spam/").status_code == 302
    assert enquiry_of_reference(case).status == "new"


def test_words_of_a_sensitive_one_are_for_those_who_handle_it(
    world: World, client_for: Any
) -> None:
    Service.objects.filter(slug="missed-bin").update(sensitive=True)
    held("SECRET WORDS")
    page = client_for(world.manager).get("/desk/holding/").content.decode()
    assert "SECRET WORDS" not in page
    assert "Jo Bloggs" not in page
    assert "/spam/" not in page
    assert "/genuine/" in page
