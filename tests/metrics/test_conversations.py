"""R10 from the hub's own rows: a conversation lasts while either side writes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import notifications.actions
from core.privacy import address_hash
from enquiries import intake
from enquiries.actions import resolutions
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import Outcome
from enquiries.queries import ledger
from metrics import exports, one_stop, reading
from metrics.one_stop import Judged
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
PHONE = "+447700900123"
LONG_AFTER = NOW + timedelta(days=60)


def text(words: str, at: datetime, *, kind: str = "new", about: str | None = None) -> str:
    received = intake.receive_within(
        InboundContact(
            channel=Channel.SMS,
            external_id=f"{words}{at}",
            received_at=at,
            needs=(Need(words, service="missed-bin", kind=kind, about=about),),
            sender=Sender(phone=PHONE),
            thread=address_hash("phone", PHONE),
        ),
        now=at,
    )
    return received.enquiries[0].reference


def lines() -> list[ledger.Line]:
    frame = [*ledger.organisations(), *ledger.services()]
    return [*frame, *ledger.ledger(ledger.all_ids())]


def judged() -> Judged:
    (one,) = one_stop.judge(reading.read(lines()), LONG_AFTER)
    return one


@pytest.mark.parametrize(("ours_after", "recontacts"), [(20, 0), (None, 1)])
def test_a_text_of_ours_keeps_the_conversation_alive(
    world: World, ours_after: int | None, recontacts: int
) -> None:
    reference = text("My bin", NOW)
    if ours_after is not None:
        notifications.actions.answer(
            key="ours",
            event="sms_added",
            to=PHONE,
            context={"reference": reference, "kind": "chase", "danger": ""},
            about=reference,
            now=NOW + timedelta(hours=ours_after),
        )
    text("Any news?", NOW + timedelta(hours=30), kind=ItemKind.CHASE.value, about=reference)

    assert judged().recontacts == recontacts


def test_our_texts_leave_without_number_or_words(world: World) -> None:
    reference = text("My bin", NOW)
    notifications.actions.answer(
        key="ours",
        event="sms_added",
        to=PHONE,
        context={"reference": reference, "kind": "chase", "danger": ""},
        about=reference,
        now=NOW,
    )
    (line,) = [exports.opened(line) for line in lines() if line["type"] == "outbound"]

    assert set(line) == {"type", "channel", "address", "at", "kind", "recorded"}
    assert line["address"] == exports.pseudonym("address", address_hash("phone", PHONE))


def test_withdrawn_by_the_citizen_in_a_contact_is_left_out_of_the_rate(
    world: World, agent: object
) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    text("Not needed", NOW, kind=ItemKind.NEW_INFORMATION.value, about=enquiry.reference)
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,  # type: ignore[arg-type]  # the fixture's viewer
        outcome=Outcome.WITHDRAWN,
        words="As you wish",
        now=NOW + timedelta(minutes=1),
    )

    verdict = judged().verdict
    assert (verdict.kind, verdict.reason) == ("excluded", "withdrawn")
