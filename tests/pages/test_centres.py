"""Centres: open now or when next, the nearest first, what each offers; and how well it works."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts import offers
from accounts.models import Site
from tests.search.payloads import PAYLOADS

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (TUESDAY, "Open now</strong> until 6pm"),
        (datetime(2026, 11, 24, 18, 30, tzinfo=UTC), "opens Wed 25 Nov at 8am"),
        (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), "opens Tue 24 Nov at 8am"),
        (datetime(2026, 11, 21, 14, 0, tzinfo=UTC), "opens Mon 23 Nov at 8am"),
        # Christmas falls on a Friday, and Boxing Day is kept on the Monday.
        (datetime(2026, 12, 25, 10, 0, tzinfo=UTC), "opens Tue 29 Dec at 8am"),
    ],
)
def test_a_centre_is_open_or_says_when_it_opens(
    client: Client, partnership: None, at: datetime, words: str
) -> None:
    with time_machine.travel(at, tick=False):
        assert words in page(client, "/centres/malvern/")


def test_a_bank_holiday_is_closed_and_says_why(client: Client, partnership: None) -> None:
    with time_machine.travel(datetime(2026, 12, 24, 10, 0, tzinfo=UTC), tick=False):
        words = page(client, "/centres/malvern/")
    assert "Christmas Day</span>" in words


def test_the_nearest_comes_first(client: Client, partnership: None) -> None:
    words = page(client, "/centres/", postcode="wr114aa")
    first = words.index("/centres/evesham/")
    assert first < words.index("/centres/malvern/") < words.index("/centres/kidderminster/")
    assert "miles in a straight line" in words
    assert "miles in a straight line" not in page(client, "/centres/")


def test_each_site_that_people_walk_into_is_there_with_what_it_offers(
    client: Client, partnership: None
) -> None:
    every = page(client, "/centres/")
    for site in Site.objects.all():
        if site.kind == "contact_centre":
            assert client.get(f"/centres/{site.slug}/").status_code == 404
            continue
        assert f'href="/centres/{site.slug}/"' in every
        assert site.offers
        one = page(client, f"/centres/{site.slug}/")
        for words in offers.words(site.offers):
            assert f"<li>{words}</li>" in one


def test_a_postcode_we_cannot_use_is_refused_in_words(client: Client, partnership: None) -> None:
    words = page(client, "/centres/", postcode="SW1A 1AA")
    assert "SW1A 1AA is outside Worcestershire" in words
    assert "<title>Error:" in words.replace("<title> ", "<title>")
    assert "/centres/evesham/" in words


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_stands_in_an_address_gets_a_page(
    client: Client, partnership: None, payload: str
) -> None:
    for path in ("/centres/", "/centres/evesham/", "/performance/"):
        answer = client.get(path, {"postcode": payload, "x": [payload, payload]})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_performance_says_when_there_is_nothing_to_say(client: Client, partnership: None) -> None:
    answer = client.get("/performance/")
    words = answer.content.decode()
    assert "Too few enquiries can be counted yet" in words
    assert "max-age=3600" in answer["Cache-Control"]
    assert not answer.cookies


def test_every_service_says_what_it_promises(client: Client, partnership: None) -> None:
    words = page(client, "/services/")
    assert "Done within 2 working days" in words
    assert "Answered within 3 working days" in words
    assert "First step done within 1 working day" in words
    assert "Done within 20 working days" in page(client, "/services/pothole/")
    assert 'href="/privacy/pothole/"' in page(client, "/services/pothole/")


def test_pages_for_everybody_print_their_address_and_no_other_does(
    client: Client, partnership: None
) -> None:
    for path in ("/services/pothole/", "/centres/malvern/", "/privacy/", "/answers/visit-the-tip/"):
        assert f"testserver{path} ·" in page(client, path)
    for path in ("/track/WH7-K3MP-4P/a-secret-that-opens-it/", "/track/", "/no/such/page/"):
        assert f"testserver{path}" not in client.get(path).content.decode()
