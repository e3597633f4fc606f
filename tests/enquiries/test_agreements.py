"""Agreements and clock rules: who may change them, what is refused, what stays on record."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from core.models import AuditEvent
from enquiries.actions import agreements, clock_rules, recounts
from enquiries.actions.agreements import About, AgreementRefused, NoSuchAgreement
from enquiries.actions.clock_rules import ClockRuleRefused, NoSuchClockRule
from enquiries.clock_rule_rows import ClockRuleRow
from enquiries.models import Agreement, Clock, ClockRule
from enquiries.promises import Agreed
from enquiries.queries import agreements as reading
from enquiries.queries import destinations
from tests.world import NOW, ask, build, enquiry_of

WYCHAVON = About("wychavon", None)
BINS = About("wychavon", "missed-bin")
# What the world's Wychavon agreed for all its services.
AGREED = Agreed(4, 5)
URGENT = ClockRuleRow(None, "urgent", False, 50)


@pytest.fixture
def admin(world: Any) -> Any:
    return world.viewer(world.administrator)


def test_an_agreement_is_changed_and_holds_from_now_on(admin: Any) -> None:
    earlier = enquiry_of(ask())
    agreements.set_agreement(
        viewer=admin, about=WYCHAVON, agreed=Agreed(2, 5), seen=AGREED, now=NOW
    )
    later = enquiry_of(ask())
    clocks = {row.enquiry_id: row for row in Clock.objects.filter(kind="accept")}
    assert clocks[earlier.pk].budget == timedelta(hours=4)
    assert clocks[later.pk].budget == timedelta(hours=2)
    line = AuditEvent.objects.get(action="agreement.set")
    assert (line.target, line.actor_name) == ("agreement:wychavon/any", "Adam Admin")
    assert line.data["was"] == "4 working hours to accept, 5 working days for the work"
    assert line.data["now"] == "2 working hours to accept, 5 working days for the work"


def test_a_service_has_its_own_and_falls_back_when_it_is_removed(admin: Any) -> None:
    agreements.set_agreement(
        viewer=admin, about=BINS, agreed=Agreed(1, 1, elapsed=True), seen=None, now=NOW
    )
    row = enquiry_of(ask())
    clock = Clock.objects.get(enquiry=row, kind="accept")
    assert clock.elapsed
    assert clock.due_at == NOW + timedelta(hours=1)
    lines = reading.of_body(admin, "wychavon")
    assert [(line.service, line.agreed) for line in lines] == [
        (None, AGREED),
        ("missed-bin", Agreed(1, 1, elapsed=True)),
    ]
    for _ in range(2):
        agreements.remove_agreement(viewer=admin, about=BINS, now=NOW)
    assert AuditEvent.objects.filter(action="agreement.removed").count() == 1
    service, owner = row.service, row.owner
    assert service is not None
    assert owner is not None
    assert destinations.agreed_for(service, owner) == AGREED


def test_when_hours_change_a_clock_is_counted_by_the_agreement_of_now(admin: Any) -> None:
    row = enquiry_of(ask())
    agreements.set_agreement(
        viewer=admin, about=BINS, agreed=Agreed(30, 1, elapsed=True), seen=None, now=NOW
    )
    assert row.owner_id is not None
    recounts.recount(organisation_id=row.owner_id, now=NOW)
    clock = Clock.objects.get(enquiry=row, kind="accept")
    assert (clock.budget, clock.elapsed) == (timedelta(hours=30), True)
    assert clock.due_at == NOW + timedelta(hours=30)


@pytest.mark.parametrize("seen", [None, Agreed(4, 6), Agreed(4, 5, elapsed=True)])
def test_what_somebody_else_changed_is_not_written_over(admin: Any, seen: Agreed | None) -> None:
    with pytest.raises(AgreementRefused, match="now: 4 working hours to accept, 5 working days"):
        agreements.set_agreement(
            viewer=admin, about=WYCHAVON, agreed=Agreed(9, 9), seen=seen, now=NOW
        )
    agreements.remove_agreement(viewer=admin, about=WYCHAVON, now=NOW)
    with pytest.raises(AgreementRefused, match="has removed this agreement meanwhile"):
        agreements.set_agreement(
            viewer=admin, about=WYCHAVON, agreed=Agreed(9, 9), seen=AGREED, now=NOW
        )
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("agreed", "field"),
    [
        (Agreed(0, 5), "accept_wh"),
        (Agreed(401, 5), "accept_wh"),
        (Agreed(4, -1), "work_wd"),
        (Agreed(4, 261), "work_wd"),
    ],
)
def test_times_that_cannot_be_meant_are_refused(admin: Any, agreed: Agreed, field: str) -> None:
    with pytest.raises(AgreementRefused) as refused:
        agreements.set_agreement(viewer=admin, about=WYCHAVON, agreed=agreed, seen=AGREED, now=NOW)
    assert refused.value.field == field


def test_only_administrators_read_or_change_them(world: Any) -> None:
    ClockRule.objects.create(priority="urgent", percent=50)
    for user in (world.agent, world.manager, world.officer, world.outsider):
        who = world.viewer(user)
        assert reading.bodies(who) == []
        assert reading.of_body(who, "wychavon") == []
        assert reading.clock_rules(who) == []
        with pytest.raises(NoSuchAgreement):
            agreements.set_agreement(
                viewer=who, about=WYCHAVON, agreed=Agreed(1, 1), seen=AGREED, now=NOW
            )
        with pytest.raises(NoSuchAgreement):
            agreements.remove_agreement(viewer=who, about=WYCHAVON, now=NOW)
        with pytest.raises(NoSuchClockRule):
            clock_rules.set_clock_rule(viewer=who, rule=URGENT, seen=50, now=NOW)
        with pytest.raises(NoSuchClockRule):
            clock_rules.remove_clock_rule(viewer=who, rule=URGENT, now=NOW)
    assert Agreement.objects.count() == ClockRule.objects.count() == 1


def test_what_is_not_there_cannot_agree(admin: Any) -> None:
    for about in (About("nowhere", None), About("nowhere", "missed-bin")):
        with pytest.raises(NoSuchAgreement):
            agreements.set_agreement(
                viewer=admin, about=about, agreed=Agreed(1, 1), seen=None, now=NOW
            )
    with pytest.raises(AgreementRefused, match="Choose a service"):
        agreements.set_agreement(
            viewer=admin, about=About("wychavon", "nothing"), agreed=Agreed(1, 1), seen=None,
            now=NOW,
        )  # fmt: skip


def test_a_clock_rule_shortens_what_starts_from_now_on(admin: Any) -> None:
    case = enquiry_of(ask())
    assert destinations.percent(case.service_id, "urgent", is_vulnerable=False) == 100
    clock_rules.set_clock_rule(viewer=admin, rule=URGENT, seen=None, now=NOW)
    bins = replace(URGENT, service="missed-bin", percent=25)
    clock_rules.set_clock_rule(viewer=admin, rule=bins, seen=None, now=NOW)
    assert destinations.percent(case.service_id, "urgent", is_vulnerable=False) == 25
    assert destinations.percent(None, "urgent", is_vulnerable=False) == 50
    clock_rules.set_clock_rule(viewer=admin, rule=replace(bins, percent=20), seen=25, now=NOW)
    assert [(line.service_name, line.cause, line.rule.percent) for line in _rules(admin)] == [
        ("", "Priority urgent", 50),
        ("Missed bin", "Priority urgent", 20),
    ]
    for _ in range(2):
        clock_rules.remove_clock_rule(viewer=admin, rule=bins, now=NOW)
    assert destinations.percent(case.service_id, "urgent", is_vulnerable=False) == 50
    done = AuditEvent.objects.filter(action__startswith="clock_rule.").order_by("pk")
    assert [(line.action, line.data["percent"], line.data["was"]) for line in done] == [
        ("clock_rule.set", 50, None),
        ("clock_rule.set", 25, None),
        ("clock_rule.set", 20, 25),
        ("clock_rule.removed", 25, 20),
    ]


def _rules(admin: Any) -> list[reading.RuleLine]:
    return reading.clock_rules(admin)


def test_a_cause_is_said_in_words(admin: Any) -> None:
    rule = ClockRuleRow(None, "emergency", True, 5)
    clock_rules.set_clock_rule(viewer=admin, rule=rule, seen=None, now=NOW)
    assert _rules(admin)[0].cause == "Priority emergency and a person who is vulnerable"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (replace(URGENT, percent=0), "from 1 to 100"),
        (replace(URGENT, percent=101), "from 1 to 100"),
        (replace(URGENT, priority=""), "or both"),
        (replace(URGENT, priority="normal"), "Choose a priority"),
        (replace(URGENT, service="nothing"), "Choose a service"),
    ],
)
def test_a_clock_rule_that_says_nothing_is_refused(
    admin: Any, rule: ClockRuleRow, words: str
) -> None:
    with pytest.raises(ClockRuleRefused, match=words):
        clock_rules.set_clock_rule(viewer=admin, rule=rule, seen=None, now=NOW)
    assert not ClockRule.objects.exists()


def test_a_clock_rule_changed_meanwhile_is_not_written_over(admin: Any) -> None:
    clock_rules.set_clock_rule(viewer=admin, rule=URGENT, seen=None, now=NOW)
    with pytest.raises(ClockRuleRefused, match="There is a rule for this now: 50 %"):
        clock_rules.set_clock_rule(
            viewer=admin, rule=replace(URGENT, percent=60), seen=None, now=NOW
        )
    clock_rules.remove_clock_rule(viewer=admin, rule=URGENT, now=NOW)
    with pytest.raises(ClockRuleRefused, match="removed this rule meanwhile"):
        clock_rules.set_clock_rule(viewer=admin, rule=URGENT, seen=50, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_the_same_at_once_one_is_told() -> None:
    world = build()
    viewer = world.viewer(world.administrator)
    refused, ready = [], threading.Barrier(2)

    def agree(hours: int) -> None:
        ready.wait()
        try:
            agreements.set_agreement(
                viewer=viewer, about=BINS, agreed=Agreed(hours, 1), seen=None, now=NOW
            )
        except AgreementRefused as error:
            refused.append(error.message)
        finally:
            connection.close()

    pair = [threading.Thread(target=agree, args=[hours]) for hours in (1, 2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(timeout=20)
    assert len(refused) == 1
    assert "There is an agreement about this now" in refused[0]
    assert Agreement.objects.filter(service__slug="missed-bin").count() == 1
