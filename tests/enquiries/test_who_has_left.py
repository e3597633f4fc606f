"""A body that left the partnership, and a service that ended: no new work, and the past stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

import enquiries.queries.ledger as source
from accounts.models import Organisation
from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import referrals, resolutions, triage
from enquiries.channels import Channel
from enquiries.histories import History
from enquiries.inbound import InboundContact, Located, Need
from enquiries.lifecycle import Outcome, Status
from enquiries.models import Enquiry, Referral
from enquiries.queries import book
from enquiries.retelling import retell
from kb.models import Service
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def leaves(slug: str) -> None:
    Organisation.objects.filter(slug=slug).update(is_active=False)


def test_a_rule_of_a_body_that_has_left_sends_it_nothing(world: World) -> None:
    leaves("wychavon")

    enquiry = enquiry_of(ask())

    assert not Referral.objects.exists()
    assert (enquiry.status, enquiry.owner) == (Status.OPEN, world.organisations["hub"])
    assert enquiry.routing_reason == "No routing rule covers Missed bin in Wychavon"


def test_a_history_whose_rule_names_a_body_that_has_left_stays_with_the_hub(world: World) -> None:
    before = enquiry_of(ask())
    leaves("wychavon")
    history = History(
        channel=Channel.WEB,
        external_id="old",
        fingerprint="",
        received_at=NOW,
        description="The bin",
        service="missed-bin",
        place=Located(postcode=before.postcode, district_code=before.district_code),
    )

    told = retell(history, book=book.read(), now=NOW)

    assert told.enquiry.owner == world.organisations["hub"]


def test_nobody_sends_a_case_by_hand_to_a_body_that_has_left(agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    leaves("wychavon")

    with pytest.raises(referrals.NobodyToReferTo):
        referrals.offer(
            reference=enquiry.reference,
            viewer=agent,
            organisation="wychavon",
            reason="Yours",
            now=NOW,
        )


def test_what_an_agent_chose_stays_with_the_hub_when_that_body_has_left(world: World) -> None:
    received = ask(triaged=False)
    leaves("wychavon")

    triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=NOW, send_to="wychavon")

    assert enquiry_of(received).status == Status.OPEN
    assert not Referral.objects.exists()


def test_the_ledger_still_says_who_did_what_and_what_it_was_about(officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    referrals.accept(public_id=Referral.objects.get().public_id, viewer=officer, now=NOW)
    before = lines(enquiry)
    leaves("wychavon")
    Service.objects.filter(slug="missed-bin").update(is_active=False)

    assert lines(enquiry) == before


def test_the_same_problem_again_is_taken_although_its_service_has_ended(agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="So", now=NOW
    )
    much_later = NOW + timedelta(days=200)
    resolutions.close_due(now=much_later)
    Service.objects.filter(slug="missed-bin").update(is_active=False)

    intake.receive_within(
        InboundContact(
            channel=Channel.SMS,
            external_id="again",
            received_at=much_later,
            needs=(Need("It is back", kind="repeat", about=enquiry.reference),),
        ),
        now=much_later,
    )

    follower = Enquiry.objects.exclude(pk=enquiry.pk).get()
    assert (follower.service, follower.postcode) == (None, enquiry.postcode)


def lines(enquiry: Enquiry) -> list[source.Line]:
    return [*source.organisations(), *source.services(), *source.ledger([enquiry.pk])]
