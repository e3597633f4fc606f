"""What was just done is taken back: rows, ledger, figures and messages as if it had not been."""

from __future__ import annotations

import re
import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import serializers
from django.db import connections, transaction
from django.utils import timezone

import notifications.delivery
from core.models import Outbox
from enquiries.actions import replies
from enquiries.inbound import Sender
from enquiries.models import (
    Clock,
    Contact,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    EnquiryLink,
    Referral,
)
from enquiries.queries import ledger
from notifications.models import Notification, PostboxMessage
from notifications.withdrawing import AlreadySaid
from teamwork import actions_undo
from teamwork.actions_undo import NoSuchUndo, TooLate
from teamwork.models import Undo
from tests.desk import staff
from tests.desk.steps import act, new_key, open_contact, text
from tests.outbox import run_outbox
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db
SAM = Sender(name="Sam Stone", email="sam@example.com")
WORDS = "Never to be read by anybody"

# What is pressed on a case, and with what.
ACTS: dict[str, dict[str, str]] = {
    "take": {},
    "note": {"words": WORDS},
    "reply": {"words": WORDS, "sends_away": "on"},
    "ask": {"words": WORDS},
    "new-date": {"day": "2027-01-05", "words": WORDS},
    "priority": {"priority": "urgent", "words": WORDS},
    "service": {"service": "pothole"},
    "refer": {"organisation": "wychavon", "reason": WORDS},
    "resolve": {"outcome": "completed", "words": WORDS, "next_step": ""},
    "join": {"whose": "other"},
    "test": {"so": "test", "words": WORDS},
}


def stands() -> dict[str, Any]:
    """All that an act may change, and what figures are made of."""
    kinds = (Enquiry, Referral, Clock, EnquiryLink)
    rows = [row for kind in kinds for row in kind.objects.order_by("pk")]
    found = serializers.serialize("python", rows)
    for row in found:
        row["fields"].pop("version", None)
    ids = list(Enquiry.objects.order_by("pk").values_list("pk", flat=True))
    lines = [one for one in ledger.ledger(ids) if one["type"] != "outbound"]
    return {"rows": found, "ledger": lines}


def newest(response: Any) -> Undo:
    """What the page that was answered offers to take back."""
    found = re.search(r"/desk/undo/([0-9a-f-]{36})/", response.content.decode())
    assert found is not None, "nothing is offered to be taken back"
    return Undo.objects.get(public_id=found[1])


@pytest.fixture
def case(world: World) -> Enquiry:
    """A case at the hub's desk, and another's report of the same that came later."""
    enquiry = enquiry_of(ask(service=None, words="Something is broken", sender=SAM))
    return Enquiry.objects.get(pk=enquiry.pk)


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_taken_back_whole(
    world: World, case: Enquiry, client_for: Any, name: str
) -> None:
    client, page = client_for(world.agent), f"/desk/cases/{case.reference}/"
    data = dict(ACTS[name])
    if name == "join":
        data["other"] = enquiry_of(ask(service=None, words="It is broken")).reference
    run_outbox()
    before, sent = stands(), set(Notification.objects.values_list("pk", "state"))
    answer = client.post(f"{page}{name}/", {"key": new_key(), **data}, follow=True)
    undo = newest(answer)
    assert WORDS not in str(undo.data)
    assert stands() != before or name == "note"
    born = Notification.objects.exclude(pk__in=[pk for pk, _ in sent])
    if name in ("reply", "ask", "resolve", "refer", "new-date", "join"):
        assert born.exists()
    run_outbox(at_once=True)
    for row in born:  # nobody has it, however often it is tried
        for promise in Outbox.objects.filter(args={"notification_id": row.pk}, settled_at=None):
            notifications.delivery.deliver(outbox_id=promise.pk, now=timezone.now())
    assert set(born.values_list("state", "attempts")) <= {("queued", 0)}

    answer = client.post(f"/desk/undo/{undo.public_id}/", follow=True)
    assert "Taken back" in text(answer)
    assert stands() == before
    run_outbox()
    assert set(born.values_list("state", flat=True)) <= {"overtaken"}
    assert set(Notification.objects.exclude(pk__in=born).values_list("pk", "state")) >= sent
    told = text(client.get(page))
    assert "Taken back at once" in told
    assert "(taken back)" in told
    # Again it changes nothing.
    client.post(f"/desk/undo/{undo.public_id}/")
    assert stands() == before


