"""The one way in: what is written, once, and what is refused in words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from accounts.areas import NotAPostcode, OutsideCounty, UnknownPostcode
from accounts.permissions import Viewer
from core.errors import DomainError
from core.models import Outbox
from customers.models import ContactPoint, Person
from enquiries import intake
from enquiries.actions import contacts, wrapping_up
from enquiries.actions.arrivals import NoSuchEnquiry, UnknownService
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def inbound(*needs: Need, key: str = "k1", **more: object) -> InboundContact:
    return InboundContact(
        channel=Channel.WEB,
        external_id=key,
        received_at=NOW,
        needs=needs or (Need("The bin is full", service="missed-bin", place=Place("wr113da")),),
        **{"sender": Sender(name="Jo Bloggs", email="Jo@Example.com"), **more},  # type: ignore[arg-type]
    )


def test_an_enquiry_is_written_with_its_contact_place_promise_and_ledger(world: World) -> None:
    enquiry = enquiry_of(ask(triaged=False))

    assert enquiry.status == "new"
    assert enquiry.postcode == "WR11 3DA"
    assert enquiry.district_code == "E07000238"
    # Received on Tuesday, two working days: Thursday, when the office closes.
    assert str(enquiry.promised_on) == "2026-11-19"
    kinds = list(EnquiryEvent.objects.filter(enquiry=enquiry).values_list("type", "sequence"))
    assert kinds == [(EventType.RECEIVED, 1), (EventType.PROMISE_SET, 2)]
    assert Outbox.objects.filter(task="enquiries.triage").count() == 1


def test_a_contact_may_carry_several_enquiries(world: World) -> None:
    received = intake.receive(
        inbound(
            Need("The bin is full", service="missed-bin", place=Place("WR11 3DA")),
            Need("There is a hole in the road", service="pothole", place=Place("WR1 3EZ")),
        ),
        now=NOW,
    )

    assert len(received.enquiries) == 2
    assert Contact.objects.count() == 1
    assert ContactItem.objects.filter(contact_id=received.contact_id).count() == 2


def test_the_same_key_twice_gives_the_first_answer_and_writes_nothing(world: World) -> None:
    first = intake.receive(inbound(), now=NOW)
    again = intake.receive(inbound(), now=NOW)

    assert again == replace(first, replayed=True)
    assert Enquiry.objects.count() == Contact.objects.count() == Person.objects.count() == 1


def test_the_same_key_with_other_words_is_refused(world: World) -> None:
    intake.receive(inbound(), now=NOW)

    with pytest.raises(intake.SameKeyOtherBody):
        intake.receive(inbound(Need("Something else")), now=NOW)
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("need", "refusal"),
    [
        (Need(""), intake.NothingAsked),
        (Need(" \x00\x07 "), intake.NothingAsked),
        (Need("x" * 4001), intake.TooLong),
        (Need("Hole", service="no-such-service"), UnknownService),
        (Need("Hole", place=Place("not a postcode")), NotAPostcode),
        (Need("Hole", place=Place("SW1A 1AA")), OutsideCounty),
        (Need("Hole", place=Place("WR9 9ZZ")), UnknownPostcode),
        (Need("Any news?", kind="chase", about="WH2-2222-22"), NoSuchEnquiry),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_leaves_nothing(
    world: World, need: Need, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as caught:
        intake.receive(inbound(need), now=NOW)
    assert len(str(caught.value)) > 10
    assert not Enquiry.objects.exists()
    assert not Contact.objects.exists()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    "words",
    ["🗑️ not emptied 😡", "الحاوية لم تُفرغ", "<script>alert(1)</script>", "x" * 4000, "a\x00b"],
)
def test_any_words_are_kept_as_they_are(world: World, words: str) -> None:
    enquiry = enquiry_of(ask(words=words))
    assert enquiry.description == words.replace("\x00", "")


def test_two_people_who_share_a_telephone_stay_two(world: World) -> None:
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"))
    ask(sender=Sender(name="Sam Bloggs", phone="+44 7700 900123"))
    ask(sender=Sender(name="jo  bloggs", phone="07700900123"))

    assert Person.objects.count() == 2
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"+447700900123"}


def test_texts_within_a_day_are_one_contact_and_the_next_day_another(world: World) -> None:
    from datetime import timedelta

    sender = Sender(phone="07700900123")
    told = {"sender": sender, "channel": Channel.SMS, "thread": "+447700900123", "postcode": ""}
    ask(**told)  # type: ignore[arg-type]
    ask(at=NOW + timedelta(hours=23), **told)  # type: ignore[arg-type]
    ask(at=NOW + timedelta(hours=47), **told)  # type: ignore[arg-type]

    # 24 hours to the minute after the last message a new sitting begins (R10).
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    "need",
    [
        Need("Hole", place=Place("WR1 3EZ", uprn="1000\x0012")),
        Need("Hole", place=Place("WR1 3EZ", address="By the\x00 church")),
        Need("Hole", send_to="wych\x00avon"),
        Need("Hole", service="miss\x00ed-bin"),
        Need("Any news?", kind="chase", about="WH2\x00-2222-22"),
        Need("Hole", about="WH2\x00-2222-22"),
    ],
)
def test_no_field_brings_in_what_postgresql_cannot_store(world: World, need: Need) -> None:
    # Taken, or refused in words: never an error of the database.
    with suppress(DomainError):
        intake.receive(inbound(need), now=NOW)


def test_nothing_is_raised_in_a_contact_that_was_wrapped_up_meanwhile(
    world: World, agent: Viewer
) -> None:
    public_id = contacts.open_contact(
        channel=Channel.PHONE, key="call", viewer=agent, site=None, now=NOW
    )
    held = Contact.objects.get(public_id=public_id)
    first = inbound(Need("One"), key="one", contact_id=held.pk)
    intake.receive(first, now=NOW)
    wrapping_up.wrap_up(public_id=public_id, viewer=agent, outcome="on_its_way", now=NOW)

    with pytest.raises(contacts.ContactClosed):
        intake.receive(inbound(Need("Two"), key="two", contact_id=held.pk), now=NOW)

    assert Enquiry.objects.count() == 1
    # What was taken while it was open is answered again as it was.
    assert intake.receive(first, now=NOW).replayed
