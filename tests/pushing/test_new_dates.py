"""A new date: by the hub or by who has the work, told once, and the promise stays the measure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Viewer
from core.models import Outbox
from enquiries.actions import escalations, links, new_dates, referrals, resolutions
from enquiries.actions.resolutions import WordsMissing
from enquiries.inbound import Sender
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Clock, Enquiry, EnquiryEvent, Referral
from enquiries.queries.access import NoSuchReferral
from notifications.models import Notification
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(world: World, officer: Viewer) -> Referral:
    now = timezone.now()
    ask(at=now)
    referral = Referral.objects.select_related("enquiry").get()
    referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    referral.refresh_from_db()
    return referral


def in_days(number: int) -> object:
    return timezone.localdate() + timedelta(days=number)


def say(referral: Referral, officer: Viewer, days: int = 20, words: str = "A part is late") -> None:
    new_dates.by_organisation(
        public_id=referral.public_id, viewer=officer, day=in_days(days),  # type: ignore[arg-type]
        words=words, now=timezone.now(),
    )  # fmt: skip


def told(event: str) -> list[Notification]:
    return list(Notification.objects.filter(event=event).order_by("pk"))


def test_the_citizen_is_told_the_date_the_reason_and_what_was_said_before(
    accepted: Referral, officer: Viewer
) -> None:
    say(accepted, officer)
    enquiry = Enquiry.objects.get(pk=accepted.enquiry_id)
    (message,) = told("new_date")
    assert f"{enquiry.expected_on:%B}" in message.subject
    assert "Wychavon District Council now expects to finish by" in message.body
    assert "We had said" in message.body
    assert "A part is late" in message.body
    assert "We are sorry that it takes longer" in message.body
    # R30: the first date stays, and no clock moves.
    assert enquiry.promised_on == accepted.enquiry.promised_on
    assert enquiry.due_at == accepted.enquiry.due_at
    event = EnquiryEvent.objects.get(enquiry=enquiry, type="enquiry.new_date")
    assert event.data["date"] == str(enquiry.expected_on)
    assert event.data["was"] == str(enquiry.promised_on)


def test_the_same_date_again_is_told_once_and_another_is_told(
    accepted: Referral, officer: Viewer
) -> None:
    for days in (20, 20, 25, 18):
        say(accepted, officer, days)
    assert len(told("new_date")) == 3
    assert "We are sorry that it takes longer" not in told("new_date")[2].body


def test_a_date_that_is_over_too_far_or_promised_already_is_refused(
    accepted: Referral, officer: Viewer
) -> None:
    promised = accepted.enquiry.promised_on
    assert promised is not None
    to_promise = (promised - timezone.localdate()).days
    for days in (-1, 400, to_promise):
        with pytest.raises(new_dates.NotADate):
            say(accepted, officer, days)
    with pytest.raises(WordsMissing):
        say(accepted, officer, words=" ")
    assert told("new_date") == []


def test_only_who_has_the_work_says_it(
    accepted: Referral, outsider: Viewer, agent: Viewer, officer: Viewer
) -> None:
    with pytest.raises(NoSuchReferral):
        say(accepted, outsider)
    reference = accepted.enquiry.reference
    day = timezone.localdate() + timedelta(days=20)
    new_dates.by_hub(reference=reference, viewer=agent, day=day, words="A part", now=timezone.now())
    assert len(told("new_date")) == 1
    resolutions.resolve(
        reference=reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done",
        next_step="", now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(NotNow):
        new_dates.by_hub(
            reference=reference, viewer=agent, day=day, words="A part", now=timezone.now()
        )


def run_out(enquiry: Enquiry, *, at: object) -> None:
    Clock.objects.filter(enquiry=enquiry, kind="resolution").update(due_at=at, state="running")
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=at)


def test_who_was_told_a_new_date_is_not_called_late_before_it_is_over(
    accepted: Referral, officer: Viewer
) -> None:
    say(accepted, officer, 20)
    enquiry = Enquiry.objects.get(pk=accepted.enquiry_id)
    assert enquiry.due_at is not None
    escalations.escalate_overdue(now=enquiry.due_at + timedelta(minutes=5))
    assert told("late") == []
    (promise,) = Outbox.objects.filter(task="enquiries.say_late", settled_at=None)
    over = promise.next_at
    # A minute after the last moment of the day, whatever its hours are.
    assert timezone.localtime(over - timedelta(minutes=2)).date() == enquiry.expected_on
    escalations.say_late(enquiry_id=enquiry.pk, reopened=0, now=over)
    escalations.say_late(enquiry_id=enquiry.pk, reopened=0, now=over + timedelta(minutes=9))
    (late,) = told("late")
    assert enquiry.expected_on is not None
    assert f"{enquiry.expected_on.day} {enquiry.expected_on:%B}" in late.body


def test_each_day_that_was_told_and_is_over_is_said_once(
    accepted: Referral, officer: Viewer
) -> None:
    enquiry = Enquiry.objects.get(pk=accepted.enquiry_id)
    assert enquiry.due_at is not None
    late_at = enquiry.due_at + timedelta(minutes=5)
    escalations.escalate_overdue(now=late_at)
    for row in Outbox.objects.filter(task="enquiries.say_late", settled_at=None):
        escalations.say_late(enquiry_id=enquiry.pk, reopened=0, now=row.next_at)
    assert len(told("late")) == 1
    say(accepted, officer, 40)
    row = Outbox.objects.filter(task="enquiries.say_late", settled_at=None).latest("next_at")
    escalations.say_late(enquiry_id=enquiry.pk, reopened=0, now=row.next_at)
    assert len(told("late")) == 2


def test_who_reported_the_same_hears_it_too_without_names(
    accepted: Referral, officer: Viewer, agent: Viewer
) -> None:
    other = enquiry_of(
        ask(at=timezone.now(), sender=Sender(name="Sam Stone", email="sam@example.com"))
    )
    links.link_duplicate(
        reference=other.reference,
        to=accepted.enquiry.reference,
        viewer=agent,
        now=timezone.now(),
    )
    say(accepted, officer, words="Jo Bloggs asked for a later day")
    (heard,) = told("followed")
    assert heard.to == "sam@example.com"
    assert "There is a new date" in heard.body
    assert "Bloggs" not in heard.body


def test_both_pages_of_the_desk_have_it(
    accepted: Referral, world: World, client_for: Callable[[User], Client]
) -> None:
    day = timezone.localdate() + timedelta(days=20)
    officer = client_for(world.officer)
    page = f"/desk/referrals/{accepted.public_id}/"
    assert "Say a new date" in officer.get(page).content.decode()
    refused = officer.post(f"{page}new-date/", {"day": "soon", "words": "", "key": str(uuid4())})
    assert "The new date must be a real date" in refused.content.decode()
    assert "Write why, for the citizen" in refused.content.decode()
    key = str(uuid4())
    for _twice in range(2):
        officer.post(f"{page}new-date/", {"day": f"{day:%d/%m/%Y}", "words": "A part", "key": key})
    assert len(told("new_date")) == 1
    agent = client_for(world.agent)
    case = f"/desk/cases/{accepted.enquiry.reference}/"
    shown = agent.get(case).content.decode()
    assert "told the citizen a new date" in shown
    agent.post(
        f"{case}new-date/",
        {"day": f"{day + timedelta(days=1)}", "words": "Later", "key": str(uuid4())},
    )
    assert len(told("new_date")) == 2
