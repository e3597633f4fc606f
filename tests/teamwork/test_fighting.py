"""Rules that answer each other: each acts once, and that they fight is said before and after."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.permissions import Viewer
from enquiries.lifecycle import Priority
from enquiries.models import Enquiry
from teamwork import dry_run
from teamwork.models import Rule, RuleRun
from teamwork.queries_rules import one as rule_of
from tests.desk.steps import text
from tests.teamwork.rules import NOTE, begin, case, rule, run
from tests.teamwork.test_rules import notes, press
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def _priority(level: str) -> dict[str, str]:
    return {"kind": "priority", "priority": level, "words": "A rule says so"}


def _two(world: World, *, goes_on: bool = True) -> list[Rule]:
    return [
        rule(
            world, _priority(to), name=name, trigger="priority", goes_on=goes_on,
            conditions={"priorities": [since]},
        )
        for name, since, to in (("Loud", "urgent", "emergency"), ("Calm", "emergency", "urgent"))
    ]  # fmt: skip


def test_a_rule_acts_once_on_what_one_change_began(world: World, agent: Viewer) -> None:
    begin()
    _two(world)
    rule(world, NOTE, name="Note", trigger="priority", conditions={"priorities": ["emergency"]})
    one = case()
    press(one, agent)
    for _ in range(9):
        run()
    done = RuleRun.objects.filter(outcome="done").values_list("version__name", flat=True)
    assert sorted(done) == ["Calm", "Loud"]
    assert Enquiry.objects.get(pk=one.pk).priority == "urgent"
    # What somebody does by hand begins anew.
    press(one, agent, Priority.EMERGENCY)
    for _ in range(9):
        run()
    assert sorted(done.all()) == ["Calm", "Calm", "Loud", "Loud", "Note"]
    assert notes(one) == 1


def test_two_rules_that_fight_are_named_on_their_pages_and_in_the_dry_run(
    world: World, client_for
) -> None:
    loud, calm = _two(world)
    rule(world, _priority("emergency"), name="Peaceful", conditions={"words": ["fire"]})
    client, words = client_for(world.administrator), "fight over the priority"
    page = text(client.get(f"/desk/rules/{loud.public_id}/"))
    assert words in page
    assert "“Calm”" in page
    assert "“Peaceful”" not in page
    listed = text(client.get("/desk/rules/"))
    assert listed.count(words) == 2
    found, version = rule_of(world.viewer(world.administrator), calm.public_id)
    tried = dry_run.dry_run(
        viewer=world.viewer(world.administrator), rule=found, version=version, now=timezone.now()
    )
    assert [one.name for one in tried.fights] == ["Loud"]
    assert words in text(client.get(f"/desk/rules/{calm.public_id}/dry-run/"))
