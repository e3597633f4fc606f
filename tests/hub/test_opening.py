"""When the telephone is answered is written once, and said in the words of whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import translation

import accounts.queries
from accounts import weeks
from accounts.hours import read_hours
from accounts.models import Organisation
from hub import opening
from hub.templatetags import hub_words
from tests.world import World


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """No test knows the hours of another."""
    opening.forget()
    yield
    opening.forget()


@pytest.mark.parametrize(
    ("hours", "english", "polish"),
    [
        (
            "mon-fri 08:00-18:00; sat 09:00-13:00",
            "Monday to Friday 8am to 6pm, Saturday 9am to 1pm",
            "od poniedziałku do piątku 8:00–18:00, sobota 9:00–13:00",
        ),
        (
            "mon-tue 09:00-12:00; mon-tue 13:00-16:30",
            "Monday and Tuesday 9am to midday, 1pm to 4:30pm",
            "poniedziałek i wtorek 9:00–12:00, 13:00–16:30",
        ),
        ("mon-sun 00:00-24:00", "every day, at any hour", "codziennie, przez całą dobę"),
        ("", "closed", "nieczynne"),
    ],
)
def test_a_week_reads_as_people_say_it(hours: str, english: str, polish: str) -> None:
    week = read_hours(hours)
    assert weeks.week(week) == english
    with translation.override("pl"):
        assert weeks.week(week) == polish


@pytest.mark.django_db
def test_every_page_tells_the_hours_of_the_hubs_own_calendar(world: World) -> None:
    hours = read_hours("mon-fri 08:00-18:00; sat 09:00-13:00")
    Organisation.objects.filter(kind="hub").update(calendar=hours)
    page = Client().get("/").content.decode()
    assert "Monday to Friday 8am to 6pm, Saturday 9am to 1pm" in page
    polish = Client(headers={"accept-language": "pl"}).get("/").content.decode()
    assert "<span>od poniedziałku do piątku 8:00–18:00, sobota 9:00–13:00</span>" in polish


@pytest.mark.django_db
def test_a_page_of_an_error_tells_what_was_known_while_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Organisation.objects.filter(kind="hub").update(calendar=read_hours("sat 09:00-13:00"))
    assert opening.words() == "Saturday 9am to 1pm"
    asked = list[int]()

    def away(**_: object) -> None:
        asked.append(1)
        raise DatabaseError

    monkeypatch.setattr(accounts.queries, "organisations", away)
    assert opening.words() == "Saturday 9am to 1pm"
    assert not asked
    opening.forget()
    assert opening.words() == "Monday to Friday 9am to 5pm"
    assert asked


def test_days_are_written_small_where_the_language_does(settings: object) -> None:
    one = date(2026, 11, 25)
    assert hub_words.long_day(one) == "Wednesday 25 November 2026"
    assert hub_words.plain_day(one) == "25 November 2026"
    with translation.override("pl"):
        assert hub_words.long_day(one) == "środa 25 listopada 2026"
        assert hub_words.plain_day(one) == "25 listopada 2026"
        assert hub_words.day(one).startswith("śr")
