"""One person who looks for a name again and again shows it to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import limits
from core.models import LimitCount
from kb import search_gaps, search_log
from kb.models import Search
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
NAME = "Zebedee Quillfeather"


def look(text: str = NAME, *, address: str = "192.0.2.1", client: Client | None = None) -> None:
    browser = client or Client()
    answer = browser.get(
        "/search/", {"q": text}, headers={"user-agent": "Mozilla/5.0"}, REMOTE_ADDR=address
    )
    assert answer.status_code == 200


def shown() -> list[str]:
    return [gap.said for week in search_gaps.weeks() for gap in search_gaps.gaps(week)]


def test_who_reloads_or_comes_back_in_another_browser_shows_no_name_to_editors(
    world: World,
) -> None:
    client = Client()
    for _ in range(3):
        look(client=client)
        look()
    assert Search.objects.count() == 1
    assert shown() == []


def test_words_that_several_people_looked_for_are_shown(world: World) -> None:
    for number in range(search_log.SEVERAL):
        look(address=f"192.0.2.{number}")
    assert shown() == [NAME.casefold()] or shown() == [NAME]


def test_nor_when_they_look_each_day_of_a_week_and_old_counts_are_forgotten(world: World) -> None:
    for day in range(7):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            limits.purge(before=timezone.now() - limits.KEPT)
            look()
    assert Search.objects.count() <= 2  # a week of counting may begin on any day
    assert shown() == []


def test_words_of_our_own_are_counted_each_time(world: World) -> None:
    for _ in range(3):
        look("missed bin")
    assert Search.objects.count() == 3


def test_what_is_counted_says_neither_who_nor_what_and_goes(world: World) -> None:
    look()
    kept = repr(list(LimitCount.objects.filter(door="rare_words").values())).casefold()
    assert "quillfeather" not in kept
    assert "192.0.2.1" not in kept
    limits.purge(before=timezone.now() + timedelta(days=8))
    assert not LimitCount.objects.exists()
