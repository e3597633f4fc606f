"""What organisations pass to each other is in one view of the queue, with both reasons."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enquiries.models import Enquiry, Referral
from tests.desk.steps import text
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db


def _rejected(enquiry: Enquiry, body, reason: str, words: str, suggested=None) -> Referral:
    return Referral.objects.create(
        enquiry=enquiry,
        organisation=body,
        status="rejected",
        reason="By the rules",
        offered_at=NOW,
        settled_at=NOW,
        reject_reason=reason,
        answer_reason=words,
        suggested=suggested,
    )


def _disputed(world) -> Enquiry:
    enquiry = enquiry_of(ask(service=None, words="A tree has fallen over the lane", postcode=""))
    county, district = (
        world.organisations["worcestershire-county"],
        world.organisations["wychavon"],
    )
    _rejected(enquiry, district, "other_body", "The lane is a highway", suggested=county)
    _rejected(enquiry, county, "not_a_duty", "The lane is private")
    Enquiry.objects.filter(pk=enquiry.pk).update(disputed_at=NOW)
    return enquiry


def test_a_disputed_case_shows_who_said_no_why_and_whom_they_named(world, client_for):
    enquiry = _disputed(world)
    ask(service=None, words="Nothing of the kind", postcode="")
    page = text(client_for(world.agent).get("/desk/?view=disputed"))
    assert enquiry.reference in page
    assert "Nothing of the kind" not in page
    assert "Another organisation does this" in page
    assert "The lane is a highway" in page
    assert "Names Worcestershire<" in page
    assert "Nobody has a duty to do this" in page
    assert "The lane is private" in page
    assert page.index("The lane is a highway") < page.index("The lane is private")


def test_reasons_are_not_asked_for_in_the_other_views(world, client_for):
    _disputed(world)
    assert "The lane is private" not in text(client_for(world.agent).get("/desk/?view=all"))


def test_an_empty_view_of_disputes_says_what_comes_there(world, client_for):
    page = text(client_for(world.agent).get("/desk/?view=disputed"))
    assert "No organisations disagree about a case" in page


def test_what_presses_is_marked_and_can_be_filtered(world, client_for):
    calm = enquiry_of(ask(service=None, words="A calm one", postcode=""))
    urgent = enquiry_of(ask(service=None, words="A pressing one", postcode=""))
    Enquiry.objects.filter(pk=urgent.pk).update(priority="emergency")
    client = client_for(world.agent)
    everything = text(client.get("/desk/?view=all"))
    assert calm.reference in everything
    assert everything.count(">Emergency</strong>") == 1
    pressing = text(client.get("/desk/?view=all&priority=emergency"))
    assert urgent.reference in pressing
    assert "A calm one" not in pressing
    assert "Priority: Emergency" in pressing


def test_disputes_take_as_many_statements_for_thirty_cases_as_for_three(world, client_for):
    client = client_for(world.agent)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/desk/?view=disputed")
        return len(captured)

    for _ in range(3):
        _disputed(world)
    few = statements()
    for _ in range(27):
        _disputed(world)
    assert statements() == few
