"""Editors see what was not found, and teach search what people call a service."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from kb import search, search_log, synonyms
from kb.models import Service
from tests.search.payloads import PAYLOADS

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/search/"


@pytest.fixture
def desk(world, client_for, db: None):
    return client_for(world.administrator)


def find(text: str) -> list[str]:
    return [hit.slug for hit in search.find(text).hits]


def searched(text: str, times: int = 3) -> None:
    for _ in range(times):
        search_log.record(search.find(text), public_id=uuid.uuid4(), now=timezone.now())


def slug() -> str:
    return Service.objects.filter(is_active=True).order_by("pk")[0].slug


def test_words_nobody_found_are_listed_and_added_by_one_press(desk: Client) -> None:
    searched("wibbly wobbler")
    assert find("wibbly wobbler") == []
    page = desk.get(HOME).content.decode()
    assert "wibbly wobbler" in page
    sent = {"key": str(uuid.uuid4()), "phrase": "wibbly wobbler", "service": slug()}
    answer = desk.post(HOME + "add/", sent, follow=True)
    assert "finds this service now" in answer.content.decode()
    assert find("wibbly wobbler")[0] == slug()
    desk.post(HOME + "add/", sent)  # pressed twice
    assert Service.objects.get(slug=slug()).synonyms.count("wibbly wobbler") == 1


def test_a_check_shows_what_the_words_would_find_and_saves_nothing(desk: Client) -> None:
    before = Service.objects.get(slug=slug()).synonyms
    sent = {"key": str(uuid.uuid4()), "text": "gloop\nzorch", "seen": before}
    page = desk.post(f"{HOME}words/{slug()}/", {**sent, "check": "1"}).content.decode()
    assert "These words would find" in page
    assert "Nothing is saved yet" in page
    assert Service.objects.get(slug=slug()).synonyms == before
    assert find("zorch") == []
    page = desk.post(f"{HOME}words/{slug()}/", sent, follow=True).content.decode()
    assert "These words now find" in page
    assert find("zorch") == [slug()]


def test_words_that_somebody_else_changed_are_not_written_over(desk: Client) -> None:
    one = Service.objects.get(slug=slug())
    sent = {"key": str(uuid.uuid4()), "text": "mine", "seen": one.synonyms}
    Service.objects.filter(pk=one.pk).update(synonyms="theirs")
    page = desk.post(f"{HOME}words/{slug()}/", sent).content.decode()
    assert "Somebody else changed these words" in page
    assert "mine" in page
    assert Service.objects.get(pk=one.pk).synonyms == "theirs"


def test_too_long_a_phrase_is_refused_in_words(desk: Client) -> None:
    sent = {
        "key": str(uuid.uuid4()),
        "text": "x" * 61,
        "seen": Service.objects.get(slug=slug()).synonyms,
    }
    page = desk.post(f"{HOME}words/{slug()}/", sent).content.decode()
    assert "is too long" in page


def test_who_does_not_edit_sees_nothing(world, client_for) -> None:
    for who in (world.agent, world.officer, world.outsider):
        assert client_for(who).get(HOME).status_code == 404
        assert client_for(who).post(HOME + "add/", {}).status_code == 404


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_typed_is_kept_as_words_or_refused(desk: Client, payload: str) -> None:
    address = f"{HOME}words/{slug()}/"
    for more in ({"check": "1"}, {}):
        seen = Service.objects.get(slug=slug()).synonyms
        answer = desk.post(
            address, {"key": str(uuid.uuid4()), "text": payload, "seen": seen, **more}, follow=True
        )
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
    assert desk.get(HOME, {"week": payload}).status_code == 200
    for address in (HOME + "add/",):
        sent = {"key": payload, "phrase": payload, "service": payload}
        assert desk.post(address, sent).status_code == 200
    assert synonyms.phrases("a, b;c\nA") == ["A", "b", "c"]
