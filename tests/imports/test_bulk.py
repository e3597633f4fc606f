"""A history in bulk leaves the rows that intake, triage and the actions would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import accounts.actions
import accounts.queries
from accounts.permissions import Role, Viewer
from core import copying
from core.audit import SYSTEM, Actor
from enquiries import bulk, intake
from enquiries.actions import referrals, resolutions, triage
from enquiries.channels import Channel, ItemKind
from enquiries.histories import Act, History, Later, Turn, Worked
from enquiries.inbound import InboundContact, Need, Place
from enquiries.lifecycle import Outcome
from enquiries.models import Clock, Contact, ContactItem, Enquiry, EnquiryEvent, Referral
from enquiries.queries import book

pytestmark = pytest.mark.django_db
T = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
OWN = {"id", "reference", "secret", "public_id", "first_contact_id", "contact_id", "enquiry_id"}


def officer(slug: str) -> Viewer:
    body = accounts.queries.organisation(slug)
    assert body is not None
    user = accounts.actions.create_user(
        email=f"officer@{slug}.demo",
        password="not used here",
        full_name="Olive Officer",
        actor=SYSTEM,
        now=T,
    )
    accounts.actions.grant(
        user=user, organisation=body, role=Role.OFFICER, from_on=T.date(), actor=SYSTEM, now=T
    )
    viewer = accounts.queries.viewer_for_user(user)
    assert viewer is not None
    return viewer


def columns(row: Any, *but: str) -> dict[str, Any]:
    left_out = {*OWN, "version", "recorded_at", "transaction", "digest", *but}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }


def everything(enquiry: Enquiry) -> dict[str, Any]:
    """All rows of an enquiry without their keys and the times of writing."""
    enquiry.refresh_from_db()
    events = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    items = ContactItem.objects.filter(enquiry=enquiry).order_by("at", "pk")
    contacts = Contact.objects.filter(items__enquiry=enquiry).order_by("started_at", "pk")
    rows = [columns(event) for event in events]
    for row in rows:
        row["data"] = {key: value for key, value in row["data"].items() if key != "contact"}
    return {
        "enquiry": columns(enquiry),
        "events": rows,
        "items": [columns(item) for item in items],
        "contacts": [columns(contact) for contact in contacts],
        "referrals": [columns(row) for row in Referral.objects.filter(enquiry=enquiry)],
        "clocks": [
            columns(row, "referral_id")
            for row in Clock.objects.filter(enquiry=enquiry).order_by("kind")
        ],
        "named contacts": [event.data["contact"] for event in events if "contact" in event.data]
        == [contact.pk for contact in contacts],
    }


def by_actions(inbound: InboundContact) -> Enquiry:
    with_key = intake.receive(inbound, now=inbound.received_at)
    taken = with_key.enquiries[0]
    triage.triage(enquiry_id=taken.enquiry_id, now=inbound.received_at)
    return Enquiry.objects.get(pk=taken.enquiry_id)


def close_all(enquiry: Enquiry) -> None:
    """As the sweep would have done, at the moment when the time was over."""
    enquiry.refresh_from_db()
    assert enquiry.closes_at is not None
    resolutions.close_due(now=enquiry.closes_at)


def chase(enquiry: Enquiry, at: datetime) -> None:
    intake.receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id="chase",
            received_at=at,
            needs=(
                Need(
                    "When will it be?",
                    kind=ItemKind.CHASE.value,
                    about=enquiry.reference,
                    avoidable="progress_chasing",
                    evidence=("agent_chose",),
                ),
            ),
        ),
        now=at,
    )


def in_bulk(told: History, now: datetime = LATER) -> Enquiry:
    assert bulk.load([told], book=book.read(), now=now, recorded_at=None) == 1
    return Enquiry.objects.order_by("pk").last() or Enquiry()


def history(service: str, **more: Any) -> History:
    return History(
        channel=Channel.WEB,
        external_id="in-bulk",
        fingerprint="x",
        received_at=T,
        description="The green bin was not emptied",
        service=service,
        **more,
    )


def inbound(service: str, place: Place | None, **more: Any) -> InboundContact:
    return InboundContact(
        channel=Channel.WEB,
        external_id="by-actions",
        received_at=T,
        needs=(Need("The green bin was not emptied", service, place, **more),),
    )


def test_referred_accepted_chased_completed_and_closed(partnership: None) -> None:
    viewer = officer("wychavon")
    wr9 = Place(postcode="WR9 8DS")
    first = by_actions(inbound("missed-bin", wr9))
    referral = Referral.objects.get(enquiry=first)
    referrals.accept(public_id=referral.public_id, viewer=viewer, now=T + timedelta(hours=2))
    chased_at, done_at = T + timedelta(hours=30), T + timedelta(days=2)
    chase(first, chased_at)
    referrals.complete(
        public_id=referral.public_id,
        viewer=viewer,
        outcome=Outcome.COMPLETED,
        words="Emptied today",
        now=done_at,
    )
    close_all(first)
    second = in_bulk(
        history(
            "missed-bin",
            place=intake.located(wr9),
            worked=Worked(T + timedelta(hours=2), viewer.name, done_at, words="Emptied today"),
            later=(
                Later(
                    Channel.PHONE,
                    chased_at,
                    avoidable="progress_chasing",
                    words="When will it be?",
                ),
            ),
            entered_by=viewer.actor,
        )
    )
    assert everything(second) == everything(first)
    assert everything(second)["named contacts"]


def agent() -> Viewer:
    user = accounts.actions.create_user(
        email="agent@hub.demo",
        password="not used here",
        full_name="Asha Agent",
        actor=SYSTEM,
        now=T,
    )
    accounts.actions.grant(
        user=user,
        organisation=accounts.queries.hub(),
        role=Role.AGENT,
        from_on=T.date(),
        actor=SYSTEM,
        now=T,
    )
    viewer = accounts.queries.viewer_for_user(user)
    assert viewer is not None
    return viewer


def course(enquiry: Enquiry) -> dict[str, Any]:
    """What figures and clocks hang on: who did what when, and what became of offers and dates."""
    rows = everything(enquiry)
    dates = "received_at promised_on due_at responded_at resolved_at closes_at"
    kept = [*dates.split(), "status", "outcome", "reopened_count", "owner_id"]
    offered = [
        "organisation_id",
        "status",
        "offered_at",
        "accept_due_at",
        "expires_at",
        "work_due_at",
    ]
    offered += ["accepted_at", "settled_at", "outcome"]
    return {
        "enquiry": {name: rows["enquiry"][name] for name in kept},
        "events": [(row["type"], row["at"], row["organisation_id"]) for row in rows["events"]],
        "referrals": sorted(
            ({name: row[name] for name in offered} for row in rows["referrals"]),
            key=lambda row: row["offered_at"],
        ),
        "clocks": sorted(rows["clocks"], key=lambda row: (row["kind"], row["starts_at"])),
    }


def test_sent_back_offered_again_done_and_opened_again(partnership: None) -> None:
    viewer, hub = officer("wychavon"), agent()
    wr9 = Place(postcode="WR9 8DS")
    first = by_actions(inbound("missed-bin", wr9))
    back, again, taken, done, reopened, over = (
        T + timedelta(hours=hours) for hours in (2, 4, 5, 24, 50, 74)
    )

    def live() -> Any:
        return Referral.objects.get(enquiry=first, settled_at=None).public_id

    referrals.give_back(public_id=live(), viewer=viewer, question="Which bin?", now=back)
    referrals.offer(
        reference=first.reference, viewer=hub, organisation="wychavon", reason="Green", now=again
    )
    referrals.accept(public_id=live(), viewer=viewer, now=taken)
    completed = Outcome.COMPLETED
    referrals.complete(public_id=live(), viewer=viewer, outcome=completed, words="Done", now=done)
    resolutions.reopen(reference=first.reference, viewer=hub, words="It was not", now=reopened)
    resolutions.resolve(
        reference=first.reference, viewer=hub, outcome=completed, words="Done", now=over
    )
    second = in_bulk(
        history(
            "missed-bin",
            place=intake.located(wr9),
            turns=(
                Turn(Act.RETURN, back, words="Which bin?"),
                Turn(Act.OFFER, again, to="wychavon"),
                Turn(Act.ACCEPT, taken),
                Turn(Act.RESOLVE, done, words="Done"),
                Turn(Act.REOPEN, reopened, words="It was not"),
            ),
            worked=Worked(None, viewer.name, over, words="Done"),
            actor=hub.actor,
            entered_by=viewer.actor,
        ),
        now=over,
    )
    told, acted = course(second), course(first)
    # Who sends on is the hub in one, the rules in the other.
    assert [row[:2] for row in told.pop("events")] == [row[:2] for row in acted.pop("events")]
    assert told == acted


def test_answered_inside_the_contact(partnership: None) -> None:
    first = Enquiry.objects.get(
        pk=intake.receive(inbound("recycling-centre", None, answer="Open until six today"), now=T)
        .enquiries[0]
        .enquiry_id
    )
    close_all(first)
    second = in_bulk(
        history(
            "recycling-centre",
            answered=True,
            worked=Worked(words="Open until six today", outcome=Outcome.ANSWERED),
        )
    )
    assert everything(second) == everything(first)


@pytest.mark.parametrize(
    ("service", "postcode"),
    [("missed-bin", ""), ("pothole", "WR1 1AA"), ("allotments", "WR11 3ED")],
)
def test_kept_by_the_hub_or_waiting_for_an_answer(
    partnership: None, service: str, postcode: str
) -> None:
    place = Place(postcode=postcode) if postcode else None
    first = by_actions(inbound(service, place))
    second = in_bulk(
        history(service, place=intake.located(place)),
        now=T + timedelta(hours=1),
    )
    assert everything(second) == everything(first)


def test_what_is_to_come_is_left_out(partnership: None) -> None:
    enquiry = in_bulk(
        history(
            "pothole",
            worked=Worked(T + timedelta(hours=1), "Olive", T + timedelta(days=3)),
            later=(Later(Channel.PHONE, T + timedelta(days=1)),),
            entered_by=Actor("staff", name="Olive"),
        ),
        now=T + timedelta(hours=2),
    )
    assert enquiry.status == "in_progress"
    assert enquiry.events.count() == 4
    assert enquiry.items.count() == 1


def test_a_history_that_came_in_before_changes_nothing(partnership: None) -> None:
    once = history("pothole")
    rules = book.read()
    assert bulk.load([once], book=rules, now=LATER, recorded_at=LATER) == 1
    before = EnquiryEvent.objects.count()
    assert bulk.load([once, once], book=rules, now=LATER, recorded_at=LATER) == 0
    assert EnquiryEvent.objects.count() == before
    assert EnquiryEvent.objects.latest("pk").recorded_at == LATER


def test_a_row_that_is_there_already_is_an_integrity_error_as_everywhere() -> None:
    contact = Contact(channel=Channel.PHONE.value, started_at=T, recorded_at=T)
    contact.pk = copying.new_ids(Contact, 1)[0]
    copying.copy_in(Contact, [contact])
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.copy_in(Contact, [contact])
    assert Contact.objects.count() == 1
