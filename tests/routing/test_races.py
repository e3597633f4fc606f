"""Editors and publishers at once, on real PostgreSQL in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from core.audit import Actor
from core.errors import DomainError
from enquiries.actions import drafts, versions
from enquiries.models import RuleSet
from enquiries.queries import versions as reading
from tests.routing.rules import rule
from tests.world import NOW, build

pytestmark = pytest.mark.django_db(transaction=True)
CITY = rule(0, "pothole", area_code="E07000237", organisation="worcester-city")


def actor(index: int) -> Actor:
    return Actor("staff", index, f"Editor {index}")


@pytest.fixture
def number(transactional_db: None) -> int:
    build()
    return drafts.make(1, name="Draft", actor=actor(0), now=NOW)


def together(hands: int, work: Callable[[int], object]) -> list[object]:
    """What each of many threads got, a refusal included; all start in the same moment."""
    gate = threading.Barrier(hands)

    def one(index: int) -> object:
        try:
            gate.wait()
            return work(index)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


def publish(number: int, index: int) -> None:
    versions.publish(
        number, edit=0, live=1, name=f"By {index}", at=None, actor=actor(index), now=NOW
    )


def test_ten_publish_one_draft_and_one_of_them_did(number: int) -> None:
    answers = together(10, lambda index: publish(number, index))
    refused = [one for one in answers if one is not None]
    assert len(refused) == 9
    won = answers.index(None)
    assert reading.version(number, NOW).published_by == f"Editor {won}"
    assert all(isinstance(one, versions.NotADraft) for one in refused)
    assert all(f"Editor {won}" in str(one) for one in refused)


def test_two_publish_two_drafts_and_the_second_is_shown_the_first(number: int) -> None:
    other = drafts.make(1, name="Other", actor=actor(0), now=NOW)
    answers = together(2, lambda index: publish((number, other)[index], index))
    assert answers.count(None) == 1
    won = (number, other)[answers.index(None)]
    refused = next(one for one in answers if one is not None)
    assert isinstance(refused, versions.Overtaken)
    assert f"Version {won} went live" in str(refused)
    assert reading.live_number(NOW) == won


def test_ten_undo_at_once_and_one_did(number: int) -> None:
    publish(number, 0)
    answers = together(10, lambda index: versions.undo(number, actor=actor(index), now=NOW))
    done = [one for one in answers if isinstance(one, int)]
    assert len(done) == 1
    assert reading.live_number(NOW) == done[0]
    assert RuleSet.objects.count() == 3


def test_ten_add_a_rule_at_the_same_place_and_all_stand_there(number: int) -> None:
    answers = together(
        10, lambda i: drafts.add_rule(number, replace(CITY, note=str(i)), actor=actor(i), now=NOW)
    )
    assert all(isinstance(one, int) for one in answers), answers
    rows = reading.rows(number)
    assert sorted(row.note for row in rows if row.service) == sorted(map(str, range(10)))
    assert len({row.position for row in rows}) == 13
    assert reading.version(number, NOW).edit == 10


def test_ten_edit_one_rule_and_nine_are_shown_the_first(number: int) -> None:
    found = reading.rule_at(number, 10)
    assert found is not None
    rule_id, seen = found
    answers = together(
        10,
        lambda i: drafts.change_rule(
            number, rule_id, replace(seen, note=str(i)), seen=seen, actor=actor(i), now=NOW
        ),
    )
    won = str(answers.index(None))
    refused = [one for one in answers if isinstance(one, drafts.RuleChanged)]
    assert len(refused) == 9
    assert {one.current.note for one in refused} == {won}


def test_an_edit_and_publishing_never_make_a_published_version_that_nobody_saw(
    number: int,
) -> None:
    def work(index: int) -> object:
        if index:
            publish(number, index)
            return None
        return drafts.add_rule(number, CITY, actor=actor(0), now=NOW)

    added, published = together(2, work)
    if published is None:
        assert isinstance(added, versions.NotADraft)
        assert len(reading.rows(number)) == 3
    else:
        assert isinstance(published, versions.Overtaken)
        assert reading.version(number, NOW).is_draft


def test_calling_back_and_undoing_wait_for_one_another(number: int) -> None:
    publish(number, 0)
    waiting = drafts.make(number, name="Waits", actor=actor(0), now=NOW)
    versions.publish(
        waiting,
        edit=0,
        live=number,
        name="",
        at=NOW.replace(hour=23),
        actor=actor(0),
        now=NOW,
    )

    def work(index: int) -> object:
        if index:
            return versions.call_back(waiting, actor=actor(1), now=NOW)
        return versions.undo(number, actor=actor(0), now=NOW)

    undone, called = together(2, work)
    assert isinstance(undone, int)
    assert called is None
    assert reading.version(waiting, NOW).is_draft
    assert reading.live_number(NOW.replace(hour=23)) == undone
