"""Chromium walks the page of an enquiry in every state, its acts, and the question at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.permissions import Viewer
from enquiries.actions import links, referrals, replies, triage
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, Referral, SurveyAnswer
from notifications.models import Notification
from tests import browsing
from tests.accessibility import axe
from tests.accessibility.keyboard import Keys
from tests.after.conftest import Citizen, token_in
from tests.not_ours import give_away
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _afternoon() -> None:
    """Here the clock is the machine's: Chromium has no other."""


@pytest.fixture
def small(transactional_db: None, live_server: Any) -> World:
    """The small partnership, where Chromium reaches it."""
    return build()


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    # Refused forms, links that open nothing and too many tries are states that we visit on purpose.
    assert [line for line in said if "status of 4" not in line] == []


def asked(**more: Any) -> Enquiry:
    return enquiry_of(ask(at=timezone.now(), **more))


def _offered(enquiry: Enquiry) -> Referral:
    return Referral.objects.get(enquiry=enquiry)


def _accept(enquiry: Enquiry, officer: Viewer) -> Referral:
    referral = _offered(enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=timezone.now())
    return referral


def _end(enquiry: Enquiry, officer: Viewer, outcome: Outcome) -> None:
    referral = _accept(enquiry, officer)
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=outcome,
        words="The crew emptied it " + "Donaudampfschifffahrtsgesellschaft" * 6 + " شكرا",
        next_step="Ask us to look again" if outcome is Outcome.DECIDED_NO else "",
        now=timezone.now(),
    )


def _waits(enquiry: Enquiry, officer: Viewer) -> None:
    referral = _accept(enquiry, officer)
    referrals.ask(
        public_id=referral.public_id, viewer=officer, question="Which side?", now=timezone.now()
    )


def _late(enquiry: Enquiry, _officer: Viewer) -> None:
    past = timezone.localdate() - timedelta(days=3)
    Enquiry.objects.filter(pk=enquiry.pk).update(promised_on=past)


def _cancelled(enquiry: Enquiry, _officer: Viewer) -> None:
    from enquiries import intake
    from enquiries.channels import Channel
    from enquiries.inbound import InboundContact, Need

    need = Need(
        "Not needed", kind="new_information", about=enquiry.reference,
        evidence=("tracking_link",), act="withdraw",
    )  # fmt: skip
    now = timezone.now()
    intake.receive(InboundContact(Channel.WEB, f"c{enquiry.pk}", now, (need,)), now=now)


def _handed_off() -> Enquiry:
    """What is somebody else's: we say whose."""
    give_away("missed-bin")
    enquiry = asked(words="On the motorway", triaged=False)
    Enquiry.objects.filter(pk=enquiry.pk).update(answers={"road": "motorway"})
    triage.triage(enquiry_id=enquiry.pk, now=timezone.now())
    enquiry.refresh_from_db()
    assert enquiry.outcome == "signposted"
    return enquiry


STATES: dict[str, Callable[[Enquiry, Viewer], object]] = {
    "referred": lambda *_: None,
    "accepted": _accept,
    "waiting for the citizen": _waits,
    "late": _late,
    "done": lambda one, who: _end(one, who, Outcome.COMPLETED),
    "no": lambda one, who: _end(one, who, Outcome.DECIDED_NO),
    "cancelled": _cancelled,
}


