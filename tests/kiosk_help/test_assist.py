"""Staff help at the kiosk: one contact with staff in it, in the ledger and in the verdict."""

from __future__ import annotations

import re

import pytest

import accounts.queries
from accounts.hours import DAYS
from accounts.models import Site
from accounts.permissions import Viewer
from enquiries.models import Contact, Enquiry, EnquiryEvent
from kiosks import actions_staff
from kiosks.models import DayCount, HelpCall
from tests import kiosk_device
from tests.begun.steps import CODE, Clock, agent_of_the_hub, clock, judged
from tests.kiosk.conftest import EVESHAM, Visitor, _loaded, enrolled, partnership, site, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


@pytest.fixture
def ann(partnership: None, clock: Clock) -> Viewer:
    found = accounts.queries.viewer_for_user(agent_of_the_hub())
    assert found is not None
    return found


def to_tell(visitor: Visitor, what: str = "A mattress") -> None:
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM)
    visitor.post(description=what)


def send(visitor: Visitor, email: str = "jo@example.com") -> Enquiry:
    visitor.post("tell/", tell_by="email")
    visitor.post("you/email/", email=email, name="Jo Example")
    visitor.post("check/")
    assert visitor.at == "/kiosk/sent/"
    return Enquiry.objects.latest("pk")


def test_helped_before_it_is_sent_it_is_one_assisted_contact_from_its_first_answer(
    visitor: Visitor, ann: Viewer, clock: Clock
) -> None:
    code = actions_staff.make(viewer=ann, now=clock.now)
    to_tell(visitor)
    began = clock.now
    clock.on(minutes=9)
    visitor.post("staff/", code=f"{code[:4]} {code[4:]}")
    assert visitor.at == "/kiosk/menu/"
    assert "Ann is helping" in visitor.text
    enquiry = send(visitor)
    contact = Contact.objects.get()
    assert (contact.agent_id, contact.assists_id) == (ann.id, contact.pk)
    assert (contact.started_at, contact.channel) == (began, "kiosk")
    assert not EnquiryEvent.objects.filter(enquiry=enquiry, type="channel_forced").exists()
    one = judged()[enquiry.reference]
    assert (one.channel, one.self_service, one.recontacts) == ("kiosk", False, 0)
    assert DayCount.objects.get(name="assisted").count == 1
    # The visit is over, and so is the help.
    visitor.open("start/")
    assert "is helping" not in visitor.text
    to_tell(visitor, "A fridge")
    alone = send(visitor, "eve@example.com")
    assert alone.first_contact.agent_id is None
    assert judged()[alone.reference].self_service is True


def test_who_comes_to_a_call_types_the_code_there_and_goes_on_at_the_same_question(
    visitor: Visitor, ann: Viewer, clock: Clock
) -> None:
    code = actions_staff.make(viewer=ann, now=clock.now)
    to_tell(visitor)
    there = visitor.at
    ours = "http://testserver"
    Site.objects.update(opening={day: [["00:00", "24:00"]] for day in DAYS})
    visitor.go(
        visitor.client.post("/kiosk/help/", {"act": "call"}, headers={"Referer": ours + there})
    )
    assert 'href="/kiosk/staff/"' in visitor.text
    visitor.go(visitor.client.get("/kiosk/staff/", headers={"Referer": ours + "/kiosk/help/"}))
    assert f'href="{there}"' in visitor.text
    visitor.post("staff/", code="00000000")
    visitor.post("staff/", code=code)
    assert visitor.at == there
    call = HelpCall.objects.get()
    assert (call.answered_by_id, call.ended_at is not None) == (ann.id, True)
    visitor.open("help/")
    assert 'href="/kiosk/staff/"' not in visitor.text
    assert send(visitor).first_contact.agent_id == ann.id


def test_left_alone_and_finished_by_staff_at_the_kiosk_is_one_assisted_contact(
    visitor: Visitor, ann: Viewer, clock: Clock
) -> None:
    to_tell(visitor)
    visitor.post("save/")
    found = CODE.search(visitor.text)
    assert found
    visitor.open("again/")
    clock.on(hours=2)
    visitor.post("staff/", code=actions_staff.make(viewer=ann, now=clock.now))
    visitor.post("return/", code=found[1])
    enquiry = send(visitor)
    assert Contact.objects.count() == 1
    one = judged()[enquiry.reference]
    assert (one.self_service, one.verdict.reason) == (False, "late")  # nobody has dealt with it yet


@pytest.mark.parametrize("is_same_site", [True, False])
def test_help_at_another_device_is_another_door(
    visitor: Visitor, ann: Viewer, clock: Clock, site: str, is_same_site: bool
) -> None:
    to_tell(visitor)
    visitor.post("save/")
    found = CODE.search(visitor.text)
    assert found
    elsewhere = site if is_same_site else accounts.queries.sites("kiosk")[1].slug
    there = Visitor(kiosk_device.enrolled(elsewhere).client)
    there.post("staff/", code=actions_staff.make(viewer=ann, now=clock.now))
    there.post("return/", code=found[1])
    enquiry = send(there)
    assert Contact.objects.count() == 2
    assert judged()[enquiry.reference].verdict.reason == "signposting_or_transfer"


def test_an_answer_read_with_staff_at_ones_side_is_no_self_service(
    visitor: Visitor, ann: Viewer, clock: Clock
) -> None:
    visitor.post("staff/", code=actions_staff.make(viewer=ann, now=clock.now))
    visitor.open("answers/bin-not-emptied/")
    key = re.search(r'name="key" value="([^"]*)"', visitor.text)
    assert key
    visitor.post(key=key[1], answered="yes")
    (one,) = judged().values()
    assert (one.verdict.kind.value, one.self_service) == ("success", False)


def test_a_code_is_good_today_at_ones_own_sites_and_until_it_is_ended(
    visitor: Visitor, ann: Viewer, clock: Clock, site: str
) -> None:
    here = accounts.queries.site(site)
    assert here is not None
    first = actions_staff.make(viewer=ann, now=clock.now)
    touched = clock.now
    second = actions_staff.make(viewer=ann, now=clock.on(hours=1))
    assert actions_staff.who(first, here, clock.now) is None
    assert actions_staff.who(first, here, touched) is not None  # what was kept arrives later
    visitor.post("staff/", code=first)
    assert "That code is not good here today" in visitor.text
    assert actions_staff.who(second, here, clock.on(hours=12)) is not None
    assert actions_staff.who(second, here, clock.on(hours=2)) is None  # past midnight
    for _ in range(12):
        answer = visitor.client.post("/kiosk/staff/", {"code": "00000000"})
    assert answer.status_code == 429
