"""Held, released, called spam, taken back: none is lost, and clocks run from receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

from core.models import Outbox
from enquiries import intake
from enquiries.actions import holding, triage
from enquiries.channels import Channel
from enquiries.events import EventType
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.lifecycle import NotNow
from enquiries.models import Clock, Enquiry, EnquiryEvent, Holding, Referral
from enquiries.queries import holding as reading
from enquiries.queries import queue, tracking
from enquiries.queries.access import NoSuchCase
from enquiries.queries.queue_filters import Filters
from notifications.models import Notification
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=50)
WHY = ("trap", "link")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def suspicious(key: str = "one", *, now: datetime = NOW, **more: Any) -> Enquiry:
    need = Need("Cheap bins here", service="missed-bin", place=Place("WR11 3DA"), **more)
    inbound = InboundContact(
        channel=Channel.WEB,
        external_id=key,
        received_at=now,
        needs=(need,),
        sender=Sender(name="Jo Bloggs", email="jo@example.com"),
        tell_by="email",
        suspicion=WHY,
    )
    return Enquiry.objects.get(pk=intake.receive(inbound, now=now).enquiries[0].enquiry_id)


def now_of(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


def go_on(enquiry: Enquiry, *, now: datetime = LATER) -> None:
    """What the promise of triage does, once it was made."""
    row = Outbox.objects.get(key=f"triage:{enquiry.pk}")
    triage.triage(enquiry_id=enquiry.pk, send_to=row.args["send_to"], now=now)


def kinds(enquiry: Enquiry) -> list[str]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    return [row.type.removeprefix("enquiry.") for row in rows]


def test_what_is_held_goes_to_nobody_and_its_citizen_has_the_reference(world: World) -> None:
    case = suspicious()
    assert (case.status, case.promised_on is not None) == ("new", True)
    assert not Referral.objects.exists()
    assert not Outbox.objects.filter(task="enquiries.triage").exists()
    (mail,) = Notification.objects.all()
    assert (mail.event, case.reference in mail.body) == ("received", True)
    assert tracking.track(case.reference, case.secret, now=LATER) is not None
    held = Holding.objects.get()
    assert (held.reasons, held.presses_at) == (list(WHY), NOW + timedelta(hours=1))
    assert held.goes_on_at == NOW + timedelta(hours=4)


def test_an_ordinary_one_is_not_held(world: World) -> None:
    ask()
    assert not Holding.objects.exists()
    assert Referral.objects.exists()


def test_genuine_goes_on_with_its_promise_from_receipt(world: World, agent: Any) -> None:
    case, plain = suspicious(), enquiry_of(ask(external_id="plain"))
    holding.let_go(reference=case.reference, viewer=agent, now=LATER)
    go_on(case)
    found = now_of(case)
    assert found.status == plain.status == "referred"
    assert (found.promised_on, found.due_at) == (plain.promised_on, plain.due_at)
    clocks = Clock.objects.filter(enquiry=case, kind="resolution")
    assert [(row.starts_at, row.state) for row in clocks] == [(NOW, "running")]
    assert {"held", "let_go", "referred"} <= set(kinds(case))
    assert Notification.objects.filter(event="received", about=case.reference).count() == 1
    assert Holding.objects.get().settled_as == "genuine"


def test_where_it_was_to_go_is_not_forgotten(world: World, agent: Any) -> None:
    case = suspicious(send_to="hub")
    holding.let_go(reference=case.reference, viewer=agent, now=LATER)
    go_on(case)
    assert now_of(case).owner == world.organisations["hub"]


def test_spam_ends_without_a_word_and_counts_in_no_clock(world: World, agent: Any) -> None:
    case = suspicious()
    told = Notification.objects.count()
    holding.spam(reference=case.reference, viewer=agent, now=LATER)
    found = now_of(case)
    assert (found.status, found.outcome) == ("resolved", "spam")
    assert found.closes_at is not None
    assert Notification.objects.count() == told
    assert set(Clock.objects.filter(enquiry=case).values_list("state", flat=True)) == {"void"}
    assert kinds(case)[-1] == "spam"
    tracked = tracking.track(case.reference, case.secret, now=LATER)
    assert tracked is not None
    assert "spam" not in repr(tracked).lower().replace("outcome='spam'", "")


def test_who_was_taken_for_a_machine_reads_why_in_their_language(world: World, agent: Any) -> None:
    case = suspicious()
    Enquiry.objects.filter(pk=case.pk).update(language="pl")
    holding.spam(reference=case.reference, viewer=agent, now=LATER)
    with translation.override("pl"):
        words = gettext(
            "We took this for an advertisement or a test. If it is not, call us and give the "
            "reference"
        )
    assert not words.startswith("We took")
    assert now_of(case).public_words == words


def test_spam_that_was_none_is_routed_with_its_clocks_from_receipt(
    world: World, agent: Any
) -> None:
    case, plain = suspicious(), enquiry_of(ask(external_id="plain"))
    holding.spam(reference=case.reference, viewer=agent, now=LATER)
    holding.not_spam(reference=case.reference, viewer=agent, now=LATER + timedelta(days=1))
    found = now_of(case)
    assert (found.status, found.outcome, found.reopened_count) == ("referred", "", 0)
    assert (found.due_at, found.promised_on) == (plain.due_at, plain.promised_on)
    assert found.responded_at is None
    clock = Clock.objects.get(enquiry=case, kind="resolution")
    assert (clock.state, clock.starts_at, clock.stopped_at) == ("running", NOW, None)
    assert Referral.objects.filter(enquiry=case).exists()
    with pytest.raises(NotNow):
        holding.not_spam(reference=case.reference, viewer=agent, now=LATER)


def test_nobody_decides_twice(world: World, agent: Any, manager: Any) -> None:
    case = suspicious()
    holding.spam(reference=case.reference, viewer=agent, now=LATER)
    for decide in (holding.spam, holding.let_go):
        with pytest.raises(NotNow, match="not held any more"):
            decide(reference=case.reference, viewer=manager, now=LATER)
    other = suspicious("two")
    holding.let_go(reference=other.reference, viewer=agent, now=LATER)
    with pytest.raises(NotNow):
        holding.spam(reference=other.reference, viewer=agent, now=LATER)


def test_others_neither_see_nor_decide(world: World, officer: Any) -> None:
    case = suspicious()
    assert reading.held(officer, now=LATER) == []
    assert reading.count(officer) == 0
    assert reading.called_spam(officer, now=LATER) == []
    for decide in (holding.spam, holding.let_go, holding.not_spam):
        with pytest.raises(NoSuchCase):
            decide(reference=case.reference, viewer=officer, now=LATER)


def test_what_nobody_looked_at_goes_on_by_itself(world: World) -> None:
    case = suspicious()
    assert holding.let_go_due(now=NOW + timedelta(hours=3, minutes=59)) == 0
    assert holding.let_go_due(now=NOW + timedelta(hours=4)) == 1
    assert holding.let_go_due(now=NOW + timedelta(hours=5)) == 0
    go_on(case)
    assert now_of(case).status == "referred"
    assert Holding.objects.get().settled_as == "by_itself"
    assert "Nobody looked in time" in repr(EnquiryEvent.objects.get(type=EventType.LET_GO).data)


def test_the_hours_are_the_hubs_working_hours(world: World) -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    suspicious(now=friday)
    held = Holding.objects.get()
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert held.presses_at == monday + timedelta(hours=9, minutes=30)
    assert held.goes_on_at == monday + timedelta(hours=12, minutes=30)


def test_who_acts_on_its_page_has_decided(world: World, agent: Any) -> None:
    case = suspicious()
    triage.place(reference=case.reference, viewer=agent, service="missed-bin", now=LATER)
    assert now_of(case).status == "referred"
    assert reading.count(agent) == 0
    assert holding.let_go_due(now=NOW + timedelta(hours=9)) == 0
    assert Holding.objects.get().settled_as == "genuine"
    assert not Outbox.objects.filter(key=f"triage:{case.pk}").exists()


def test_the_queue_of_the_desk_leaves_it_out_and_all_live_shows_it(
    world: World, agent: Any
) -> None:
    case = suspicious()

    def listed(view: str) -> list[str]:
        page = queue.inbox(agent, Filters(view=view), now=LATER)
        return [row.reference for row in page.rows]

    assert listed("unassigned") == []
    assert listed("all") == [case.reference]
    holding.let_go(reference=case.reference, viewer=agent, now=LATER)
    assert listed("unassigned") == [case.reference]


def test_a_citizen_who_says_that_it_is_not_done_is_heard(world: World, agent: Any) -> None:
    case = suspicious()
    holding.spam(reference=case.reference, viewer=agent, now=LATER)
    need = Need("I am a person", kind="repeat", about=case.reference)
    again = InboundContact(
        channel=Channel.WEB, external_id="again", received_at=LATER, needs=(need,)
    )
    intake.receive(again, now=LATER)
    assert now_of(case).status == "open"
