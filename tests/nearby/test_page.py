"""What is known already, before anybody gives a name: read, joined, or passed by."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import escape

from enquiries.lifecycle import Outcome, Status
from enquiries.models import ContactItem, Enquiry, EnquiryLink
from enquiries.queries import surveys
from tests.nearby.conftest import Neighbour
from tests.nearby.steps import EAST, NORTH, SECRET_WORDS, report
from tests.nearby.test_notices import published
from tests.outbox import run_outbox
from tests.world import World

pytestmark = pytest.mark.django_db


def lately(**said: Any) -> Enquiry:
    return report(now=timezone.now() - timedelta(days=1), **said)


def test_nothing_known_is_no_page(neighbour: Neighbour) -> None:
    neighbour.says()
    assert neighbour.at.endswith("/you/")


def test_what_others_told_us_comes_right_after_the_place(neighbour: Neighbour) -> None:
    other = lately(north=0.0005)
    neighbour.start("pothole")
    neighbour.answer(latitude=f"{NORTH:.6f}", longitude=f"{EAST:.6f}")
    assert neighbour.at.endswith("/nearby/")
    back = re.search(r'href="([^"]+)" class="govuk-back-link"', neighbour.text)
    assert back is not None
    assert back[1].endswith("/q/place/")
    assert "About 60 m away" in neighbour.text
    for private in (SECRET_WORDS, "Canary", "Jo Marlow", "jo.marlow", other.reference):
        assert private not in neighbour.text
    assert other.secret not in neighbour.text


def test_it_is_this_one_ends_in_the_other_and_is_told_what_comes_of_it(
    neighbour: Neighbour,
) -> None:
    other = lately(north=0.0005)
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    assert neighbour.at.endswith("/told/")
    neighbour.answer(tell_by="email", email="sam@example.com", name="")
    assert neighbour.at.endswith("/sent/")
    mine = Enquiry.objects.exclude(pk=other.pk).get()
    assert (mine.status, mine.outcome) == (Status.RESOLVED, Outcome.DUPLICATE)
    assert mine.description == "Pothole"
    assert EnquiryLink.objects.get().target_id == other.pk
    assert mine.reference in neighbour.text
    assert "Somebody told us about this already" in neighbour.text
    assert other.reference not in neighbour.text
    run_outbox()
    mine.refresh_from_db()
    assert mine.status == Status.RESOLVED


def test_pressing_twice_is_once(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    at, carry = neighbour.at, neighbour.carry
    fields = {"tell_by": "email", "email": "sam@example.com", "name": "", "carry": carry}
    neighbour.client.post(at, fields)
    again = neighbour.client.post(at, fields)
    assert again.status_code == 302
    assert Enquiry.objects.count() == 2
    assert ContactItem.objects.count() == 2


def test_it_is_none_of_these_goes_on_and_is_not_asked_again(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    neighbour.goes_on()
    assert neighbour.at.endswith("/you/")
    neighbour.answer(tell_by="email", email="sam@example.com", name="Sam")
    assert neighbour.at.endswith("/check/")
    neighbour.answer()
    assert Enquiry.objects.filter(outcome="").count() == 2


def test_another_place_is_read_anew(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    neighbour.goes_on()
    neighbour.at = neighbour.at.replace("/q/you/", "/q/place/")
    neighbour.answer(latitude="52.094300", longitude="-1.950300")
    assert neighbour.at.endswith("/nearby/")


@pytest.mark.parametrize(
    "typed",
    ["x", "1", "\x00", "9" * 5000, "1:2:3", "<script>", "🏠", "WH7-K3MP-4X", ""],
)
def test_what_no_button_sent_is_refused_and_nothing_is_lost(
    neighbour: Neighbour, typed: str
) -> None:
    lately()
    neighbour.says()
    for name in ("this", "notice"):
        answer = neighbour.answer(**{name: typed})
        assert answer.status_code == 200
        assert "Choose one of these, or go on" in neighbour.text
    assert Enquiry.objects.count() == 1


def test_what_one_journey_was_offered_opens_in_no_other(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    token = neighbour.tokens[0]
    other = Neighbour()
    other.says()
    other.answer(this=token)
    assert other.at.endswith("/nearby/")
    assert "Choose one of these" in other.text


def test_a_report_that_ended_meanwhile_loses_nobodys(neighbour: Neighbour) -> None:
    from accounts.permissions import SYSTEM_VIEWER
    from enquiries.actions import resolutions

    other = lately()
    neighbour.says(words="Mine, too")
    neighbour.answer(this=neighbour.tokens[0])
    resolutions.resolve(
        reference=other.reference,
        viewer=SYSTEM_VIEWER,
        outcome=Outcome.COMPLETED,
        words="Filled",
        now=timezone.now(),
    )
    neighbour.answer(tell_by="email", email="sam@example.com", name="")
    assert neighbour.at.endswith("/sent/")
    mine = Enquiry.objects.exclude(pk=other.pk).get()
    assert (mine.status, mine.outcome) == (Status.NEW, "")
    run_outbox()
    mine.refresh_from_db()
    assert mine.status != Status.NEW


def test_without_an_address_there_is_nobody_to_tell(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    assert not re.search(r'value="none"', neighbour.text)
    neighbour.answer(tell_by="email", email="")
    assert "Enter your email address" in neighbour.text
    assert Enquiry.objects.count() == 1


def test_who_has_it_is_told_as_it_stands_and_not_as_the_rules_would_send_it(
    neighbour: Neighbour, world: World
) -> None:
    other = lately()
    Enquiry.objects.filter(pk=other.pk).update(owner=world.organisations["wychavon"])
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    neighbour.answer(tell_by="email", email="sam@example.com", name="")
    assert neighbour.at.endswith("/sent/")
    assert "Wychavon District Council" in neighbour.text
    assert "Worcestershire County Council" not in neighbour.text


TRICKS = [
    "<script>alert(1)</script>",
    "{{ secret }} {% debug %}",
    "'; DROP TABLE enquiries_enquiry; --",
    '" onmouseover="alert(1)',
    "\u202egnp.exe",
    "مرحبا بالعالم",
    "x" * 300,
]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_staff_write_for_neighbours_is_text_and_never_code(
    neighbour: Neighbour, trick: str
) -> None:
    from accounts.permissions import SYSTEM_VIEWER
    from enquiries.actions import neighbours

    one = lately()
    neighbours.show(
        reference=one.reference,
        viewer=SYSTEM_VIEWER,
        words=trick,
        picture="",
        picture_words="",
        now=timezone.now(),
    )
    neighbour.says()
    assert neighbour.at.endswith("/nearby/")
    assert escape(trick) in neighbour.text
    assert "<script>alert" not in neighbour.text


def test_who_was_answered_by_a_notice_is_asked_at_that_end(neighbour: Neighbour) -> None:
    notice = published(timezone.now(), starts_at=timezone.now() - timedelta(hours=1))
    neighbour.says()
    neighbour.answer(notice=str(notice.public_id))
    neighbour.answer(tell_by="email", email="sam@example.com", name="")
    assert neighbour.at.endswith("/sent/")
    found = re.search(r'action="/said/([^/]+)/"', neighbour.text)
    asked = surveys.opened(found[1]) if found else None
    assert asked is not None
    assert asked.end_point == "notice"


def test_who_joined_a_report_is_asked_as_anybody_who_sent_one(neighbour: Neighbour) -> None:
    lately()
    neighbour.says()
    neighbour.answer(this=neighbour.tokens[0])
    neighbour.answer(tell_by="email", email="sam@example.com", name="")
    found = re.search(r'action="/said/([^/]+)/"', neighbour.text)
    asked = surveys.opened(found[1]) if found else None
    assert asked is not None
    assert asked.end_point == "sent"
