"""Public figures are about nobody: too few are left out, and how long it took needs twenty."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from metrics import queries
from metrics.models import EnquiryFact
from notifications.models import HandoverDay
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(world, db: None):
    """Makes so many settled enquiries by a channel, each done after so many days."""

    def make(count: int, channel: str, days: int, *, kind: str = "success") -> None:
        for _ in range(count):
            one = enquiry_of(ask())
            at = timezone.now() - timedelta(days=30)
            EnquiryFact.objects.update_or_create(
                enquiry=one,
                defaults={
                    "reference": one.reference, "channel": channel, "service": "missed-bin",
                    "klass": "REQUEST", "linkable": True, "self_service": False,
                    "first_contact": str(one.pk), "started_at": at, "opened_at": at,
                    "last_contact_at": at, "unfinished": False,
                    "outcome_at": at + timedelta(days=days), "verdict": kind,
                    "recontacts": 0, "recontacted": False, "broken": kind == "failure",
                    "capped": False, "last_recorded_at": at, "version": "1", "folded_at": at,
                },
            )  # fmt: skip

    return make


def test_fewer_than_twenty_say_nothing_of_how_long_it_took(facts) -> None:
    facts(19, "web", 3)
    assert queries.took_lately("missed-bin", now=timezone.now()) is None
    facts(1, "web", 3)
    took = queries.took_lately("missed-bin", now=timezone.now())
    assert took is not None
    assert (took.days, took.n) == (3, 20)
    assert queries.took_lately("missed-bin", now=datetime(2030, 1, 1, tzinfo=UTC)) is None


def test_ways_in_that_few_used_are_left_out(client: Client, facts) -> None:
    facts(9, "web", 2)
    facts(5, "web", 2, kind="failure")
    facts(6, "phone", 2)
    facts(4, "sms", 2)
    words = " ".join(client.get("/performance/").content.decode().split())
    assert "Once was enough for 80%" in words
    assert "Text message" not in words
    # What one hidden row lacks could be worked out: the next smallest is hidden with it.
    assert "Telephone" not in words
    assert "Website" in words
    assert "are left out" in words


def test_the_open_files_say_what_the_page_says_and_no_more(client: Client, facts) -> None:
    facts(9, "web", 2)
    facts(5, "web", 2, kind="failure")
    facts(6, "phone", 2)
    facts(4, "sms", 2)
    page = " ".join(client.get("/performance/").content.decode().split())
    data = client.get("/performance/figures.json")
    rows = {(row["by"], row["key"]): row for row in data.json()["figures"]}
    lines = list(csv.DictReader(io.StringIO(
        client.get("/performance/figures.csv").content.decode("utf-8-sig")
    )))  # fmt: skip

    assert {(row["by"], row["key"]) for row in lines} == set(rows)
    for line in lines:
        told = rows[(line["by"], line["key"])]
        assert line == {name: str(value) for name, value in told.items()}
    # 19 and 5 are 20 and 5; the telephone and the texts are hidden, here as on the page.
    assert rows[("all", "")] == {
        "by": "all", "key": "", "share": 80, "low": 61, "high": 91, "enquiries": 25,
    }  # fmt: skip
    assert set(rows) == {("all", ""), ("channel", "web"), ("service", "missed-bin")}
    assert "most likely between 61% and 91%" in page
    assert "We counted about 25 enquiries" in page
    assert data.json()["hidden"] == {"channel": 2}
    assert data["Cache-Control"] == "public, max-age=3600"
    assert data["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in data


def test_how_soon_messages_go_is_public_by_day(client: Client) -> None:
    today = timezone.localdate()
    HandoverDay.objects.create(day=today, medium="sms", due=2000, prompt=1999)
    HandoverDay.objects.create(day=today, medium="email", due=2000, prompt=1996)
    HandoverDay.objects.create(day=today, medium="letter", due=50, prompt=0)
    HandoverDay.objects.create(day=today - timedelta(days=1), medium="sms", due=4, prompt=4)
    few_late = today - timedelta(days=2)
    HandoverDay.objects.create(day=few_late, medium="sms", due=900, prompt=897)
    words = " ".join(client.get("/performance/").content.decode().split())
    assert "Texts and emails sent within 10 seconds" in words
    assert "99.87%" in words  # 3,995 of 4,000: letters are not in it
    assert "4,000" in words
    assert "100.00%" not in words  # of four messages nothing is said
    assert "99.66%" not in words  # nor of three that were late


def test_before_any_message_nothing_is_said_of_them(client: Client) -> None:
    assert "within 10 seconds" not in client.get("/performance/").content.decode()
