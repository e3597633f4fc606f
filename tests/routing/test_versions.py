"""Versions: published ones never change, waiting ones can come back, the way back is a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.audit import Actor
from core.errors import DomainError
from core.models import AuditEvent
from enquiries.actions import drafts, versions
from enquiries.inbound import Located
from enquiries.models import RoutingRule, RuleSet
from enquiries.queries import destinations, rulebook
from enquiries.queries import versions as reading
from enquiries.rule_lists import Differences
from kb.models import Service
from tests.routing.rules import rule
from tests.world import NOW, World

ADAM = Actor("staff", 1, "Adam Admin")
EVE = Actor("staff", 2, "Eve Editor")
LATER = NOW + timedelta(hours=1)
CITY = rule(0, "pothole", area_code="E07000237", organisation="worcester-city")


def draft(name: str = "The city mends its roads", based_on: int = 1) -> int:
    return drafts.make(based_on, name=name, actor=ADAM, now=NOW)


def publish(number: int, *, live: int = 1, at: object = None, now: object = NOW) -> None:
    edit = RuleSet.objects.get(number=number).version
    versions.publish(
        number, edit=edit, live=live, name="", at=at, actor=ADAM, now=now  # type: ignore[arg-type]
    )  # fmt: skip


def owner_of_a_pothole(at: object = None) -> str:
    """Who mends a hole in Worcester, by the rules live at a moment (NOW in the tests' world)."""
    service = Service.objects.get(slug="pothole")
    place = Located(district_code="E07000237", ward_code="E05007900")
    facts = destinations.facts_of(service, place, NOW.date())
    rules = rulebook.live(service, at=at or NOW)  # type: ignore[arg-type]
    from enquiries.routing import choose

    return choose(facts, rules).organisation_name


def test_a_draft_says_what_its_basis_says_and_changes_nothing(world: World) -> None:
    number = draft()
    drafts.add_rule(number, CITY, actor=ADAM, now=NOW)
    found = reading.version(number, NOW)
    assert (found.state, found.based_on, found.rules, found.edit) == ("draft", 1, 4, 1)
    assert owner_of_a_pothole() == "Worcestershire County Council"
    assert reading.changes(1, number).added[0].said == CITY.said


def test_publishing_now_decides_from_now_on_and_the_one_before_stays(world: World) -> None:
    number = draft()
    drafts.add_rule(number, CITY, actor=ADAM, now=NOW)
    publish(number, now=LATER)
    assert owner_of_a_pothole(at=LATER) == "Worcester City Council"
    assert owner_of_a_pothole(at=NOW) == "Worcestershire County Council"
    seen = reading.overview(LATER)
    assert seen.live is not None
    assert seen.before is not None
    assert (seen.live.number, seen.before.number, seen.before.state) == (number, 1, "earlier")
    assert (seen.live.published_by, seen.live.live_from) == ("Adam Admin", LATER)
    assert AuditEvent.objects.filter(action="rules.published", actor_name="Adam Admin").count() == 1


def test_a_published_version_is_never_edited(world: World) -> None:
    number = draft()
    publish(number)
    before = reading.rows(number)
    rule_id, row = reading.identified(number)[0]
    for edit in (
        lambda: drafts.add_rule(number, CITY, actor=EVE, now=NOW),
        lambda: drafts.change_rule(number, rule_id, CITY, seen=row, actor=EVE, now=NOW),
        lambda: drafts.delete_rule(number, rule_id, seen=row, actor=EVE, now=NOW),
        lambda: drafts.move_rule(number, rule_id, before=None, edit=0, actor=EVE, now=NOW),
        lambda: drafts.replace_rules(number, [CITY], edit=0, actor=EVE, now=NOW),
        lambda: drafts.discard(number, edit=0, actor=EVE, now=NOW),
        lambda: publish(number),
    ):
        with pytest.raises(versions.NotADraft, match="was published by Adam Admin"):
            edit()
    assert reading.rows(number) == before


def test_a_version_waits_for_its_time_and_then_decides(world: World) -> None:
    number = draft()
    drafts.add_rule(number, CITY, actor=ADAM, now=NOW)
    publish(number, at=LATER)
    assert reading.version(number, NOW).state == "waiting"
    assert reading.overview(NOW).waiting[0].number == number
    assert owner_of_a_pothole(at=LATER - timedelta(seconds=1)) == "Worcestershire County Council"
    assert owner_of_a_pothole(at=LATER) == "Worcester City Council"
    assert reading.version(number, LATER).state == "live"


def test_what_waits_can_be_called_back_until_its_time_and_not_after(world: World) -> None:
    number = draft()
    publish(number, at=LATER)
    with pytest.raises(versions.NotWaiting, match="has gone live"):
        versions.call_back(number, actor=EVE, now=LATER)
    versions.call_back(number, actor=EVE, now=LATER - timedelta(seconds=1))
    assert reading.version(number, LATER).is_draft
    assert reading.live_number(LATER) == 1
    with pytest.raises(versions.NotWaiting, match="is a draft already"):
        versions.call_back(number, actor=EVE, now=NOW)
    drafts.add_rule(number, CITY, actor=EVE, now=LATER)
    publish(number, now=LATER)
    assert owner_of_a_pothole(at=LATER) == "Worcester City Council"


def test_a_time_that_has_passed_and_a_draft_without_rules_are_refused(world: World) -> None:
    number = draft()
    with pytest.raises(DomainError, match="has passed"):
        publish(number, at=NOW)
    empty = drafts.make(None, name="Empty", actor=ADAM, now=NOW)
    with pytest.raises(DomainError, match="no rules"):
        publish(empty)


def test_nothing_is_published_over_what_somebody_has_not_seen(world: World) -> None:
    mine, theirs = draft("Mine"), draft("Theirs")
    publish(theirs)
    with pytest.raises(versions.Overtaken, match=f"Version {theirs} went live meanwhile"):
        publish(mine)
    publish(mine, live=theirs)
    other = draft("Other")
    drafts.add_rule(other, CITY, actor=EVE, now=NOW)
    with pytest.raises(versions.Overtaken, match="A colleague changed version"):
        versions.publish(other, edit=0, live=mine, name="", at=None, actor=ADAM, now=NOW)


def test_undo_publishes_the_one_before_as_a_new_version(world: World) -> None:
    number = draft()
    drafts.add_rule(number, CITY, actor=ADAM, now=NOW)
    publish(number, now=NOW + timedelta(minutes=1))
    back = versions.undo(number, actor=EVE, now=LATER)
    assert reading.changes(1, back).none
    seen = reading.version(back, LATER)
    assert (seen.state, seen.name, seen.based_on) == ("live", "Back to version 1", 1)
    assert owner_of_a_pothole(at=LATER) == "Worcestershire County Council"
    assert len(reading.rows(number)) == 4
    with pytest.raises(versions.Overtaken):
        versions.undo(number, actor=EVE, now=LATER)
    again = versions.undo(back, actor=EVE, now=LATER + timedelta(minutes=1))
    assert reading.changes(number, again).none


def test_without_a_version_before_there_is_no_way_back(world: World) -> None:
    with pytest.raises(DomainError, match="No version was live before"):
        versions.undo(1, actor=ADAM, now=NOW)


def test_the_history_says_who_when_and_what_changed(world: World) -> None:
    number = draft()
    drafts.add_rule(number, CITY, actor=ADAM, now=NOW)
    publish(number, now=LATER)
    newest, first = reading.history(LATER).versions
    assert isinstance(newest.changes, Differences)
    assert (newest.version.number, newest.before, len(newest.changes.added)) == (number, 1, 1)
    assert (first.version.number, first.before, first.changes) == (1, None, None)


def test_a_page_of_history_asks_the_same_however_much_there_is(
    world: World, django_assert_num_queries
) -> None:
    for _ in range(12):
        live = reading.live_number(LATER)
        publish(draft(based_on=live or 1), live=live or 1, now=LATER)
    with django_assert_num_queries(6):
        first = reading.history(LATER)
    with django_assert_num_queries(6):
        second = reading.history(LATER, page=2)
    assert [len(page.versions) for page in (first, second)] == [10, 3]
    assert (first.next_page, second.next_page) == (2, None)
    assert second.versions[-1].changes is None


def test_a_draft_can_be_thrown_away_and_a_version_cannot_be_unknown(world: World) -> None:
    number = draft()
    versions_before = RuleSet.objects.count()
    drafts.discard(number, edit=0, actor=ADAM, now=NOW)
    assert RuleSet.objects.count() == versions_before - 1
    assert not RoutingRule.objects.filter(rule_set__number=number).exists()
    with pytest.raises(reading.NoSuchVersion):
        reading.version(number, NOW)
    with pytest.raises(reading.NoSuchVersion):
        drafts.discard(number, edit=0, actor=ADAM, now=NOW)
