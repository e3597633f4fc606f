"""Which forms that nobody sent become somebody's contact, and when."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from channels.asking import spam
from core import limits
from enquiries import leaving
from enquiries.actions import begun as acts
from enquiries.actions import unsent
from enquiries.models import BegunForm, Contact, Enquiry
from tests import forms_of
from tests.begun.steps import (
    CODE,
    Clock,
    agent_of_the_hub,
    begin,
    clock,
    code_of,
    desk_contact,
    judged,
)
from tests.kiosk.conftest import Visitor as KioskVisitor
from tests.kiosk.conftest import enrolled, site
from tests.web.conftest import EVESHAM, Visitor, _loaded, partnership, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


def ends_with(phone: str, kind: str = "emergency") -> None:
    forms_of.publish(
        "fly-tipping",
        forms_of.choice("size", small="Small", huge="Huge"),
        ends=[
            {
                "key": "crash",
                "kind": kind,
                "when": {"question": "size", "is": "huge"},
                "title": "Ring now",
                "words": "Ring, so that a lorry can be sent.",
                "next_step": "Ring now.",
                "phone": phone,
            }
        ],
    )


def test_back_within_a_day_of_reading_no_is_the_same_contact_going_on(
    visitor: Visitor, clock: Clock
) -> None:
    ends_with("", "not_eligible")
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    assert leaving.count_due(now=clock.on(hours=23)) == 0
    visitor.at = re.sub(r"/end/crash/$", "/q/size/", visitor.at)
    visitor.answer(answer="small")
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert Enquiry.objects.count() == Contact.objects.count() == 1
    (one,) = judged().values()
    assert one.verdict.reason != "closed_too_early"


@pytest.mark.parametrize(
    ("phone", "verdict"),
    [
        ("01632 960000", ("failure", "signposting_or_transfer")),
        ("999", ("excluded", "out_of_partnership")),
    ],
)
def test_who_is_sent_to_a_telephone_of_ours_was_not_served_in_one_stop(
    visitor: Visitor, clock: Clock, phone: str, verdict: tuple[str, str]
) -> None:
    ends_with(phone)
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    assert leaving.count_due(now=clock.on(hours=25)) == 1
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason) == verdict


def test_saved_before_the_first_answer_it_is_nobodys_contact(
    visitor: Visitor, clock: Clock
) -> None:
    visitor.start("fly-tipping")
    code_of(visitor)
    assert BegunForm.objects.count() == 1
    assert leaving.count_due(now=clock.on(hours=25)) == 0


def test_what_a_machine_begins_is_kept_in_no_table_and_counted_nowhere(
    visitor: Visitor, clock: Clock
) -> None:
    for trap in ({spam.TRAP: "x"}, {spam.STAMP: "made up"}):
        machine = Visitor(Client())
        machine.start("fly-tipping")
        machine.answer(postcode=EVESHAM, **trap)
        assert machine.at.endswith("/q/description/")
    assert not BegunForm.objects.exists()
    assert leaving.count_due(now=clock.on(hours=25)) == 0


def test_over_the_bound_a_form_goes_on_in_the_browser_and_can_be_sent(
    visitor: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = {"address": limits.Bound(0, 60)}
    monkeypatch.setattr(limits, "DOORS", {**limits.DOORS, "begin": bound})
    begin(visitor)
    assert not BegunForm.objects.exists()
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    assert Enquiry.objects.get().description == "A mattress"


def test_a_form_whose_row_was_forgotten_can_be_left_again_and_stops_no_other(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    clock.on(hours=25)
    assert leaving.count_due(now=clock.now) == 1
    clock.on(hours=22)
    visitor.go(visitor.client.get(visitor.at))
    carry = visitor.carry
    clock.on(days=6)
    acts.sweep(now=clock.now)
    visitor.client.cookies.clear()
    visitor.carry = carry
    (stamp,) = re.findall(rf'name="{spam.STAMP}" value="([^"]+)"', visitor.text)
    visitor.answer(
        tell_by="email", email="jo@example.com", name="Jo Example", **{spam.STAMP: stamp}
    )
    clock.on(minutes=5)
    begin(Visitor())
    assert leaving.count_due(now=clock.on(hours=25)) == 2


def test_one_that_cannot_be_counted_holds_up_no_other(
    visitor: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(visitor)
    clock.on(minutes=5)
    begin(Visitor())
    known = unsent.as_contact
    bad = BegunForm.objects.order_by("touched_at").values_list("pk", flat=True)[0]

    def fails(row: BegunForm) -> object:
        if row.pk == bad:
            raise ValueError("of no use")
        return known(row)

    monkeypatch.setattr(unsent, "as_contact", fails)
    assert leaving.count_due(now=clock.on(hours=25)) == 1


def test_an_agent_on_the_telephone_is_no_help_at_the_kiosk(
    clock: Clock, enrolled: Client, client_for: object
) -> None:
    kiosk = KioskVisitor(enrolled)
    kiosk.open("start/")
    kiosk.post("about/", service="fly-tipping")
    kiosk.post(postcode=EVESHAM)
    kiosk.post(description="A mattress")
    kiosk.post("save/")
    found = CODE.search(kiosk.text)
    assert found
    clock.on(minutes=200)
    desk = client_for(agent_of_the_hub())  # type: ignore[operator]
    page = desk_contact(desk, "phone", "")
    Contact.objects.filter(channel="phone").update(site=BegunForm.objects.get().site)
    text = desk.post(page, {"code": found[1]}).content.decode()
    fields = dict(re.findall(r'name="(key|code|seen)" value="([^"]*)"', text))
    fields |= {"description": "A mattress", "postcode": EVESHAM, "send": "1"}
    assert desk.post(page, fields).status_code == 303
    (one,) = judged().values()
    assert one.verdict.reason == "signposting_or_transfer"
