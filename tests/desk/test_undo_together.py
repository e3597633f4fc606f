"""A whole run over many cases is taken back, and a macro is used on many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import Outbox
from enquiries.actions import replies
from enquiries.models import Enquiry
from notifications.models import Notification
from teamwork import actions_macros
from teamwork.models import Task, Together
from tests.desk.steps import new_key, text
from tests.desk.test_queue_together import _cases, _look
from tests.desk.test_undo import stands
from tests.outbox import run_outbox
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = "A flood"


def test_a_whole_run_is_taken_back_but_for_what_somebody_acted_on_since(
    world: World, client_for: Any
) -> None:
    client, cases = client_for(world.agent), _cases(3)
    run_outbox()
    before = stands()
    where = _look(client, "priority", cases, priority="urgent", words=WORDS)
    client.post(f"{where}begin/")
    run_outbox(at_once=True)
    assert Enquiry.objects.filter(priority="urgent").count() == 3
    page = text(client.get(where))
    assert "Take all of it back" in page
    colleague = world.viewer(world.administrator)
    replies.note(reference=cases[1].reference, viewer=colleague, words="Mine", now=timezone.now())
    client.post(f"{where}back/")
    client.post(f"{where}back/")
    run_outbox(at_once=True)
    page = text(client.get(where))
    assert "2 taken back; 1 could not be" in page
    assert "Adam Admin: Note: Mine" in page
    urgent = Enquiry.objects.filter(priority="urgent")
    assert [one.reference for one in urgent] == [cases[1].reference]
    others = {cases[0].pk, cases[2].pk}
    assert of(others, stands()) == of(others, before)


def of(cases: set[int], found: dict[str, Any]) -> list[Any]:
    """The cases themselves."""
    kind = "enquiries.enquiry"
    return [row for row in found["rows"] if row["model"] == kind and row["pk"] in cases]


def test_it_is_too_late_for_a_run_that_ended_ten_seconds_ago(world: World, client_for: Any) -> None:
    client, cases = client_for(world.agent), _cases(1)
    run_outbox()
    where = _look(client, "take", cases)
    client.post(f"{where}begin/")
    run_outbox()
    Together.objects.update(ended_at=timezone.now() - timedelta(seconds=11))
    assert "Take all of it back" not in text(client.get(where))
    told = text(client.post(f"{where}back/", follow=True))
    assert "It is too late: this can be taken back for ten seconds" in told
    assert Enquiry.objects.filter(assignee=world.agent).count() == 1


def test_a_macro_is_used_on_many_and_taken_back_with_its_messages_and_tasks(
    world: World, client_for: Any
) -> None:
    client, cases = client_for(world.agent), _cases(2)
    run_outbox()
    before = stands()
    acts = (
        {"kind": "task", "words": "Ring the contractor about {reference}", "days": "2"},
        {"kind": "priority", "priority": "urgent", "words": "It cannot wait"},
        {"kind": "watch"},
    )
    macro = actions_macros.write(
        viewer=world.viewer(world.administrator), public_id=None, seen=0, team_id=None,
        name="Flood", key="1", acts=acts, now=timezone.now(),
    )  # fmt: skip
    where = _look(client, "macro", cases, macro=f"{macro.public_id}:{macro.version}")
    assert "2 of 2 can be done" in text(client.get(where))
    assert not Task.objects.exists()
    client.post(f"{where}begin/")
    run_outbox(at_once=True)
    assert Enquiry.objects.filter(priority="urgent").count() == 2
    assert Task.objects.count() == 2
    client.post(f"{where}back/")
    run_outbox(at_once=True)
    assert not Task.objects.exists()
    assert stands() == before
    run_outbox()
    assert not Outbox.objects.filter(parked_at__isnull=False).exists()
    assert not Notification.objects.filter(state="sent", event="replied").exists()
    # Who changed it meanwhile has changed what is done: looked at anew.
    where = _look(client, "macro", cases, macro=f"{macro.public_id}:{macro.version}")
    actions_macros.write(
        viewer=world.viewer(world.administrator), public_id=macro.public_id, seen=macro.version,
        team_id=None, name="Flood", key="1", acts=acts[:1], now=timezone.now(),
    )  # fmt: skip
    client.post(f"{where}begin/", {"key": new_key()})
    run_outbox()
    assert "Somebody changed this macro" in text(client.get(where))
    assert not Task.objects.exists()
