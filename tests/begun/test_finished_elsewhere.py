"""Forms that were begun on the web: finished at a kiosk or by an agent, or ended early."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

import accounts.actions
import accounts.queries
from accounts.models import User
from enquiries import leaving
from enquiries.models import BegunForm, Contact, Enquiry
from tests import forms_of, kiosk_device
from tests.begun.steps import (
    CODE,
    Clock,
    agent_of_the_hub,
    begin,
    clock,
    code_of,
    desk_contact,
    finish,
    judged,
)
from tests.kiosk.conftest import Visitor as KioskVisitor
from tests.kiosk.conftest import enrolled, site
from tests.outbox import run_outbox
from tests.web.conftest import EVESHAM, Visitor, _loaded, partnership, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


def test_finished_at_a_kiosk_it_is_one_enquiry_that_needed_a_second_door(
    visitor: Visitor, clock: Clock, enrolled: Client
) -> None:
    begin(visitor)
    code = code_of(visitor)
    clock.on(hours=3)
    kiosk_device.heard()
    kiosk = KioskVisitor(enrolled)
    kiosk.open("start/")
    kiosk.open("return/")
    kiosk.post(code="K3MPX-7WD4R")
    assert "That code opens no form" in kiosk.text
    kiosk.post(code=code)
    assert kiosk.at == "/kiosk/tell/"
    kiosk.post(tell_by="email")
    kiosk.post(email="jo@example.com", name="Jo Example")
    kiosk.post()
    assert kiosk.at == "/kiosk/sent/"
    enquiry = Enquiry.objects.get()
    assert enquiry.description == "A mattress"
    assert enquiry.first_contact.channel == "web"
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason, one.verdict.owner) == (
        "failure",
        "signposting_or_transfer",
        "system",
    )
    assert one.recontacts == 0
    assert leaving.count_due(now=clock.on(days=3)) == 0


def test_an_agent_finishes_it_on_the_phone_once(
    visitor: Visitor, clock: Clock, client_for: Callable[[User], Client]
) -> None:
    begin(visitor)
    code = code_of(visitor)
    clock.on(hours=2)
    agent = agent_of_the_hub()
    desk = client_for(agent)
    page = desk_contact(desk, "phone")
    shown = desk.post(page, {"code": code})
    text = shown.content.decode()
    assert "A mattress" in text
    fields = dict(re.findall(r'name="(key|code|seen)" value="([^"]*)"', text))
    fields |= {"description": "A mattress", "postcode": EVESHAM, "address": "By the bridge"}
    wrong = desk.post(page, {**fields, "send": "1", "tell_by": "email"})
    assert "Ask for it" in wrong.content.decode()
    done = {**fields, "send": "1", "tell_by": "email", "email": "jo@example.com", "name": "Jo"}
    assert desk.post(page, done).status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.description, enquiry.first_contact.channel) == ("A mattress", "web")
    (one,) = judged().values()
    assert one.channel == "web"
    assert one.verdict.reason == "signposting_or_transfer"
    case = re.sub(r"\s+", " ", desk.get(f"/desk/cases/{enquiry.reference}/").content.decode())
    assert "In touch once" in case
    assert "Begun on the website, finished by phone: something new" in case
    assert "Received by phone: a form that was begun on the website and finished here" in case
    assert "told us more" not in case
    # What the citizen still has open leads to what was sent.
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert enquiry.reference in visitor.text
    assert Enquiry.objects.count() == 1


def test_an_agent_asks_what_the_form_asked_when_it_was_begun(
    visitor: Visitor, clock: Clock, client_for: Callable[[User], Client]
) -> None:
    begun_with = forms_of.publish("fly-tipping", forms_of.choice("size", small="A bag", big="Big"))
    visitor.start("fly-tipping")
    visitor.answer(answer="small")
    code = code_of(visitor)
    clock.on(minutes=5)
    forms_of.publish("fly-tipping", forms_of.choice("colour", red="Red", blue="Blue"))
    said = {"own-size": "big", "own-colour": "red", "tell_by": ""}
    text = finish(client_for(agent_of_the_hub()), code, **said)
    assert "What about size?" in text
    assert "What about colour?" not in text
    enquiry = Enquiry.objects.get()
    assert (enquiry.form_id, enquiry.answers) == (begun_with.pk, {"size": "big"})
    assert "What about size? Big" in enquiry.description


def test_an_agent_sends_it_in_the_language_that_it_was_begun_in(
    visitor: Visitor, client_for: Callable[[User], Client]
) -> None:
    visitor.client.get("/language/pl/")
    begin(visitor)
    finish(client_for(agent_of_the_hub()), code_of(visitor), description="A mattress")
    assert Enquiry.objects.get().language == "pl"


def test_who_asked_a_person_all_the_same_is_read_by_one_when_an_agent_sends_it(
    visitor: Visitor, client_for: Callable[[User], Client]
) -> None:
    forms_of.publish("fly-tipping", forms_of.choice("size", small="Small", huge="Huge"), **ENDS)
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    visitor.answer(go_on="1")
    desk = client_for(agent_of_the_hub())
    finish(desk, code_of(visitor), **{"own-size": "huge", "description": "A mattress"})
    run_outbox()
    assert Enquiry.objects.get().owner == accounts.queries.hub()


def test_a_counter_of_the_kiosks_own_site_is_another_door(
    clock: Clock, enrolled: Client, site: str, client_for: Callable[[User], Client]
) -> None:
    kiosk = KioskVisitor(enrolled)
    kiosk.open("start/")
    kiosk.post("about/", service="fly-tipping")
    kiosk.post(postcode=EVESHAM)
    kiosk.post(description="A mattress")
    kiosk.post("save/")
    found = CODE.search(kiosk.text)
    assert found
    clock.on(minutes=10)
    desk = client_for(agent_of_the_hub())
    page = desk_contact(desk, "counter", site)
    Contact.objects.filter(channel="counter").update(site=BegunForm.objects.get().site)
    text = desk.post(page, {"code": found[1]}).content.decode()
    fields = dict(re.findall(r'name="(key|code|seen)" value="([^"]*)"', text))
    fields |= {"description": "A mattress", "postcode": EVESHAM, "send": "1"}
    assert desk.post(page, fields).status_code == 303
    (one,) = judged().values()
    assert (one.channel, one.self_service) == ("kiosk", True)
    assert (one.verdict.reason, one.verdict.owner) == ("signposting_or_transfer", "system")
    case = desk.get(f"/desk/cases/{Enquiry.objects.get().reference}/").content.decode()
    assert "Begun at a kiosk, finished at a counter: something new" in case


# -- ends ----------------------------------------------------------------------------------------

ENDS = {
    "ends": [
        {
            "key": "no",
            "kind": "not_eligible",
            "when": {"question": "size", "is": "huge"},
            "title": "We do not collect this",
            "words": "It is too large for us.",
            "next_step": "Ask a skip company.",
        }
    ]
}


def test_who_reads_a_no_and_leaves_was_told_no_with_a_reason_and_a_next_step(
    visitor: Visitor, clock: Clock
) -> None:
    forms_of.publish("fly-tipping", forms_of.choice("size", small="Small", huge="Huge"), **ENDS)
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    assert visitor.at.endswith("/end/no/")
    assert "It is too large for us." in visitor.text
    assert "Did you get what you needed today?" in visitor.text
    # Until a day is over they may come back to it (R8).
    assert leaving.count_due(now=clock.on(hours=24)) == 0
    assert leaving.count_due(now=clock.on(minutes=2)) == 1
    assert leaving.count_due(now=clock.now) == 0
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.person) == ("decided_no", None)
    assert "Ask a skip company." in enquiry.public_words
    (one,) = judged().values()
    assert one.verdict.kind == "success"


def test_who_changes_the_answer_before_that_sends_one_enquiry(
    visitor: Visitor, clock: Clock
) -> None:
    forms_of.publish("fly-tipping", forms_of.choice("size", small="Small", huge="Huge"), **ENDS)
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    visitor.at = visitor.at.replace("/end/no/", "/q/size/")
    visitor.answer(answer="small")
    assert visitor.at.endswith("/q/place/")
    clock.on(minutes=40)
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert leaving.count_due(now=clock.on(days=2)) == 0
    assert Enquiry.objects.get().outcome == ""


def test_who_asks_a_person_all_the_same_is_read_by_one(visitor: Visitor) -> None:
    forms_of.publish("fly-tipping", forms_of.choice("size", small="Small", huge="Huge"), **ENDS)
    visitor.start("fly-tipping")
    visitor.answer(answer="huge")
    visitor.answer(go_on="1")
    assert visitor.at.endswith("/q/place/")
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    assert Enquiry.objects.get().answers == {"size": "huge"}
