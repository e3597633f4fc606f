"""What an organisation may still read of work that it does not have any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import referrals
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.models import Enquiry, Referral
from enquiries.queries import access, api
from enquiries.queries import referrals as reading
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db


def says(enquiry: Enquiry, kind: ItemKind, words: str, at: datetime) -> None:
    intake.receive_within(
        InboundContact(
            channel=Channel.PHONE,
            external_id=words,
            received_at=at,
            needs=(Need(words, kind=kind.value, about=enquiry.reference),),
        ),
        now=at,
    )


@pytest.mark.parametrize(
    ("hand_back", "why"),
    [
        (referrals.reject, {"reason": RejectReason.OTHER, "words": "Not ours"}),
        (referrals.give_back, {"question": "Which lane?"}),
    ],
)
def test_who_handed_it_back_reads_nothing_of_what_happens_next(
    officer: Viewer, hand_back: object, why: dict[str, object]
) -> None:
    enquiry = enquiry_of(ask())
    public_id = Referral.objects.get().public_id
    assert api.enquiry(officer, enquiry.reference, now=NOW)

    hand_back(public_id=public_id, viewer=officer, now=NOW, **why)  # type: ignore[operator]  # one of two

    with pytest.raises(access.NoSuchCase):
        api.enquiry(officer, enquiry.reference, now=NOW)
    assert not access.visible(officer).exists()


def test_who_completed_it_reads_neither_what_is_said_later_nor_what_others_do_then(
    officer: Viewer,
) -> None:
    enquiry = enquiry_of(ask())
    public_id = Referral.objects.get().public_id
    referrals.accept(public_id=public_id, viewer=officer, now=NOW)
    referrals.complete(
        public_id=public_id, viewer=officer, outcome=Outcome.FULFILLED, words="Done", now=NOW
    )
    assert api.enquiry(officer, enquiry.reference, now=NOW).words == "Done"

    says(enquiry, ItemKind.REPEAT, "My new number is 01632 960111", NOW + timedelta(days=1))

    shown = reading.referral(officer, public_id)
    assert [item.words for item in shown.said] == ["My bin was not emptied on Monday"]
    with pytest.raises(access.NoSuchCase):
        api.enquiry(officer, enquiry.reference, now=NOW)


def test_who_completed_it_does_not_read_whose_it_is_once_it_is_open_again(officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    public_id = Referral.objects.get().public_id
    referrals.accept(public_id=public_id, viewer=officer, now=NOW)
    referrals.complete(
        public_id=public_id, viewer=officer, outcome=Outcome.FULFILLED, words="Done", now=NOW
    )
    assert reading.referral(officer, public_id).person is not None

    says(enquiry, ItemKind.REPEAT, "Still there", NOW + timedelta(days=1))

    assert reading.referral(officer, public_id).person is None
