"""Several organisations ask one citizen: who reads what they answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import referral_notes, referrals, replies
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.models import Enquiry
from enquiries.queries import referrals as reading
from tests.referrals.steps import LATER, accept, complete, new_case, send, with_

pytestmark = pytest.mark.django_db


def minute(number: int) -> datetime:
    return LATER + timedelta(minutes=number)


@pytest.fixture
def shared(agent: Viewer, officer: Viewer, constable: Viewer) -> Enquiry:
    """Wychavon and the police both have a part of it and are at work."""
    case = new_case()
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, officer)
    accept(case, constable)
    return case


def asks(case: Enquiry, who: Viewer, question: str, at: int) -> None:
    if who.is_hub:
        replies.ask(reference=case.reference, viewer=who, question=question, now=minute(at))
        return
    found = with_(case, who.organisation_slug)
    referrals.ask(public_id=found.public_id, viewer=who, question=question, now=minute(at))


def tells(
    case: Enquiry,
    words: str,
    at: int,
    kind: ItemKind = ItemKind.REPLY_TO_US,
    thread: str = "",
) -> None:
    intake.receive(
        InboundContact(
            channel=Channel.SMS if thread else Channel.WEB,
            external_id=f"told:{at}",
            received_at=minute(at),
            thread=thread,
            needs=(Need(words, kind=kind.value, about=case.reference),),
        ),
        now=minute(at),
    )


def answered(case: Enquiry, who: Viewer) -> list[str]:
    """What the citizen answered, in the story of their part."""
    found = reading.referral(who, with_(case, who.organisation_slug).public_id)
    return [line.said for line in found.lines if line.type == "enquiry.info_received"]


def said(case: Enquiry, who: Viewer) -> list[str]:
    """What the citizen said after the first contact, as one organisation reads it."""
    found = reading.referral(who, with_(case, who.organisation_slug).public_id)
    return [item.words for item in found.said][1:]


@pytest.mark.parametrize("district_first", [True, False])
def test_one_answer_to_two_questions_is_read_by_both(
    shared: Enquiry, officer: Viewer, constable: Viewer, district_first: bool
) -> None:
    both = [(officer, "Which gate?"), (constable, "Who was it?")]
    for at, (who, question) in enumerate(both if district_first else reversed(both), 1):
        asks(shared, who, question, at)
    tells(shared, "The green gate. It was Bob", 3)
    for who in (officer, constable):
        assert answered(shared, who) == ["The green gate. It was Bob"]
        assert said(shared, who) == ["The green gate. It was Bob"]


def test_what_the_hub_asks_beside_a_partner_all_read(
    shared: Enquiry, agent: Viewer, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, agent, "Which gate?", 1)
    asks(shared, constable, "Who was it?", 2)
    tells(shared, "The green gate", 3)
    assert said(shared, officer) == said(shared, constable) == ["The green gate"]


def test_a_question_that_was_answered_opens_no_later_answer(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, officer, "Which gate?", 1)
    tells(shared, "The green gate", 2)
    asks(shared, constable, "Who was it?", 3)
    tells(shared, "It was Bob", 4)
    assert answered(shared, officer) == said(shared, officer) == ["The green gate"]
    assert answered(shared, constable) == said(shared, constable) == ["It was Bob"]


@pytest.mark.parametrize("kind", [ItemKind.REPLY_TO_US, ItemKind.NEW_INFORMATION])
def test_the_second_part_of_an_answer_is_hidden_as_the_first(
    shared: Enquiry, officer: Viewer, constable: Viewer, kind: ItemKind
) -> None:
    asks(shared, constable, "Did you see who it was?", 1)
    tells(shared, "Yes I did", 2)
    tells(shared, "My neighbour Bob", 3, kind)
    assert said(shared, officer) == []
    assert said(shared, constable) == ["Yes I did", "My neighbour Bob"]


def test_whatever_they_say_in_the_same_conversation_is_hidden(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Did you see who it was?", 1)
    tells(shared, "Yes I did", 2, thread="t")
    tells(shared, "Thanks. It was Bob", 3, ItemKind.THANKS, thread="t")
    tells(shared, "When will you come?", 4, ItemKind.CHASE)
    assert said(shared, officer) == ["When will you come?"]


def test_the_next_question_of_their_own_opens_its_answer(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Who was it?", 1)
    tells(shared, "It was Bob", 2)
    asks(shared, officer, "Which gate?", 3)
    tells(shared, "The green one", 4)
    tells(shared, "Beside the oak", 5)
    assert said(shared, officer) == ["The green one", "Beside the oak"]
    # The police asked nothing of the kind.
    assert said(shared, constable) == ["It was Bob"]


def test_news_after_they_told_the_citizen_something_is_theirs_to_read(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Who was it?", 1)
    tells(shared, "It was Bob", 2)
    referral_notes.note(
        public_id=with_(shared, "wychavon").public_id, viewer=officer,
        words="We come on Tuesday", seen_by="public", now=minute(3),
    )  # fmt: skip
    tells(shared, "Not on Tuesday, please", 4, ItemKind.NEW_INFORMATION)
    tells(shared, "Bob from number 4", 5)
    assert said(shared, officer) == ["Not on Tuesday, please"]


def test_news_that_answers_another_is_hidden_whatever_they_told_the_citizen_before(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Who was it?", 1)
    referral_notes.note(
        public_id=with_(shared, "wychavon").public_id, viewer=officer,
        words="We come on Tuesday", seen_by="public", now=minute(2),
    )  # fmt: skip
    tells(shared, "It was Bob", 3, ItemKind.NEW_INFORMATION)
    assert said(shared, officer) == answered(shared, officer) == []


def test_news_after_the_asker_has_done_with_it_is_read_and_late_replies_are_not(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Who was it?", -2)
    tells(shared, "I say it later", -1)
    complete(shared, constable, "Recorded")
    tells(shared, "It fell again", 1, ItemKind.NEW_INFORMATION)
    tells(shared, "It was Bob", 2)
    assert said(shared, officer) == ["It fell again"]


def test_what_they_took_down_themselves_they_read(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    asks(shared, constable, "Who was it?", 1)
    intake.receive(
        InboundContact(
            channel=Channel.API,
            external_id="theirs",
            received_at=minute(2),
            actor=officer.actor,
            needs=(Need("It was Bob", kind=ItemKind.REPLY_TO_US.value, about=shared.reference),),
        ),
        now=minute(2),
    )
    assert said(shared, officer) == answered(shared, officer) == ["It was Bob"]
