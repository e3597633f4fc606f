"""Rules: what sets them off, what they do once, what holds them back, and who is told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Team
from accounts.permissions import Viewer
from core.models import AuditEvent
from enquiries.actions import offers, recounts, replies, teams
from enquiries.lifecycle import Priority
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import desk
from notifications.models import Notification
from teamwork import actions_rules, doing, dry_run, queries_rules, rule_acts, ruling
from teamwork.actions_rules import Written
from teamwork.models import Rule, RuleEvent, RuleRun
from teamwork.recipes import Refused
from tests.teamwork.rules import NOTE, URGENT, begin, case, rule, run
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(one: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=one.pk)


def notes(one: Enquiry) -> int:
    return EnquiryEvent.objects.filter(enquiry=one, type="enquiry.noted").count()


def test_a_rule_acts_once_on_what_fits_and_the_case_says_which_rule(
    world: World, agent: Viewer
) -> None:
    begin()
    made = rule(world, URGENT, NOTE, conditions={"words": ["wheel*"], "channels": ["web"]})
    hit, miss = case("The wheels of my bin are gone"), case("A stolen bin, no freewheeling")
    assert run() == 1
    assert fresh(hit).priority == "urgent"
    assert fresh(miss).priority == "normal"
    assert run() == 0
    assert notes(hit) == 1
    shown = desk.case(agent, hit.reference, now=timezone.now())
    (line,) = [line for line in shown.lines if line.type == "enquiry.noted"]
    assert line.words == f"Note: Look at {hit.reference}"
    assert line.who == "Rule “Wheels”"
    (ran,) = RuleRun.objects.all()
    assert (ran.outcome, ran.acts, ran.rule_id) == ("done", 2, made.pk)
    done = AuditEvent.objects.get(action="rule.done")
    assert done.data["through"]["id"] == str(made.public_id)


def test_what_was_before_the_rule_or_before_it_was_changed_is_left(world: World) -> None:
    begin()
    before = case()
    made = rule(world)
    assert run() == 0
    assert fresh(before).priority == "normal"
    actions_rules.switch(
        viewer=world.viewer(world.administrator), public_id=made.public_id, on=False,
        now=timezone.now(),
    )  # fmt: skip
    off = case()
    run()
    assert fresh(off).priority == "normal"


def press(one: Enquiry, who: Viewer, level: Priority = Priority.URGENT) -> None:
    recounts.set_priority(
        reference=one.reference, viewer=who, priority=level, words="!", now=timezone.now()
    )


def test_a_line_that_is_committed_late_is_not_stepped_over(world: World, agent: Viewer) -> None:
    begin()
    rule(world, NOTE, trigger="priority")
    late, quick = case(), case()
    told, go_on = Barrier(2), Barrier(2)

    def slowly() -> None:
        with transaction.atomic():
            press(late, agent)
            told.wait(10)
            go_on.wait(10)
        connection.close()

    slow = Thread(target=slowly)
    slow.start()
    told.wait(10)
    press(quick, agent)
    run()
    go_on.wait(10)
    slow.join()
    run()
    assert (notes(late), notes(quick)) == (1, 1)
    assert RuleRun.objects.count() == 2


def test_ten_workers_at_once_do_it_once(world: World) -> None:
    begin()
    rule(world, NOTE)
    cases = [case() for _ in range(4)]
    start = Barrier(10)

    def work() -> None:
        start.wait(10)
        run()
        connection.close()

    workers = [Thread(target=work) for _ in range(10)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    run()
    assert [notes(one) for one in cases] == [1, 1, 1, 1]


class Killed(BaseException):
    """The worker is gone: nothing of it is heard any more."""


@pytest.mark.parametrize("where", ["bulk_create", "carry_out", "_count", "_keep", "do"])
def test_killed_anywhere_the_next_run_does_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    begin()
    rule(world, NOTE)
    one = case()
    places: dict[str, Any] = {
        "bulk_create": (RuleEvent.objects, "bulk_create"),
        "carry_out": (rule_acts, "carry_out"),
        "_count": (rule_acts, "_count"),
        "_keep": (ruling, "_keep"),
        "do": (doing, "do"),
    }
    target, name = places[where]
    real = getattr(target, name)

    def dies(*args: Any, **more: Any) -> Any:
        real(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(target, name, dies)
        with pytest.raises(Killed):
            run()
    run()
    run()
    assert notes(one) == 1
    assert RuleRun.objects.count() == 1
    assert not RuleEvent.objects.exists()


def test_rules_go_in_order_until_one_ends_the_turn(world: World) -> None:
    begin()
    rule(world, URGENT, name="First", goes_on=True)
    rule(world, NOTE, name="Second", conditions={"priorities": ["urgent"]})
    rule(world, {"kind": "note", "words": "never"}, name="Third")
    one = case()
    run()
    # The second sees what the first did, and the third is not asked any more.
    ran = RuleRun.objects.order_by("pk").values_list("version__name", "outcome")
    assert list(ran) == [("First", "done"), ("Second", "done")]
    assert notes(one) == 1


def test_rules_that_set_each_other_off_are_stopped_and_it_is_shown(
    world: World, agent: Viewer
) -> None:
    begin()
    up = rule(world, URGENT, name="Up", trigger="priority", conditions={"priorities": ["normal"]})
    down = rule(
        world, {"kind": "priority", "priority": "normal", "words": "Down again"},
        name="Down", trigger="priority", conditions={"priorities": ["urgent"]},
    )  # fmt: skip
    one = case()
    press(one, agent)
    for _ in range(9):
        run()
    assert not RuleEvent.objects.exists()
    ran = list(RuleRun.objects.order_by("pk").values_list("rule_id", "outcome", "why"))
    assert [row[:2] for row in ran] == [
        (down.pk, "done"), (up.pk, "done"), (down.pk, "stopped")
    ]  # fmt: skip
    assert queries_rules.runs(down)[0].why == "It was its own act that set it off"


def test_rules_do_so_much_to_a_case_in_an_hour_and_no_more(world: World, agent: Viewer) -> None:
    begin()
    rule(world, URGENT, NOTE, trigger="contact")
    rule(world, {"kind": "note", "words": "x"}, trigger="priority", name="Other")
    one = case()
    for number in range(rule_acts.MOST_IN_AN_HOUR + 3):
        level = Priority.URGENT if number % 2 else Priority.EMERGENCY
        recounts.set_priority(
            reference=one.reference, viewer=agent, priority=level, words="!", now=timezone.now()
        )
    run()
    assert notes(one) == rule_acts.MOST_IN_AN_HOUR
    stopped = RuleRun.objects.filter(outcome="stopped")
    assert stopped.count() == 3
    assert "within an hour" in stopped.first().why  # type: ignore[union-attr]
    later = timezone.now() + timedelta(hours=2)
    replies.note(reference=one.reference, viewer=agent, words="later", now=later)


def test_a_rule_that_fails_ten_times_in_a_row_is_paused_and_its_owner_told(world: World) -> None:
    begin()
    broken = rule(
        world, {"kind": "ask", "words": "Which bin?"}, trigger="resolved", name="Ask at the end"
    )
    rule(world, {"kind": "resolve", "outcome": "answered", "words": "Done"}, name="End")
    for _ in range(11):
        case()
    for _ in range(3):
        run()
    broken.refresh_from_db()
    assert broken.paused_at is not None
    assert RuleRun.objects.filter(rule=broken, outcome="failed", acts=0).count() == 10
    (mail,) = Notification.objects.filter(event="rule_paused")
    assert mail.to == "admin@hub.demo"
    assert "Ask at the end" in mail.body
    assert (broken.paused_why or "-") in mail.body
    actions_rules.switch(
        viewer=world.viewer(world.administrator), public_id=broken.public_id, on=True,
        now=timezone.now(),
    )  # fmt: skip
    again = Rule.objects.get(pk=broken.pk)
    assert (again.paused_at, again.failures) == (None, 0)


def test_what_fails_in_the_middle_leaves_nothing_of_it(world: World) -> None:
    begin()
    rule(world, NOTE, {"kind": "ask", "words": "?"}, trigger="resolved")
    rule(world, {"kind": "resolve", "outcome": "answered", "words": "Done"}, name="End")
    one = case()
    run()
    run()
    assert fresh(one).status == "resolved"
    assert RuleRun.objects.filter(outcome="failed").count() == 1
    assert notes(one) == 0


def test_a_leaders_rule_holds_for_their_teams_cases_alone(
    world: World, manager: Viewer, agent: Viewer
) -> None:
    begin()
    hub = world.organisations["hub"]
    front = Team.objects.get(organisation=hub, is_default=True)
    streets = Team.objects.create(organisation=hub, slug="streets", name="Streets")
    said = Written(name="Ours", team_id=front.pk, trigger="received", acts=(URGENT,))
    for team in (None, streets.pk):
        wrong = Written(name="Not ours", team_id=team, trigger="received", acts=(URGENT,))
        with pytest.raises(Refused, match="your teams"):
            actions_rules.write(
                viewer=manager, public_id=None, seen=0, said=wrong, now=timezone.now()
            )
    with pytest.raises(Refused):
        actions_rules.write(viewer=agent, public_id=None, seen=0, said=said, now=timezone.now())
    made = actions_rules.write(
        viewer=manager, public_id=None, seen=0, said=said, now=timezone.now()
    )
    actions_rules.switch(viewer=manager, public_id=made.public_id, on=True, now=timezone.now())
    ours, theirs = case(service=None, words="xyzzy"), case()
    run()
    assert (fresh(ours).team_id, fresh(ours).priority) == (front.pk, "urgent")
    assert fresh(theirs).priority == "normal"
    foreign = rule(world, name="All")
    with pytest.raises(queries_rules.NoSuchRule):
        actions_rules.end(viewer=manager, public_id=foreign.public_id, now=timezone.now())


def test_a_rule_does_no_more_than_its_author_may_do_by_hand(
    world: World, manager: Viewer, client_for: Any
) -> None:
    """A manager writes to no citizen: nor by a rule, nor by switching on what a leader wrote."""
    front = Team.objects.get(organisation=world.organisations["hub"], is_default=True)
    said = Written(name="Notes", team_id=front.pk, trigger="received", acts=(NOTE,))
    with pytest.raises(Refused, match="by hand") as refused:
        actions_rules.write(viewer=manager, public_id=None, seen=0, said=said, now=timezone.now())
    assert refused.value.field == "note_words"
    written = rule(world, NOTE, on=False, team_id=front.pk)
    answer = client_for(world.manager).post(f"/desk/rules/{written.public_id}/on/", follow=True)
    assert "by hand" in answer.content.decode()
    written.refresh_from_db()
    assert not written.is_on


def test_a_team_is_told_only_of_a_case_that_its_body_has_part_in(
    world: World, agent: Viewer
) -> None:
    one = case(service=None, words="xyzzy")
    theirs = Team.objects.filter(organisation=world.organisations["wychavon"])[0]
    tell = partial(teams.tell, reference=one.reference, viewer=agent, team_id=theirs.pk)
    with pytest.raises(teams.NoTeam, match="no part in this"):
        tell(words="Look at it", now=timezone.now())
    offers.offer(
        reference=one.reference, viewer=agent, organisation="wychavon", reason="",
        now=timezone.now(),
    )  # fmt: skip
    tell(words="Look at it", now=timezone.now())
    assert Notification.objects.filter(event="team_told").count() == 1


def test_the_dry_run_does_nothing_and_says_what_would_have_been(world: World) -> None:
    begin()
    _, ended = case("The wheels are gone"), case("Also the wheels")
    case("Something else")
    rule(world, {"kind": "resolve", "outcome": "answered", "words": "Done"}, name="Ender",
         conditions={"words": ["also"]}, trigger="routed")  # fmt: skip
    later = rule(
        world, {"kind": "priority", "priority": "emergency", "words": "!"}, name="Louder",
        conditions={"words": ["gone"]}, on=True,
    )  # fmt: skip
    said = Written(name="Try", team_id=None, trigger="received", acts=(URGENT,), goes_on=True,
                   conditions={"words": ["wheels"]})  # fmt: skip
    who, now = world.viewer(world.administrator), timezone.now()
    version = actions_rules.checked(said, viewer=who, now=now)
    lines = EnquiryEvent.objects.count()
    found = dry_run.dry_run(viewer=who, rule=Rule(), version=version, now=now)
    assert (found.looked, found.times, found.cases, found.ended) == (3, 1, 1, 0)
    assert [one.reference for one in found.hits] == [ended.reference]
    assert EnquiryEvent.objects.count() == lines
    assert not RuleRun.objects.exists()
    # A rule before it that ends the turn takes the other one from it.
    (beside,) = found.beside
    assert (beside.name, beside.times) == ("Louder", 1)
    # Before that one it has both, and they would say two things of one case.
    first = Rule(position=1)
    Rule.objects.filter(pk=later.pk).update(position=9)
    found = dry_run.dry_run(viewer=who, rule=first, version=version, now=now)
    assert found.times == 2
    assert [(b.name, b.words) for b in found.beside] == [
        ("Louder", "says otherwise about the same thing: the priority")
    ]
