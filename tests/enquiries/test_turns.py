"""Whose turn it is: reopening, waiting for the citizen, withdrawing, and nobody falls through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.permissions import Viewer
from core import references
from core.models import Outbox
from enquiries import intake
from enquiries.actions import escalations, referrals, replies, resolutions, triage
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.lifecycle import NotNow, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.queries import queue
from enquiries.queries.queue_filters import Filters
from enquiries.vocabulary import WORDINGS, EventType
from notifications.models import Notification
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def comes_back(enquiry: Enquiry, kind: ItemKind, words: str, *, at: object = LATER) -> None:
    intake.receive_within(
        InboundContact(
            channel=Channel.PHONE,
            external_id=f"{kind}-{at}",
            received_at=at,  # type: ignore[arg-type]  # a moment
            needs=(Need(words, kind=kind.value, about=enquiry.reference),),
        ),
        now=at,  # type: ignore[arg-type]  # a moment
    )


def offer_of(enquiry: Enquiry) -> Referral:
    return Referral.objects.get(enquiry=enquiry)


def test_a_reopened_case_stands_in_the_tab_of_what_nobody_has(
    agent: Viewer, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    public_id = offer_of(enquiry).public_id
    referrals.accept(public_id=public_id, viewer=officer, now=NOW)
    referrals.complete(
        public_id=public_id, viewer=officer, outcome=Outcome.FULFILLED, words="Done", now=NOW
    )
    comes_back(enquiry, ItemKind.REPEAT, "Still there")

    page = queue.inbox(agent, Filters(view="unassigned"), now=LATER)

    assert [row.reference for row in page.rows] == [enquiry.reference]


def test_the_service_of_an_ended_case_cannot_be_changed_behind_its_back(agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="So", now=NOW
    )

    with pytest.raises(NotNow):
        triage.place(reference=enquiry.reference, viewer=agent, service="allotments", now=LATER)

    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.reopened_count) == (Status.RESOLVED, 0)


def test_an_answer_returns_the_case_to_the_partner_it_was_offered_to(
    agent: Viewer, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    replies.ask(reference=enquiry.reference, viewer=agent, question="Which bin?", now=NOW)
    comes_back(enquiry, ItemKind.REPLY_TO_US, "The green one")

    enquiry.refresh_from_db()
    assert enquiry.status == Status.REFERRED


def test_accepting_does_not_forget_a_question_that_is_open(agent: Viewer, officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    replies.ask(reference=enquiry.reference, viewer=agent, question="Which bin?", now=NOW)
    referrals.accept(public_id=offer_of(enquiry).public_id, viewer=officer, now=NOW)
    enquiry.refresh_from_db()
    assert enquiry.status == Status.WAITING

    comes_back(enquiry, ItemKind.REPLY_TO_US, "The green one")

    enquiry.refresh_from_db()
    assert enquiry.status == Status.IN_PROGRESS
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.INFO_RECEIVED).exists()


def test_time_that_we_waited_for_the_citizen_is_not_held_against_the_partner(
    officer: Viewer,
) -> None:
    enquiry = enquiry_of(ask())
    promised, due = enquiry.promised_on, enquiry.due_at
    assert due is not None
    public_id = offer_of(enquiry).public_id
    referrals.accept(public_id=public_id, viewer=officer, now=NOW)
    referrals.ask(public_id=public_id, viewer=officer, question="Which bin?", now=NOW)
    answered = NOW + timedelta(days=7)
    comes_back(enquiry, ItemKind.REPLY_TO_US, "The green one", at=answered)

    enquiry.refresh_from_db()
    assert enquiry.due_at == due + timedelta(days=7)
    assert enquiry.promised_on == promised
    assert offer_of(enquiry).work_due_at == enquiry.due_at
    assert escalations.escalate_overdue(now=answered + timedelta(minutes=1)) == 0


def withdrawal_of(enquiry: Enquiry) -> dict[str, object]:
    return dict(EnquiryEvent.objects.get(enquiry=enquiry, type=EventType.RESOLVED).data)


def test_withdrawn_names_the_citizen_and_the_contact_they_said_it_in(agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    comes_back(enquiry, ItemKind.NEW_INFORMATION, "I do not need it any more")
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.WITHDRAWN,
        words="You told us that you do not need it",
        now=LATER,
    )

    said = withdrawal_of(enquiry)
    assert said["by"] == "citizen"
    assert said["contact"] == enquiry.items.latest("pk").contact_id


def test_withdrawn_without_a_contact_names_none(agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.WITHDRAWN, words="So", now=LATER
    )

    assert "contact" not in withdrawal_of(enquiry)


def test_a_reference_that_is_taken_is_drawn_again(
    world: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = enquiry_of(ask()).reference
    fresh = references.new()
    drawn = iter([first, first, fresh])
    monkeypatch.setattr(references, "new", lambda: next(drawn))

    assert enquiry_of(ask()).reference == fresh


def test_every_copy_of_the_words_of_a_no_is_personal_data() -> None:
    assert {"words", "reason", "next_step"} <= WORDINGS[EventType.RESOLVED].personal


def test_the_same_problem_again_after_a_closed_case_is_a_new_enquiry_that_names_it(
    agent: Viewer,
) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="So", now=NOW
    )
    much_later = NOW + timedelta(days=200)
    assert resolutions.close_due(now=much_later) == 1
    comes_back(enquiry, ItemKind.REPEAT, "It is back", at=much_later)

    follower = Enquiry.objects.exclude(pk=enquiry.pk).get()
    item = follower.items.get()
    assert (follower.service, follower.postcode) == (enquiry.service, enquiry.postcode)
    assert (item.kind, item.about) == (ItemKind.NEW, enquiry)
    assert Outbox.objects.filter(key=f"triage:{follower.pk}").exists()
    enquiry.refresh_from_db()
    assert enquiry.status == Status.CLOSED


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens here is news: nobody is told of history."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def told(enquiry: Enquiry) -> list[str]:
    messages = Notification.objects.filter(about=enquiry.reference, to="jo@example.com")
    return list(messages.order_by("pk").values_list("event", flat=True))


def test_an_agent_who_is_quicker_than_triage_leaves_nobody_untold(
    today: None, agent: Viewer
) -> None:
    received = ask(triaged=False)
    enquiry = enquiry_of(received)
    referrals.offer(
        reference=enquiry.reference, viewer=agent, organisation="wychavon", reason="", now=NOW
    )

    for _ in range(2):
        triage.triage(enquiry_id=enquiry.pk, now=LATER)

    assert told(enquiry) == ["received"]
    assert Referral.objects.count() == 1


def test_who_has_had_the_outcome_is_not_told_afterwards_that_we_have_it(
    today: None, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask(triaged=False))
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="So", now=NOW
    )

    triage.triage(enquiry_id=enquiry.pk, now=LATER)

    assert told(enquiry) == ["resolved"]


def test_nobody_is_written_to_about_an_ended_case_as_if_it_went_on(
    today: None, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="So", now=NOW
    )
    before = told(enquiry)

    with pytest.raises(NotNow):
        replies.reply(reference=enquiry.reference, viewer=agent, words="We look", now=LATER)

    assert told(enquiry) == before
