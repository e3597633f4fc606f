"""Forms that were begun: kept by the server, opened elsewhere with a code, sent once, counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import accounts.actions
import accounts.queries
from accounts.models import Team, User
from accounts.permissions import Role
from core.audit import SYSTEM
from enquiries import leaving
from enquiries.actions import begun as acts
from enquiries.models import BegunForm, Contact, Enquiry, EnquiryEvent
from enquiries.queries import begun as reading
from enquiries.queries import ledger as source
from metrics import one_stop
from metrics.one_stop import Judged
from metrics.reading import read as read_ledger
from tests import forms_of, not_ours
from tests.kiosk.conftest import Visitor as KioskVisitor
from tests.kiosk.conftest import enrolled, site
from tests.outbox import run_outbox
from tests.web.conftest import EVESHAM, Visitor, _loaded, partnership, visitor
from tests.world import PASSWORD

__all__ = ["_loaded", "enrolled", "partnership", "site", "visitor"]

CODE = re.compile(r"\b([2-9CDFGHJKMNPRTWXY]{5}-[2-9CDFGHJKMNPRTWXY]{5})\b")
START = datetime.fromisoformat("2026-11-17T10:00:00+00:00")


class Clock:
    now = START

    def on(self, **more: float) -> datetime:
        self.now += timedelta(**more)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


def begin(visitor: Visitor) -> None:
    """Two answers of three."""
    visitor.start("fly-tipping")
    visitor.answer(postcode=EVESHAM, address="By the bridge")
    visitor.answer(description="A mattress")
    assert visitor.at.endswith("/q/you/")


def code_of(visitor: Visitor) -> str:
    journey = visitor.at.split("/")[2]
    page = visitor.client.post(f"/ask/{journey}/save/", {"carry": visitor.carry})
    found = CODE.search(page.content.decode())
    assert found, page.content.decode()
    return found[1]


def judged(*, after: timedelta = timedelta(days=200)) -> dict[str, Judged]:
    """The verdict of every enquiry, as the exported ledger gives it."""
    ids = source.all_ids()
    lines = [*source.organisations(), *source.services(), *source.ledger(ids)]
    found = one_stop.judge(read_ledger(lines), START + after)
    names = {str(row.pk): row.reference for row in Enquiry.objects.all()}
    return {names[one.enquiry]: one for one in found}


# -- kept ----------------------------------------------------------------------------------------


def test_answers_are_kept_sealed_and_nobody_reads_them_in_the_database(visitor: Visitor) -> None:
    begin(visitor)
    row = BegunForm.objects.get()
    assert (row.last_question, row.channel, row.sent_at) == ("description", "web", None)
    assert "mattress" not in row.sealed
    found = reading.by_key(row.key)
    assert isinstance(found, reading.Begun)
    assert found.need["description"] == "A mattress"


def test_a_browser_that_lost_its_session_goes_on_with_what_the_server_has(
    visitor: Visitor,
) -> None:
    visitor.start("fly-tipping")
    old = visitor.carry
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.client, visitor.carry = Client(), old  # an old page, and no cookie
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert visitor.at.endswith("/check/")
    assert "A mattress" in visitor.text


def test_the_id_of_a_form_alone_opens_nothing(visitor: Visitor) -> None:
    begin(visitor)
    assert Client().get(visitor.at).status_code == 404


def test_a_step_of_a_form_is_eight_statements_at_most(visitor: Visitor) -> None:
    visitor.start("pothole")
    with CaptureQueriesContext(connection) as context:
        answer = visitor.client.post(visitor.at, {"carry": visitor.carry, "answer": "local"})
    assert answer["Location"].endswith("/q/place/")
    # A savepoint stands for what is a transaction outside of tests.
    said = [one["sql"] for one in context.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(said) <= 8, said


def test_what_was_sent_leaves_no_answers_behind(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.answer()
    row = BegunForm.objects.get()
    assert (row.sealed, row.code_hash, row.enquiry) == ("", "", Enquiry.objects.get())
    assert acts.sweep(now=row.expires_at) == 1


# -- opened elsewhere ----------------------------------------------------------------------------


def test_a_code_opens_the_form_in_another_browser_at_the_first_open_question(
    visitor: Visitor,
) -> None:
    begin(visitor)
    code = code_of(visitor)
    other = Visitor()
    other.go(other.client.post("/ask/return/", {"code": f" {code.lower().replace('-', ' ')} "}))
    assert other.at.endswith("/q/you/")
    other.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert "A mattress" in other.text
    other.answer()
    assert other.at.endswith("/sent/")
    # The first browser learns of it, and sends nothing a second time.
    visitor.answer(tell_by="email", email="else@example.com", name="Jo Else")
    assert visitor.at.endswith("/sent/?again=1")
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("typed", ["K3MPX-7WD4R", "x", "\x00", "🏠", "K3MPX7WD4R" * 9, ""])
def test_a_code_that_opens_nothing_gets_one_answer(visitor: Visitor, typed: str) -> None:
    begin(visitor)
    page = visitor.client.post("/ask/return/", {"code": typed})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_a_code_is_over_after_seven_days_when_it_was_sent_and_when_another_was_given(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    first, second = code_of(visitor), code_of(visitor)
    assert reading.by_code(first, now=clock.now) is None
    assert reading.by_code(second, now=clock.now) is not None
    assert reading.by_code(second, now=clock.now + timedelta(days=7)) is None
    assert acts.sweep(now=clock.now + timedelta(days=7)) == 1


def test_codes_cannot_be_guessed_one_after_another(visitor: Visitor) -> None:
    begin(visitor)
    for _ in range(10):
        visitor.client.post("/ask/return/", {"code": "K3MPX-7WD4R"})
    assert visitor.client.post("/ask/return/", {"code": "K3MPX-7WD4R"}).status_code == 429


def test_two_who_answer_one_question_both_read_what_the_other_said(visitor: Visitor) -> None:
    begin(visitor)
    code = code_of(visitor)
    other = Visitor()
    other.go(other.client.post("/ask/return/", {"code": code}))
    other.at = re.sub(r"q/you/$", "q/description/", other.at)
    other.answer(description="A mattress and a chair")
    page = re.sub(r"q/you/$", "q/description/", visitor.at)
    shown = visitor.client.post(page, {"description": "Only a mattress"}).content.decode()
    assert "Someone has answered this at another place meanwhile" in shown
    assert "A mattress and a chair" in shown
    assert "Only a mattress" in shown
    again = visitor.client.post(page, {"description": "Only a mattress"})
    assert again.status_code == 302
    found = reading.by_code(code, now=START)
    assert found is not None
    assert found.need["description"] == "Only a mattress"


# -- the figures ---------------------------------------------------------------------------------


def test_what_is_left_for_a_day_is_one_enquiry_that_failed_and_nobodys_work(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert leaving.count_due(now=clock.on(hours=23)) == 0
    assert leaving.count_due(now=clock.on(hours=2)) == 1
    assert leaving.count_due(now=clock.now) == 0  # killed and run again
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "unanswered")
    assert (enquiry.person, enquiry.postcode, enquiry.address) == (None, "", "")
    assert "mattress" not in enquiry.description
    event = EnquiryEvent.objects.get(enquiry=enquiry, type="enquiry.abandoned")
    assert (event.data["stage"], event.data["last_question"]) == ("online", "you")
    contact = Contact.objects.get()
    assert contact.address_hash
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason, one.verdict.owner) == (
        "failure",
        "abandoned_online",
        "system",
    )


@pytest.mark.parametrize("gets", ["place", "check"])
def test_who_reads_whose_it_is_and_leaves_was_not_failed_by_us(
    visitor: Visitor, clock: Clock, gets: str
) -> None:
    forms_of.publish("fly-tipping")
    not_ours.give_away("fly-tipping")
    visitor.start("fly-tipping")
    visitor.answer(answer="motorway")
    assert not_ours.HAND_OFF in visitor.text
    if gets == "check":
        visitor.answer(postcode=EVESHAM, address="By the bridge")
        visitor.answer(description="A mattress")
        visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
        assert visitor.at.endswith("/check/")
        assert not_ours.HAND_OFF in visitor.text
    assert leaving.count_due(now=clock.on(hours=23)) == 0
    assert leaving.count_due(now=clock.on(hours=2)) == 1
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.person, enquiry.address) == ("signposted", None, "")
    assert not_ours.PHONE in enquiry.public_words
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason) == ("excluded", "out_of_partnership")


def test_an_answer_that_is_ours_is_still_ours_to_lose(visitor: Visitor, clock: Clock) -> None:
    forms_of.publish("fly-tipping")
    not_ours.give_away("fly-tipping")
    visitor.start("fly-tipping")
    visitor.answer(answer="local")
    assert leaving.count_due(now=clock.on(hours=25)) == 1
    (one,) = judged().values()
    assert (one.verdict.kind, one.verdict.reason) == ("failure", "abandoned_online")


def test_resumed_on_the_web_within_a_day_it_is_one_contact_that_can_succeed(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    clock.on(hours=20)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    contact = Contact.objects.get()
    assert (contact.started_at, contact.ended_at) == (START, clock.now)
    assert leaving.count_due(now=clock.on(days=2)) == 0
    assert Enquiry.objects.count() == 1


def test_sent_after_it_was_counted_it_is_the_same_need_come_back(
    visitor: Visitor, clock: Clock
) -> None:
    begin(visitor)
    leaving.count_due(now=clock.on(hours=25))
    clock.on(hours=1)
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    left, sent = Enquiry.objects.order_by("pk")
    found = judged()
    assert found[sent.reference].verdict.reason == "same_need"
    assert found[left.reference].verdict.reason == "abandoned_online"


def test_finished_at_a_kiosk_it_is_one_enquiry_that_needed_a_second_door(
    visitor: Visitor, clock: Clock, enrolled: Client
) -> None:
    begin(visitor)
    code = code_of(visitor)
    clock.on(hours=3)
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
    fields = dict(re.findall(r'name="(key|code)" value="([^"]*)"', text))
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
    # What the citizen still has open leads to what was sent.
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert enquiry.reference in visitor.text
    assert Enquiry.objects.count() == 1


def finish(desk: Client, code: str, **said: str) -> str:
    """An agent opens a form by its code and sends it; the page that they read before that."""
    page = desk_contact(desk, "phone")
    text = desk.post(page, {"code": code}).content.decode()
    fields = dict(re.findall(r'name="(key|code)" value="([^"]*)"', text))
    sent = desk.post(page, {**fields, "postcode": EVESHAM, "send": "1", **said})
    assert sent.status_code == 303, sent.content.decode()
    return text


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


def test_staff_of_the_kiosks_own_site_help_within_one_contact(
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
    fields = dict(re.findall(r'name="(key|code)" value="([^"]*)"', text))
    fields |= {"description": "A mattress", "postcode": EVESHAM, "send": "1"}
    assert desk.post(page, fields).status_code == 303
    (one,) = judged(after=timedelta(hours=1)).values()
    assert (one.channel, one.self_service, one.broken) == ("kiosk", False, False)


def agent_of_the_hub() -> User:
    """Somebody who answers the phone."""
    hub = accounts.queries.hub()
    user = accounts.actions.create_user(
        email="ann@hub.example",
        password=PASSWORD,
        full_name="Ann Agent",
        actor=SYSTEM,
        now=START,
        demo=True,
    )
    accounts.actions.grant(
        user=user,
        organisation=hub,
        role=Role.AGENT,
        team=Team.objects.get(organisation=hub, is_default=True),
        from_on=START.date(),
        actor=SYSTEM,
        now=START,
    )
    return user


def desk_contact(desk: Client, channel: str, site: str = "") -> str:
    """A contact at work, and its page for a form that was begun."""
    start = desk.get("/desk/contact/").content.decode()
    key = re.search(r'name="key" value="([^"]*)"', start)
    assert key
    opened = desk.post("/desk/contact/", {"key": key[1], "channel": channel, "site": ""})
    assert opened.status_code == 303, opened.content.decode()
    return f"{opened['Location']}begun/"


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
    assert leaving.count_due(now=clock.on(minutes=29)) == 0
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
