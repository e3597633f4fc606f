"""Simultaneous hands, on real PostgreSQL in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Membership, User
from accounts.permissions import Viewer
from core.errors import DomainError
from core.models import Outbox
from enquiries import intake
from enquiries.actions import assignments, links, referrals, resolutions, splits, triage
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Contact, Enquiry, EnquiryEvent, EnquiryLink, Referral
from enquiries.queries import links as standing
from tests.desk.steps import new_key
from tests.world import NOW, World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
SAM = Sender(name="Sam Stone", email="sam@example.com")


def together(hands: int, work: Callable[[int], object]) -> list[object]:
    """What each of many threads got, an exception included."""

    gate = threading.Barrier(hands)

    def one(index: int) -> object:
        try:
            gate.wait()
            return work(index)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def test_the_same_form_sent_twenty_times_at_once_is_one_enquiry(here: World) -> None:
    inbound = InboundContact(
        channel=Channel.WEB,
        external_id="one",
        received_at=NOW,
        needs=(Need("The bin"),),
        sender=Sender(email="jo@example.com"),
    )
    answers = together(20, lambda _: intake.receive(inbound, now=NOW).enquiries)

    assert len({str(answer) for answer in answers}) == 1
    assert Enquiry.objects.count() == Contact.objects.count() == 1


def test_twenty_agents_take_one_case_one_has_it_and_nineteen_are_told_who(here: World) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    agents = [_colleague(here, number) for number in range(20)]

    answers = together(
        20,
        lambda i: assignments.take(reference=enquiry.reference, viewer=agents[i], now=NOW),
    )

    enquiry.refresh_from_db()
    told = [answer for answer in answers if answer is not None]
    assert len(told) == 19
    assert {type(answer) for answer in told} == {assignments.AlreadyTaken}
    assert {str(answer) for answer in told} == {f"{enquiry.assignee} has this one already"}
    assert str(enquiry.assignee).startswith("Agent Number")
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.assigned").count() == 1


def _colleague(here: World, number: int) -> Viewer:
    user = User.objects.create(email=f"agent-{number}@hub.demo", full_name=f"Agent Number {number}")
    Membership.objects.create(
        user=user, organisation=here.organisations["hub"], role="agent", from_on=date(2026, 1, 1)
    )
    return replace(here.viewer(here.agent), id=user.pk, name=user.full_name)


def test_triage_by_ten_workers_at_once_offers_once(here: World) -> None:
    received = ask(triaged=False)
    pk = received.enquiries[0].enquiry_id
    together(10, lambda _: triage.triage(enquiry_id=pk, now=NOW))
    assert Referral.objects.count() == 1


def test_two_acceptances_at_once_are_one(here: World) -> None:
    ask()
    officer = here.viewer(here.officer)
    referral = Referral.objects.get()
    together(8, lambda _: referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW))
    assert EnquiryEvent.objects.filter(type="enquiry.accepted").count() == 1


def test_two_first_texts_of_one_telephone_are_one_person_in_one_conversation(here: World) -> None:
    def send(index: int) -> object:
        return intake.receive(
            InboundContact(
                channel=Channel.SMS,
                external_id=f"text-{index}",
                received_at=NOW,
                needs=(Need("The bin"),),
                sender=Sender(phone="07700 900123"),
                thread="one-telephone",
            ),
            now=NOW,
        )

    together(6, send)

    assert Enquiry.objects.count() == 6
    assert Enquiry.objects.values("person_id").distinct().count() == 1
    assert Contact.objects.count() == 1


# -- two pages of one case ----------------------------------------------------------------------


def _sent(here: World, case: Enquiry, sends: list[tuple[str, dict[str, str]]]) -> list[str]:
    """What two at the desk are answered who send from pages made at the same time."""
    case.refresh_from_db()
    clients = []
    for user in (here.agent, here.administrator):
        client = Client()
        client.force_login(user)
        clients.append(client)

    def send(index: int) -> object:
        name, data = sends[index]
        page = f"/desk/cases/{case.reference}/{name}/"
        answer = clients[index].post(page, {"key": new_key(), "version": case.version, **data})
        if "This was changed after you opened the page" in answer.content.decode():
            return "shown"
        return str(answer.status_code)

    return sorted(str(answer) for answer in together(2, send))


def test_of_two_who_decide_the_same_the_second_is_shown_the_first(here: World) -> None:
    case = enquiry_of(ask(service="allotments"))
    for first, second in [
        (("service", {"service": "pothole"}), ("service", {"service": "missed-bin"})),
        (("refer", {"organisation": "wychavon"}), ("refer", {"organisation": "worcester-city"})),
        (
            ("resolve", {"outcome": "answered", "words": "Yes"}),
            ("resolve", {"outcome": "completed", "words": "Done"}),
        ),
    ]:
        assert _sent(here, case, [first, second]) == ["303", "shown"]
    assert EnquiryEvent.objects.filter(type="enquiry.resolved").count() == 1


def test_words_of_two_at_once_both_survive(here: World) -> None:
    case = enquiry_of(ask(service="allotments"))
    sends = [("note", {"words": "Rang them"}), ("reply", {"words": "We look into it"})]
    assert _sent(here, case, sends) == ["303", "303"]
    case.refresh_from_db()
    lines = EnquiryEvent.objects.filter(enquiry=case).order_by("sequence")
    assert {line.type for line in lines} >= {"enquiry.noted", "enquiry.replied"}
    assert [line.sequence for line in lines] == list(range(1, case.version + 1))


# -- reports that are joined, by several at once -------------------------------------------------


@pytest.fixture
def agent(here: World) -> Viewer:
    return here.viewer(here.agent)


def reports(number: int, sender: Sender | None = None) -> list[Enquiry]:
    """Reports of one bin, each a minute after the one before."""
    return [
        enquiry_of(ask(sender=sender, at=NOW + timedelta(minutes=minute)))
        for minute in range(number)
    ]


def ended(*found: Enquiry) -> list[str]:
    for one in found:
        one.refresh_from_db()
    return [one.outcome for one in found]


def whole(*found: Enquiry) -> None:
    """Each ledger is numbered without holes, and each live link has its two ends as it should."""
    for one in found:
        one.refresh_from_db()
        rows = EnquiryEvent.objects.filter(enquiry=one).order_by("sequence")
        assert [row.sequence for row in rows] == list(range(1, one.version + 1))
    for link in EnquiryLink.objects.filter(undone_at=None, kind__in=["merged", "duplicate"]):
        assert link.enquiry.outcome == "duplicate"
        assert link.target.outcome != "duplicate" or link.target.links.exists()


@pytest.mark.parametrize("turn", range(3))
def test_a_report_is_merged_or_resolved_never_both(agent: Viewer, turn: int) -> None:
    first, second = reports(2)
    works: list[Callable[[], object]] = [
        lambda: links.merge(
            reference=second.reference, into=first.reference, viewer=agent, now=LATER
        ),
        lambda: resolutions.resolve(
            reference=second.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.",
            now=LATER,
        ),
    ]  # fmt: skip
    answers = together(2, lambda i: works[i]())

    refused = [answer for answer in answers if isinstance(answer, NotNow)]
    assert len(refused) == 1
    merged = EnquiryLink.objects.exists()
    assert ended(second) == ["duplicate" if merged else "completed"]
    whole(first, second)


def test_what_goes_on_is_not_resolved_between(agent: Viewer) -> None:
    first, second = reports(2)
    works: list[Callable[[], object]] = [
        lambda: links.merge(
            reference=second.reference, into=first.reference, viewer=agent, now=LATER
        ),
        lambda: resolutions.resolve(
            reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.",
            now=LATER,
        ),
    ]  # fmt: skip
    answers = together(2, lambda i: works[i]())
    if isinstance(answers[0], links.NotTogether):
        assert ended(first, second) == ["completed", ""]
    else:
        assert ended(first, second) == ["completed", "duplicate"]
    whole(first, second)


@pytest.mark.parametrize("turn", range(5))
def test_each_into_the_other_at_once_is_one_link_and_nobody_waits_in_a_ring(
    agent: Viewer, turn: int
) -> None:
    first, second = reports(1)[0], reports(1, SAM)[0]
    ways = [(first, second), (second, first)]

    answers = together(
        8,
        lambda i: links.link_duplicate(
            reference=ways[i % 2][0].reference, to=ways[i % 2][1].reference, viewer=agent, now=LATER
        ),
    )

    assert EnquiryLink.objects.filter(undone_at=None).count() == 1
    assert sorted(ended(first, second)) == ["", "duplicate"]
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == 4  # the other way; the same way again changes nothing
    assert EnquiryEvent.objects.filter(type="enquiry.duplicate_of").count() == 1
    whole(first, second)


def test_a_chain_that_is_merged_at_once_has_one_end(agent: Viewer) -> None:
    found = reports(4)
    pairs = [(3, 2), (2, 1), (1, 0)]

    def merge(index: int) -> object:
        later, earlier = pairs[index]
        return links.merge(
            reference=found[later].reference, into=found[earlier].reference, viewer=agent, now=LATER
        )

    together(3, merge)
    for index in range(3):  # who was told to look again does
        try:
            merge(index)
        except DomainError as refusal:
            assert "already" in str(refusal)  # noqa: PT017  # either is right
    assert ended(*found) == ["", "duplicate", "duplicate", "duplicate"]
    assert {standing.merged_end(one.pk) for one in found} == {found[0].pk}
    whole(*found)


def test_a_split_that_is_sent_twice_is_one(agent: Viewer) -> None:
    first = reports(1)[0]
    answers = together(
        6,
        lambda _: splits.split(
            reference=first.reference, viewer=agent, description="And a pothole",
            service="pothole", now=LATER,
        ),
    )  # fmt: skip
    assert len({str(answer) for answer in answers}) == 1
    assert Enquiry.objects.count() == 2
    assert Outbox.objects.filter(task="enquiries.triage", key__startswith="triage:").count() == 2


def test_a_link_to_what_is_opened_again_just_now(agent: Viewer) -> None:
    first, second = reports(1)[0], reports(1, SAM)[0]
    resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.", now=NOW
    )
    works: list[Callable[[], object]] = [
        lambda: links.link_duplicate(
            reference=second.reference, to=first.reference, viewer=agent, now=LATER
        ),
        lambda: resolutions.reopen(
            reference=first.reference, viewer=agent, words="Not done", now=LATER
        ),
    ]
    answers = together(2, lambda i: works[i]())
    linked = not isinstance(answers[0], DomainError)
    assert answers[1] is None
    assert ended(first, second) == ["", "duplicate" if linked else ""]
    whole(first, second)


def test_undone_by_two_and_come_back_at_once_it_goes_on_once(agent: Viewer) -> None:
    first, second = reports(1)[0], reports(1, SAM)[0]
    links.link_duplicate(reference=second.reference, to=first.reference, viewer=agent, now=LATER)
    resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.", now=LATER
    )

    def come_back(index: int) -> object:
        if index % 2:
            return links.unlink(reference=second.reference, viewer=agent, now=LATER)
        return intake.receive(
            InboundContact(
                channel=Channel.WEB,
                external_id=f"again-{index}",
                received_at=LATER,
                needs=(Need("Still there", kind="repeat", about=second.reference),),
            ),
            now=LATER,
        )

    together(6, come_back)
    assert ended(first, second) == ["completed", ""]
    assert second.reopened_count == 1
    assert EnquiryEvent.objects.filter(enquiry=second, type="enquiry.unlinked").count() == 1
    whole(first, second)