def test_it_is_too_late_when_somebody_acted_since_or_the_seconds_are_over_or_it_is_anothers(
    world: World, case: Enquiry, client_for: Any
) -> None:
    page = f"/desk/cases/{case.reference}/"
    client = client_for(world.agent)
    first = newest(client.post(f"{page}take/", follow=True))
    colleague = world.viewer(staff.somebody(world))
    with pytest.raises(NoSuchUndo):
        actions_undo.take_back(viewer=colleague, public_id=first.public_id, now=timezone.now())
    assert (
        client_for(staff.somebody(world, email="x@hub.demo"))
        .get(f"/desk/undo/{first.public_id}/")
        .status_code
        == 404
    )
    replies.note(reference=case.reference, viewer=colleague, words="Mine", now=timezone.now())
    told = text(client.post(f"/desk/undo/{first.public_id}/", follow=True))
    assert "something happened since" in told
    assert "Rea Real: Note: Mine" in told
    case.refresh_from_db()
    assert case.assignee_id == world.agent.pk

    act(client, page, "reply", words="Soon")
    second = newest(client.get(page))
    viewer = world.viewer(world.agent)
    with pytest.raises(TooLate):
        actions_undo.take_back(viewer=viewer, public_id=second.public_id, now=second.until)
    assert "Take it back" in text(client.get(f"/desk/undo/{second.public_id}/"))
    Undo.objects.update(until=timezone.now())
    assert "It is too late" in text(client.get(f"/desk/undo/{second.public_id}/"))


def test_a_link_and_a_wrap_up_are_taken_back_and_an_undone_link_is_none(
    world: World, case: Enquiry, client_for: Any
) -> None:
    client = client_for(world.agent)
    contact = open_contact(client)
    run_outbox()
    before = stands()
    data = {"key": new_key(), "about": case.reference, "kind": "chase"}
    undo = newest(client.post(f"{contact}link/", data, follow=True))
    assert ContactItem.objects.filter(enquiry=case).count() == 2
    assert stands() != before
    client.post(f"/desk/undo/{undo.public_id}/")
    assert ContactItem.objects.filter(enquiry=case).count() == 1
    assert stands() == before
    data = {"note": "Hung up", "outcome": "nothing"}
    undo = newest(client.post(f"{contact}wrap-up/", data, follow=True))
    assert Contact.objects.get(public_id=contact.split("/")[-2]).ended_at is not None
    client.post(f"/desk/undo/{undo.public_id}/")
    row = Contact.objects.get(public_id=contact.split("/")[-2])
    assert (row.ended_at, row.note, row.outcome) == (None, "", "")


def carry(promise: int, at: datetime, both: threading.Barrier) -> None:
    """A worker hands a message over, at the same moment as somebody else does something."""
    both.wait()
    notifications.delivery.deliver(outbox_id=promise, now=at)
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_message_is_sent_or_withdrawn_never_both_however_close_they_are(
    transactional_db: None,
) -> None:
    world = build()
    viewer = world.viewer(world.agent)
    case = enquiry_of(ask(service=None, words="Something is broken", sender=SAM))
    seen = set()
    for turn in range(12):
        run_outbox()
        now = timezone.now()
        page = f"/desk/cases/{case.reference}/"
        with (
            transaction.atomic(),
            actions_undo.cases(viewer, case.reference, words="Told", about=page, now=now) as act,
        ):
            replies.reply(reference=case.reference, viewer=viewer, words=f"No {turn}", now=now)
        assert act.left is not None
        message = Notification.objects.get(event="replied", body__contains=f"No {turn}")
        promise = Outbox.objects.get(args={"notification_id": message.pk})
        both = threading.Barrier(2)

        carrier = threading.Thread(target=carry, args=(promise.pk, act.left.until, both))
        carrier.start()
        both.wait()
        time.sleep(0.002 * (turn % 6))
        undone = True
        try:
            just = act.left.until - timedelta(microseconds=1)
            actions_undo.take_back(viewer=viewer, public_id=act.left.public_id, now=just)
        except AlreadySaid:
            undone = False
        carrier.join()
        message.refresh_from_db()
        gone = PostboxMessage.objects.filter(reference=str(message.public_id)).exists()
        assert (message.state, gone) == (("overtaken", False) if undone else ("sent", True))
        line = EnquiryEvent.every.filter(type="enquiry.replied").latest("sequence")
        assert (line.undone_at is not None) == undone
        seen.add(undone)
    assert seen == {True, False}, "one side always won: the race was none"