def test_the_page_in_every_state_and_each_of_its_acts_in_three_sizes(
    small: World, live_server: Any, watched: Page
) -> None:
    officer, agent = small.viewer(small.officer), small.viewer(small.agent)
    wrong: list[str] = []

    def look(path: str) -> None:
        watched.goto(live_server.url + path)
        wrong.extend(axe.walk(watched))

    for number, make in enumerate(STATES.values()):
        who = Sender(name=f"Jo {number}", email=f"jo{number}@example.com")
        enquiry = asked(words=f"Bin {number}", sender=who)
        make(enquiry, officer)
        look(Citizen(enquiry).page)
    new = asked(triaged=False, service=None, postcode="")
    held = asked(words="See www.a.example", suspicion=("trap", "link"), triaged=False)
    for one in (new, held, _handed_off()):
        look(Citizen(one).page)
    mine = Sender(name="Sam", email="sam@example.com")
    first = asked(words="First", sender=mine)
    again = asked(words="Again", sender=mine)
    theirs = asked(words="Theirs", sender=Sender(name="Kim", email="kim@example.com"))
    now = timezone.now()
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=now)
    links.link_duplicate(reference=theirs.reference, to=first.reference, viewer=agent, now=now)
    replies.reply(reference=first.reference, viewer=agent, words="We look " * 60, now=now)
    for one in (first, again, theirs):
        look(Citizen(one).page)
    for name in ("add", "where", "cancel", "tell", "others", "files", "how-much"):
        look(f"{Citizen(first).page}{name}/")
        if name not in ("where", "cancel", "how-much"):
            watched.get_by_role("main").get_by_role("button").last.click()
            expect(watched.locator(".govuk-error-summary")).to_be_visible()
            wrong.extend(axe.walk(watched))
    watched.goto(live_server.url + "/track/")
    watched.get_by_label("Reference").fill(first.reference)
    watched.get_by_label("Postcode, or the last 4 digits").fill("WR11 3DA")
    watched.get_by_role("button", name="Show progress").click()
    expect(watched.get_by_role("button", name="Send me the link")).to_be_visible()
    wrong.extend(axe.walk(watched))
    watched.get_by_role("button", name="Send me the link").click()
    expect(watched.get_by_role("heading", name="Look at your messages")).to_be_visible()
    wrong.extend(axe.walk(watched))
    assert not wrong, "\n".join(wrong)


def test_what_is_refused_or_no_longer_there_in_three_sizes(
    small: World, live_server: Any, watched: Page
) -> None:
    page, wrong, officer = watched, list[str](), small.viewer(small.officer)

    def look(path: str = "", press: str = "", words: str = "", *, again: bool = False) -> None:
        if path:
            page.goto(live_server.url + path)
        if press:
            page.get_by_role("button", name=press).last.click()
        if words:
            expect(page.get_by_text(words).first).to_be_visible()
        wrong.extend(axe.walk(page, again=again))

    asks, ended = asked(words="One"), asked(words="Two")
    _waits(asks, officer)
    _end(ended, officer, Outcome.COMPLETED)
    look(Citizen(asks).page, "Send your answer", "Write your answer")
    page.goto(live_server.url + Citizen(ended).page)
    page.locator("summary", has_text="It is not solved").click()
    look("", "Send it to us", "Write what is not right")
    look(f"{Citizen(ended).page}not-needed/", "Send it to us", "There is a problem")
    look(f"{Citizen(ended).page}others/", words="there is nothing more to tell")
    look(f"/track/{ended.reference}/{asks.secret}/", words="That link does not open anything")
    look(f"/track/?reference={ended.reference}")
    page.get_by_label("Reference").fill(ended.reference)
    page.get_by_label("Postcode, or the last 4 digits").fill("WR11 3DA")
    look("", "Show progress", "Did you get what you needed today?")
    token = token_in(page.content(), "/said/")
    look(f"/said/{token}/", words="Tell us how it went")
    page.get_by_role("button", name="No", exact=True).click()
    look(words="You said", again=True)
    look("/said/no-such-token/", words="This link asks nothing")
    look("/kept-told/no-such-link/", words="This link does not open anything")
    for _ in range(30):
        if page.get_by_role("heading", name="Too many tries").count():
            break
        page.goto(f"{live_server.url}/track/")
        page.get_by_label("Reference").fill("WH7-K3MP-4P")
        page.get_by_label("Postcode, or the last 4 digits").fill("WR11 3DA")
        browsing.press(page, "Show progress")
    look(words="Too many tries")
    assert not wrong, "\n".join(wrong)


def test_somebody_else_is_kept_told_and_stops_it_by_one_press(
    small: World, live_server: Any, watched: Page
) -> None:
    page, wrong = watched, []
    enquiry = asked()
    page.goto(f"{live_server.url}{Citizen(enquiry).page}others/")
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address or mobile number").fill("kim@example.com")
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("has not answered yet")).to_be_visible()
    wrong += axe.walk(page)
    body = Notification.objects.get(event="keep_told").body
    link = f"{live_server.url}/kept-told/{token_in(body, '/kept-told/')}/"
    page.goto(link)
    wrong += axe.walk(page)
    page.get_by_role("button", name="Yes, keep me told").click()
    expect(page.get_by_role("button", name="Stop telling me")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Stop telling me").click()
    expect(page.get_by_role("heading", name="We do not write to you")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)


def test_one_press_answers_without_leaving_the_page(
    small: World, live_server: Any, watched: Page
) -> None:
    page, wrong = watched, []
    enquiry = asked()
    _end(enquiry, small.viewer(small.officer), Outcome.COMPLETED)
    page.goto(live_server.url + Citizen(enquiry).page)
    page.get_by_role("button", name="Partly", exact=True).click()
    thanks = page.get_by_role("heading", name="Thank you for telling us")
    expect(thanks).to_be_focused()
    assert page.url.endswith(Citizen(enquiry).page)
    wrong += axe.walk(page)
    page.get_by_label("What could we do better?").fill("x" * 1001)
    page.get_by_role("button", name="Send these words").click()
    expect(page.get_by_text("Use 1,000 characters or fewer")).to_be_visible()
    wrong += axe.walk(page, again=True)
    page.get_by_label("What could we do better?").fill("Come sooner")
    page.get_by_role("button", name="Send these words").click()
    expect(page.get_by_text("We have your words")).to_be_visible()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator(".hub-survey strong")).to_have_text("Yes")
    assert SurveyAnswer.objects.get().answer == "yes"
    assert not wrong, "\n".join(wrong)


