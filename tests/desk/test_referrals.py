"""A partner's officer: what was offered to their organisation, answered once; nothing of others."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from enquiries.actions import resolutions
from enquiries.inbound import Sender
from enquiries.models import EnquiryEvent, Referral
from notifications.models import Notification
from tests.desk.steps import act, new_key, text
from tests.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(world) -> Referral:
    ask(sender=Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123"))
    return Referral.objects.get()


def address(referral: Referral) -> str:
    return f"/desk/referrals/{referral.public_id}/"


def test_an_officer_accepts_asks_and_completes(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    assert referral.enquiry.reference in text(client.get("/desk/referrals/"))
    before = text(client.get(page))
    assert "Shown when you have accepted it" in before
    assert not {part for part in ("Jo Bloggs", "07700 900123", "jo@example") if part in before}

    act(client, page, "accept")
    assert "07700 900123" in text(client.get(page))
    assert referral.enquiry.reference in text(client.get("/desk/referrals/?tab=mine"))
    assert referral.enquiry.reference in text(client.get("/desk/referrals/?tab=team"))
    act(client, page, "ask", words="Which bin is it?")
    assert referral.enquiry.reference in text(client.get("/desk/referrals/?tab=waiting"))
    assert "Which bin is it?" in text(client.get(page))
    act(client, page, "complete", outcome="completed", words="Emptied this morning")
    assert referral.enquiry.reference in text(client.get("/desk/referrals/?tab=done"))

    enquiry = referral.enquiry
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.public_words) == ("resolved", "Emptied this morning")
    told = set(Notification.objects.filter(about=enquiry.reference).values_list("event", flat=True))
    assert told >= {"accepted", "asked", "resolved"}


def test_a_no_needs_its_reason_and_tells_it(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    act(client, page, "accept")
    bare = act(client, page, "complete", outcome="decided_no", words="")
    assert "Write what the citizen will read" in text(bare)
    assert "Write what they can do next" in text(bare)
    act(
        client,
        page,
        "complete",
        outcome="decided_no",
        words="The bin was not put out",
        next_step="Put it out on Monday before seven",
    )
    event = EnquiryEvent.objects.get(type="enquiry.resolved")
    assert event.data["outcome"] == "decided_no"
    assert event.data["next_step"] == "Put it out on Monday before seven"
    referral.enquiry.refresh_from_db()
    assert "Put it out on Monday before seven" in referral.enquiry.public_words


NO = {"reason": "other_body", "suggested": "worcestershire-county"}


@pytest.mark.parametrize(
    ("name", "status", "data"),
    [
        ("reject", "rejected", {"words": "Try the county", **NO}),
        ("give-back", "returned", {"question": "Try the county"}),
    ],
)
def test_work_handed_back_takes_the_citizen_off_the_page(
    world, referral, client_for, name, status, data
):
    client, page = client_for(world.officer), address(referral)
    act(client, page, "accept")
    assert "Jo Bloggs" in text(client.get(page))
    act(client, page, name, **data)
    referral.refresh_from_db()
    assert (referral.status, referral.answer_reason) == (status, "Try the county")
    after = text(client.get(page))
    assert "with the hub again" in after
    for personal in ("Jo Bloggs", "07700 900123", "jo@example.com"):
        assert personal not in after


def test_an_answer_sent_twice_is_given_once(world, referral, client_for):
    client, page, key = client_for(world.officer), address(referral), new_key()
    act(client, page, "accept")
    for _ in range(2):
        assert client.post(f"{page}ask/", {"key": key, "words": "Which bin?"}).status_code == 303
    assert EnquiryEvent.objects.filter(type="enquiry.info_requested").count() == 1


def test_two_officers_answer_and_the_second_is_told(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    act(client, page, "reject", words="Not our street", reason="other_area")
    late = act(client, page, "give-back", question="We know too little")
    assert "This referral is rejected already" in text(late)
    assert "We know too little" in text(late)


def test_a_foreign_referral_reads_as_not_there(world, referral, client_for):
    for user in (world.outsider, world.agent, world.manager):
        client = client_for(user)
        assert client.get(address(referral)).status_code == 404
        assert act(client, address(referral), "accept").status_code == 404
    referral.refresh_from_db()
    assert referral.status == "offered"
    officer = client_for(world.officer)
    assert officer.get(f"/desk/referrals/{uuid.uuid4()}/").status_code == 404
    assert officer.get(f"/desk/cases/{referral.enquiry.reference}/").status_code == 404
    assert officer.get("/desk/people/").status_code == 404
    assert "hub-row__main" not in text(client_for(world.outsider).get("/desk/referrals/"))


def test_what_another_organisation_did_is_not_on_the_page(world, referral, client_for):
    act(
        client_for(world.officer),
        address(referral),
        "reject",
        words="A secret of Wychavon",
        reason="other",
    )
    act(
        client_for(world.agent),
        f"/desk/cases/{referral.enquiry.reference}/",
        "refer",
        organisation="worcester-city",
    )
    theirs = Referral.objects.get(organisation__slug="worcester-city")
    client = client_for(world.outsider)
    act(client, address(theirs), "accept")
    page = text(client.get(address(theirs)))
    assert "Accepted by Worcester City" in page
    assert "A secret of Wychavon" not in page
    # Whom they may suggest instead is a list of everybody; it is the only place with the name.
    assert "Wychavon" not in re.sub(r"<select.*?</select>", "", page)


def test_looking_at_a_referral_with_a_person_is_written_down(world, referral, client_for):
    client = client_for(world.officer)
    client.get(address(referral))
    assert not AuditEvent.objects.filter(action="person.viewed").exists()
    act(client, address(referral), "accept")
    client.get(address(referral))
    looked = AuditEvent.objects.get(action="person.viewed")
    assert looked.actor_id == world.officer.pk


def test_the_inbox_takes_as_many_statements_for_thirty_rows_as_for_three(world, client_for):
    client = client_for(world.officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/desk/referrals/")
        return len(captured)

    for _ in range(3):
        ask()
    few = statements()
    for _ in range(27):
        ask()
    assert statements() == few


def test_a_case_open_again_with_others_is_no_longer_about_anybody(world, referral, client_for):
    client, page = client_for(world.officer), address(referral)
    act(client, page, "accept")
    act(client, page, "complete", outcome="completed", words="Emptied this morning")
    assert "Jo Bloggs" in text(client.get(page))
    resolutions.reopen(
        reference=referral.enquiry.reference,
        viewer=world.viewer(world.agent),
        words="It was another bin",
        now=timezone.now(),
    )
    shown = text(client.get(page))
    assert "No longer shown" in shown
    assert "Jo Bloggs" not in shown
    assert "Anonymous" not in shown
