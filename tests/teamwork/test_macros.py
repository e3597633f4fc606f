"""Several acts in one key: what exactly would happen, and all of it or nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Team
from accounts.permissions import Viewer
from core.models import AuditEvent
from enquiries.actions import resolutions
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import desk
from notifications.models import Notification
from teamwork import actions_macros, macro_run, queries_macros
from teamwork.models import Macro
from teamwork.recipes import Refused
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db

URGENT = {"kind": "priority", "priority": "urgent", "words": "It cannot wait"}
DONE = {
    "kind": "resolve", "outcome": "answered", "words": "Dear {name}, {reference} is done. {agent}"
}  # fmt: skip


def made(world: World, *acts: dict[str, str], **more: Any) -> Macro:
    said = {"team_id": None, "name": "Lamp out", "key": "1", "seen": 0, "public_id": None, **more}
    who = world.viewer(world.administrator)
    return actions_macros.write(viewer=who, acts=acts or (URGENT, DONE), now=NOW, **said)


def test_the_preview_says_what_happens_and_changes_nothing(world: World, agent: Viewer) -> None:
    case = enquiry_of(ask(words="The lamp is out"))
    macro = made(world)
    lines, told = EnquiryEvent.objects.count(), Notification.objects.count()
    now = timezone.now()  # of what happened days ago nobody is told
    shown = macro_run.preview(viewer=agent, reference=case.reference, macro=macro, now=now)
    assert shown.is_whole
    priority, end = shown.steps
    assert priority.title == "Set the priority to urgent"
    assert end.words == f"Dear Jo Bloggs, {case.reference} is done. Asha Agent"
    # Who had it is told that there is nothing more to do.
    assert end.reaches == ("email to team@wychavon.demo", "email to jo@example.com")
    assert (EnquiryEvent.objects.count(), Notification.objects.count()) == (lines, told)
    assert Enquiry.objects.get(pk=case.pk).version == case.version


def test_a_macro_is_done_whole_and_the_story_and_the_audit_say_by_what(
    world: World, agent: Viewer
) -> None:
    case = enquiry_of(ask())
    macro = made(world)
    macro_run.run(viewer=agent, reference=case.reference, macro=macro, now=NOW)
    shown = desk.case(agent, case.reference, now=NOW)
    assert shown.enquiry.priority == "urgent"
    assert shown.enquiry.outcome == "answered"
    last = shown.lines[-1]
    assert last.who == "Asha Agent, by the macro “Lamp out”"
    used = AuditEvent.objects.get(action="macro.used")
    assert used.data["through"] == {
        "kind": "macro", "id": str(macro.public_id), "name": "Lamp out"
    }  # fmt: skip


def test_what_cannot_be_done_is_said_and_then_nothing_is_done_unless_it_is_left(
    world: World, agent: Viewer
) -> None:
    case = enquiry_of(ask())
    resolutions.resolve(
        reference=case.reference, viewer=agent, outcome=Outcome.ANSWERED, words="Done", now=NOW
    )
    macro = made(world, {"kind": "note", "words": "Look at the lamp"}, URGENT)
    shown = macro_run.preview(viewer=agent, reference=case.reference, macro=macro, now=NOW)
    assert [bool(step.why) for step in shown.steps] == [True, False]
    assert "has ended" in shown.steps[0].why
    with pytest.raises(macro_run.NotAll, match="Nothing was done"):
        macro_run.run(viewer=agent, reference=case.reference, macro=macro, now=NOW)
    assert not EnquiryEvent.objects.filter(enquiry=case, type="enquiry.noted").exists()
    macro_run.run(
        viewer=agent, reference=case.reference, macro=macro, now=NOW, leaving=["priority"]
    )
    assert EnquiryEvent.objects.filter(enquiry=case, type="enquiry.noted").count() == 1


def test_who_may_not_do_it_by_hand_may_not_by_a_macro(world: World, manager: Viewer) -> None:
    case = enquiry_of(ask())
    macro = made(world)
    with pytest.raises(macro_run.NotAll, match="by hand"):
        macro_run.run(viewer=manager, reference=case.reference, macro=macro, now=NOW)


def test_a_leader_writes_for_their_own_teams_and_no_key_clashes(
    world: World, manager: Viewer, agent: Viewer, officer: Viewer
) -> None:
    front = Team.objects.get(organisation=world.organisations["hub"], is_default=True)
    other = Team.objects.create(organisation=world.organisations["hub"], slug="x", name="Streets")
    made(world)
    for team, key, field in ((front.pk, "1", "key"), (front.pk, "j", "key"), (None, "2", "team"),
                             (other.pk, "2", "team"), (front.pk, "ä", "key")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions_macros.write(
                viewer=manager, public_id=None, seen=0, team_id=team, name="B", key=key,
                acts=[URGENT], now=NOW,
            )  # fmt: skip
        assert refused.value.field == field
    own = actions_macros.write(
        viewer=manager, public_id=None, seen=0, team_id=front.pk, name="B", key="2",
        acts=[URGENT], now=NOW,
    )  # fmt: skip
    assert [row.name for row in queries_macros.usable(agent)] == ["Lamp out", "B"]
    assert queries_macros.usable(officer) == []
    assert [row.name for row in queries_macros.written(manager)] == ["B"]
    actions_macros.end(viewer=manager, public_id=own.public_id, now=NOW)
    with pytest.raises(queries_macros.NoSuchMacro):
        queries_macros.one(agent, own.public_id)
    with pytest.raises(queries_macros.NoSuchMacro):
        actions_macros.end(viewer=manager, public_id=uuid.uuid4(), now=NOW)


@pytest.mark.parametrize("page", ["/desk/macros/", "/desk/rules/"])
def test_who_leads_no_team_reads_so_instead_of_a_form(
    world: World, client_for: Any, page: str
) -> None:
    Membership.objects.filter(user=world.manager).update(team=None)
    client = client_for(world.manager)
    answer = client.get(f"{page}new/", follow=True)
    assert answer.redirect_chain == [(page, 303)]
    said = answer.content.decode()
    assert "You lead no team yet" in said
    assert f"{page}new/" not in said
