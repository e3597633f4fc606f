"""Searches are written down without anybody; what solved it for others comes first; gaps."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from kb import search, search_gaps, search_log, search_solved
from kb.models import Search, SearchWeek, Solved

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def searched(text: str, *, at: datetime = NOW, again: uuid.UUID | None = None) -> uuid.UUID:
    one = uuid.uuid4()
    search_log.record(search.find(text), public_id=one, again=str(again or ""), now=at)
    return one


def test_what_is_somebodys_is_not_written_down(partnership: None) -> None:
    searched("bin WR11 4AA jo@example.com 07700 900123 WH7-K3MP-4P account 1234567890")
    row = Search.objects.get()
    kept = f"{row.words} {row.said}".casefold()
    assert "bin" in row.words
    for personal in ("wr11", "4aa", "jo", "example", "07700", "900123", "k3mp", "1234567890"):
        assert personal not in kept


def test_words_that_are_none_of_ours_are_shown_when_several_used_them(partnership: None) -> None:
    week = search_gaps.weeks
    searched("joebloggs smithfield")
    searched("joebloggs smithfield")
    assert week()
    assert search_gaps.gaps(week()[0]) == []
    searched("smithfield joebloggs")
    (gap,) = search_gaps.gaps(week()[0])
    assert (gap.said, gap.searches, gap.nothing) == ("smithfield joebloggs", 3, 3)
    assert gap.found_nothing


def test_the_fold_counts_weeks_and_forgets_what_may_be_a_name(partnership: None) -> None:
    searched("joebloggs smithfield")
    one = searched("bin")
    searched("bin day", again=one)
    search_log.went_on(str(one), Search.objects.get(public_id=one).shown[0], now=NOW)
    search_log.fold(now=NOW + timedelta(hours=1))
    assert Search.objects.count() == 3  # what comes of them is not known yet
    search_log.fold(now=NOW + timedelta(days=3))
    assert not Search.objects.exists()
    row = SearchWeek.objects.get(words="bin")
    assert (row.searches, row.went_on, row.again, row.nothing) == (1, 1, 1, 0)
    assert SearchWeek.objects.filter(is_known=False).count() == 1
    search_log.fold(now=NOW + timedelta(days=30))
    assert not SearchWeek.objects.filter(is_known=False).exists()
    assert SearchWeek.objects.filter(words="bin").exists()


def test_what_solved_it_for_others_rises_and_fades(partnership: None) -> None:
    def names() -> list[str]:
        return [f"{hit.kind}/{hit.slug}" for hit in search.find("bin", limit=20).hits]

    before = names()
    third = before[2]
    for number in range(12):
        one = uuid.uuid4()
        found = search.find("bin", limit=20)
        search_log.record(found, public_id=one, now=NOW)
        Search.objects.filter(public_id=one).update(shown=[third])
        search_log.went_on(str(one), third, now=NOW)
        search_log.settled(str(one), now=NOW)
        search_log.settled(str(one), now=NOW)  # pressed twice, counted once
        assert Solved.objects.get().weight == pytest.approx(number + 1)
    Solved.objects.update(moved_at=datetime.now(UTC))
    assert names().index(third) < 2
    assert search_solved.of("bin", now=datetime.now(UTC) + timedelta(days=900)) == {}
    Solved.objects.update(moved_at=datetime.now(UTC) - timedelta(days=900))
    assert names() == before
    search_log.fold(now=datetime.now(UTC) + timedelta(days=900))
    assert not Solved.objects.exists()


def test_nobody_raises_what_they_were_not_shown_or_did_not_open(partnership: None) -> None:
    one = searched("bin")
    search_log.went_on(str(one), "service/blue-badge", now=NOW)
    search_log.settled(str(one), now=NOW)
    search_log.settled(str(uuid.uuid4()), now=NOW)
    search_log.went_on("' OR 1=1", "service/blue-badge", now=NOW)
    assert not Solved.objects.exists()
    assert Search.objects.get().chosen == ""


def test_a_search_is_not_broken_by_its_log(
    partnership: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_fields: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Search.objects, "create", fails)
    searched("bin")
    assert not Search.objects.exists()


def test_shown_and_not_gone_on_with_is_a_gap(partnership: None) -> None:
    for _ in range(6):
        searched("pothole")
    (gap,) = search_gaps.gaps(search_gaps.weeks()[0])
    assert gap.said == "pothole"
    assert not gap.found_nothing
    assert ("service/pothole", "Pothole or road surface") in gap.shown