def test_everything_works_without_scripts(small: World, live_server: Any, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, enquiry = context.new_page(), asked()
    start = live_server.url + Citizen(enquiry).page
    page.goto(start)
    page.get_by_role("button", name="Add something we should know").click()
    page.get_by_label("What should we know?").fill("It is by the gate")
    page.get_by_role("button", name="Send it to us").click()
    expect(page.get_by_text("We have your words")).to_be_visible()
    expect(page.get_by_text("It is by the gate")).to_be_visible()
    browsing.press(page, "Ask where it is")
    browsing.press(page, "Ask where it is")
    expect(page.get_by_text("You asked where it is").first).to_be_visible()
    page.get_by_role("link", name="Cancel it").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    page.goto(start)
    page.get_by_role("link", name="I need it after all").click()
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_text("It goes on", exact=True).first).to_be_visible()
    assert SurveyAnswer.objects.get().end_point == "withdrawn"
    context.close()


def test_everything_works_with_the_keyboard_alone(
    small: World, live_server: Any, watched: Page
) -> None:
    page, keys, enquiry = watched, Keys(watched), asked()

    def go(words: str, role: Any = "button") -> None:
        keys.follow(page.get_by_role("main").get_by_role(role, name=words).last)

    keys.open(f"{live_server.url}/track/")
    go("Show progress")
    keys.to_the_field()
    keys.type(enquiry.reference)
    keys.write(page.get_by_label("Postcode, or the last 4 digits"), "WR11 3DA")
    keys.press("Enter")
    page.wait_for_load_state()
    keys.arrive()
    go("Send me the link")
    keys.open(live_server.url + Citizen(enquiry).page)
    go("Add something we should know")
    go("Send it to us")
    keys.to_the_field()
    keys.type("By the gate")
    go("Send it to us")
    expect(page.get_by_text("We have your words")).to_be_visible()
    go("Ask where it is")
    go("Ask where it is")
    go("Change how we tell you", "link")
    keys.choose(page.get_by_label("Text message"))
    keys.write(page.get_by_label("Email address or mobile number"), "07700 900123")
    keys.press("Enter")
    page.wait_for_url("**sent=tell")
    keys.arrive()
    go("Keep somebody else told", "link")
    keys.choose(page.get_by_label("Email", exact=True))
    keys.write(page.get_by_label("Email address or mobile number"), "kim@example.com")
    go("Ask them")
    go("Take out")
    expect(page.get_by_text("They are not told any more")).to_be_visible()
    keys.open(live_server.url + Citizen(enquiry).page)
    go("Cancel it", "link")
    go("Yes, cancel it")
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    keys.tab_to(page.get_by_role("button", name="Yes", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_focused()
    keys.open(live_server.url + Citizen(enquiry).page)
    go("I need it after all", "link")
    go("Go on with it")
    expect(page.get_by_text("It goes on", exact=True).first).to_be_visible()
    assert not keys.wrong, "\n".join(keys.wrong)


def test_two_quick_clicks_and_the_back_button_add_it_once(
    small: World, live_server: Any, watched: Page
) -> None:
    page, enquiry = watched, asked()
    page.goto(f"{live_server.url}{Citizen(enquiry).page}add/")
    page.get_by_label("What should we know?").fill("By the gate")
    page.get_by_role("button", name="Send it to us").dblclick()
    expect(page.get_by_text("We have your words")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Send it to us").click()
    expect(page.get_by_text("We have your words")).to_be_visible()
    assert enquiry.items.filter(kind="new_information").count() == 1
