"""The same act on many cases: looked at first, done once each, stopped and gone on with."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

import accounts.queries
from accounts.models import User
from enquiries.actions import assignments
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType
from notifications.models import Notification
from teamwork import actions_together
from teamwork.models import Together, TogetherItem
from tests.desk.steps import new_key, text
from tests.outbox import run_outbox
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def _cases(number: int) -> list[Enquiry]:
    return [
        enquiry_of(ask(service=None, words=f"Unheard of, number {one}", postcode=""))
        for one in range(number)
    ]


def _look(client: Client, act: str, cases: list[Enquiry], **data: str) -> str:
    """The address of the page that says what would happen."""
    chosen = [case.reference for case in cases]
    form = client.post("/desk/together/", {"do": act, "chosen": chosen})
    assert form.status_code == 200
    sent = {"key": new_key(), "chosen": chosen, **data}
    answer = client.post(f"/desk/together/{act}/", sent)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def _taken(user: User) -> int:
    return Enquiry.objects.filter(assignee=user).count()


def test_who_can_and_who_cannot_is_said_before_anything_is_done(
    world: World, client_for, run_now
) -> None:
    client = client_for(world.agent)
    cases = _cases(4)
    run_now()
    assignments.take(reference=cases[0].reference, viewer=_viewer(world.administrator), now=_now())
    where = _look(client, "take", cases)
    page = text(client.get(where))
    assert "3 of 4 can be taken." in page
    assert "Adam Admin has this one already" in page
    assert _taken(world.agent) == 0

    client.post(f"{where}begin/")
    client.post(f"{where}begin/")
    assert "of 3" in text(client.get(where))
    run_outbox()
    assert _taken(world.agent) == 3
    page = text(client.get(where))
    assert "3 of 3 taken" in page
    lines = EnquiryEvent.objects.filter(
        type=EventType.ASSIGNED.value, enquiry__in=cases, data__name=str(world.agent)
    )
    assert lines.count() == 3


def test_it_is_stopped_and_gone_on_with_and_each_is_done_once(
    world: World, client_for, run_now, monkeypatch
) -> None:
    client = client_for(world.agent)
    cases = _cases(5)
    run_now()
    where = _look(client, "priority", cases, priority="urgent", words="A flood")
    client.post(f"{where}begin/")
    row = Together.objects.get()
    real = actions_together._next
    done: list[int] = []

    def dies_after_two(*given):
        if len(done) == 2:
            raise SystemExit
        done.append(1)
        return real(*given)

    monkeypatch.setattr(actions_together, "_next", dies_after_two)
    with pytest.raises(SystemExit):
        actions_together.go_on(
            together_id=row.pk, now=_now(), until=datetime.max.replace(tzinfo=_now().tzinfo)
        )
    monkeypatch.setattr(actions_together, "_next", real)
    assert TogetherItem.objects.filter(state="done").count() == 2

    client.post(f"{where}stop/")
    run_outbox()
    assert Enquiry.objects.filter(priority="urgent").count() == 2
    assert "2 of 5 changed; stopped, 3 left" in text(client.get(where))
    client.post(f"{where}begin/")
    run_outbox()
    assert Enquiry.objects.filter(priority="urgent").count() == 5
    set_ = EnquiryEvent.objects.filter(type=EventType.PRIORITY_SET.value)
    assert set_.count() == 5


def test_a_whole_list_is_looked_at_in_the_background(world: World, client_for, run_now) -> None:
    client = client_for(world.agent)
    _cases(30)
    run_now()
    form = client.post(
        "/desk/together/?view=unassigned", {"do": "take", "all": "on"}
    ).content.decode()
    chosen = re.findall(r'name="chosen" value="([^"]+)"', form)
    assert len(chosen) == 30
    where = client.post("/desk/together/take/", {"key": new_key(), "chosen": chosen})["Location"]
    assert "30 of 30 are left" in text(client.get(where))
    run_outbox()
    assert "30 of 30 can be taken" in text(client.get(where))


def test_nobody_sees_or_moves_what_somebody_else_chose(world: World, client_for, run_now) -> None:
    where = _look(client_for(world.agent), "take", _cases(1))
    other = client_for(world.administrator)
    assert other.get(where).status_code == 404
    assert other.post(f"{where}begin/").status_code == 404


def _now() -> datetime:
    return timezone.now()


def _viewer(user: User):
    viewer = accounts.queries.viewer_for_user(user)
    assert viewer is not None
    return viewer


@pytest.fixture
def run_now():
    """What was promised so far, done."""
    return run_outbox


def test_each_citizen_reads_their_own_words_and_who_cannot_be_told_is_left_out(
    world: World, client_for, run_now
) -> None:
    client = client_for(world.agent)
    told = enquiry_of(ask(sender=Sender(name="Jo Bloggs", email="jo@example.com"), postcode=""))
    nobody = enquiry_of(ask(sender=Sender(), service=None, postcode=""))
    run_now()
    before = Notification.objects.count()
    where = _look(client, "reply", [told, nobody], words="Dear {name}, this is {reference}.")
    page = text(client.get(where))
    assert "1 of 2 can be told" in page
    assert "They left no address" in page
    assert f"Dear Jo Bloggs, this is {told.reference}." in page
    client.post(f"{where}begin/")
    run_outbox()
    line = EnquiryEvent.objects.get(type=EventType.REPLIED.value)
    assert line.enquiry == told
    assert line.data["words"] == f"Dear Jo Bloggs, this is {told.reference}."
    assert Notification.objects.count() == before + 1
    refused = _look(client, "reply", [told], words="It is promised for {expected}.")
    assert "This case has nothing for {expected}" in text(client.get(refused))
