"""Five errands in Chromium, as the hub's own forms ask them: a branch, a "no", one that
is not ours, one that somebody told us already, and one begun on the web and finished at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import accounts.actions
from accounts.models import Organisation, Team, User
from accounts.permissions import Role
from core.audit import SYSTEM
from enquiries import leaving
from enquiries.inbound import Place
from enquiries.models import BegunForm, Contact, Enquiry, EnquiryEvent
from metrics import recount
from tests.accessibility import axe
from tests.nearby.steps import report
from tests.outbox import run_outbox
from tests.partnership import load_partnership
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
FORMS = ("new-bin", "council-tax-discount", "pothole", "fly-tipping")
POSTCODE = "WR11 4AA"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    paths = [f"reference/forms/{slug}.toml" for slug in FORMS]
    call_command("import_forms", *paths, "--replace", stdout=StringIO())
    return str(live_server.url)


@pytest.fixture
def visitor(page: Page, site: str) -> Iterator[Visitor]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield Visitor(page, site)
    assert said == []


class Visitor:
    """Somebody on the website."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    def start(self, service: str) -> None:
        self.page.goto(f"{self.site}/ask/?service={service}")
        self.go_on()

    def go_on(self) -> None:
        before = self.page.url
        self.page.get_by_role("button", name="Continue").last.click()
        self.page.wait_for_url(lambda url: url != before)

    def choose(self, *words: str) -> None:
        for one in words:
            self.page.get_by_label(one, exact=True).check()
        self.go_on()

    def where(self) -> None:
        self.page.get_by_label("Postcode").first.fill(POSTCODE)
        self.page.locator("#id_address").fill("3 High Street")
        self.go_on()

    def who(self, email: str = "jo@example.com") -> None:
        self.page.get_by_label("Email", exact=True).check()
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Full name").fill("Jo Example")
        self.go_on()

    def send(self) -> str:
        expect(self.page.get_by_role("heading", name="Check your answers")).to_be_visible()
        self.page.get_by_role("button", name="Send it").click()
        self.page.wait_for_url("**/sent/**")
        return self.page.locator(".govuk-panel strong").inner_text()


def test_a_branch_is_asked_only_where_it_leads(visitor: Visitor) -> None:
    page = visitor.page
    visitor.start("new-bin")
    visitor.choose("Ours is broken")
    visitor.choose("Recycling", "Food waste")
    expect(page.get_by_role("heading", name="What is broken?")).to_be_visible()
    visitor.choose("The lid")
    while page.locator("#id_postcode").count() == 0:
        visitor.choose("No")
    visitor.where()
    if page.get_by_role("heading", name="How should we tell you what happens?").count() == 0:
        page.locator("#id_description").fill("The lid has gone")
        visitor.go_on()
    visitor.who()
    expect(page.get_by_text("Recycling, Food waste")).to_be_visible()
    # Another answer takes the branch away, and leads back to the check.
    row = page.locator(".govuk-summary-list__row", has_text="Why do you need a bin?")
    row.get_by_role("link").click()
    visitor.choose("Ours was lost or stolen")
    while page.get_by_role("heading", name="Check your answers").count() == 0:
        visitor.choose("No")
    expect(page.get_by_text("What is broken?")).to_have_count(0)
    reference = visitor.send()
    enquiry = Enquiry.objects.get(reference=reference)
    assert enquiry.answers["bins"] == ["recycling", "food"]
    assert "part" not in enquiry.answers
    assert enquiry.form is not None


def test_a_no_comes_with_its_reason_and_the_next_step_and_is_counted_once(
    visitor: Visitor,
) -> None:
    page = visitor.page
    visitor.start("council-tax-discount")
    visitor.choose("I am the only adult in the home")
    page.get_by_label("How many people").fill("2")
    visitor.go_on()
    visitor.choose("No")
    expect(page.get_by_role("heading", name="You cannot have this discount")).to_be_visible()
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_text("Thank you for telling us")).to_be_visible()
    before = timezone.now() - timedelta(hours=25)  # a form at its end waits a day (R8)
    BegunForm.objects.update(started_at=before, touched_at=before)
    for _ in range(2):
        leaving.count_due(now=timezone.now())
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.person_id) == ("decided_no", None)
    ended = EnquiryEvent.objects.get(enquiry=enquiry, type="enquiry.resolved")
    assert ended.data["reason"]
    assert ended.data["next_step"]
    later = timezone.now() + timedelta(days=60)
    judged = {one.enquiry: one.verdict for one in recount.as_of(later)}
    assert judged[str(enquiry.pk)].kind.value == "success"


def test_what_is_not_ours_is_said_before_anybody_gives_a_name(visitor: Visitor) -> None:
    page = visitor.page
    visitor.start("pothole")
    visitor.choose("No")
    visitor.choose("A motorway or trunk road such as the M5 or the A46")
    for _ in range(12):
        if page.get_by_role("heading", name="This is for National Highways, not for us").count():
            break
        if page.locator("#id_postcode").count():
            visitor.where()
        elif page.locator("input[type=radio]").count():
            page.locator("input[type=radio]").first.check()
            visitor.go_on()
        else:
            page.locator("#id_description").fill("A hole on the hard shoulder")
            visitor.go_on()
    told = page.get_by_role("heading", name="This is for National Highways, not for us")
    expect(told).to_be_visible()
    assert page.get_by_label("Full name").count() == 0 or page.get_by_label("Email address").count()
    expect(page.get_by_role("link", name=re.compile("0300 123 5000")).first).to_be_visible()
    assert not Enquiry.objects.exists()


def test_what_somebody_told_us_already_takes_one_press_and_counts_as_theirs(
    visitor: Visitor,
) -> None:
    page = visitor.page
    place = Place(postcode=POSTCODE, address="By the bridge")
    first = report(service="fly-tipping", place=place, now=timezone.now() - timedelta(days=1))
    visitor.start("fly-tipping")
    known = page.get_by_role("heading", name="Is it one of these?")
    for _ in range(12):
        if known.count():
            break
        if page.locator("#id_postcode").count():
            visitor.where()
        elif page.locator("input[type=radio], input[type=checkbox]").count():
            page.locator("input[type=radio], input[type=checkbox]").last.check()
            visitor.go_on()
        else:
            page.locator("#id_description").fill("A mattress")
            visitor.go_on()
    expect(known).to_be_visible()
    assert "Jo Marlow" not in page.content()
    page.get_by_role("button", name="It is this one").click()
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("sam@example.com")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/sent/**")
    run_outbox()
    second = Enquiry.objects.exclude(pk=first.pk).get()
    assert second.outcome == "duplicate"
    later = timezone.now() + timedelta(days=120)
    judged = {one.enquiry: one.verdict for one in recount.as_of(later)}
    verdict = judged[str(second.pk)]
    assert (verdict.kind.value, verdict.reason) == ("excluded", "duplicate")


def _agent() -> User:
    """Somebody of the contact centre."""
    now = timezone.now()
    hub = Organisation.objects.get(slug="hub")
    user = accounts.actions.create_user(
        email="ag@hub.demo", password=PASSWORD, full_name="Ag", actor=SYSTEM, now=now, demo=True
    )
    accounts.actions.grant(
        user=user,
        organisation=hub,
        role=Role.AGENT,
        team=Team.objects.get(organisation=hub, is_default=True),
        from_on=now.date() - timedelta(days=1),
        actor=SYSTEM,
        now=now,
    )
    return user


def test_what_was_begun_on_the_web_is_finished_at_the_desk_with_its_code(
    visitor: Visitor, browser: Browser, client_for: Callable[[User], Client]
) -> None:
    page = visitor.page
    visitor.start("new-bin")
    visitor.choose("Ours was lost or stolen")
    page.get_by_role("link", name="Save and come back later").click()
    page.get_by_role("button", name="Save and show my code").click()
    code = page.locator(".govuk-panel strong").inner_text()

    session = client_for(_agent()).cookies["sessionid"].value
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": visitor.site}])
    desk = context.new_page()
    desk.goto(f"{visitor.site}/desk/contact/")
    desk.get_by_role("button", name=re.compile("Start|Open|Begin")).first.click()
    desk.wait_for_url(re.compile(r"/desk/contact/[0-9a-f-]{36}/"))
    desk.goto(f"{desk.url.split('?')[0]}begun/")
    wrong = axe.walk(desk)
    desk.get_by_role("button", name="Open the form").click()
    expect(desk.get_by_text("Enter the code that they read out").first).to_be_visible()
    wrong += axe.walk(desk)
    desk.get_by_label("code", exact=False).first.fill(code)
    desk.get_by_role("button", name="Open the form").click()
    expect(desk.get_by_label("Why do you need a bin?")).to_have_value("lost")
    wrong += axe.walk(desk)
    desk.get_by_label("Email", exact=True).check()
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_role("heading", name="There is a problem")).to_be_visible()
    wrong += axe.walk(desk)
    assert not wrong, "\n".join(wrong)
    desk.get_by_label("Recycling").check()
    desk.get_by_label("Postcode").fill(POSTCODE)
    desk.get_by_label("Full name").fill("Jo Example")
    desk.get_by_label("Email address").fill("jo@example.com")
    desk.get_by_role("button", name="Send it").click()
    desk.wait_for_url(re.compile(r"/desk/contact/[0-9a-f-]{36}/$"))
    context.close()

    enquiry = Enquiry.objects.get()
    assert enquiry.answers["why"] == "lost"
    assert enquiry.first_contact.channel == "web"
    assert {one.channel for one in Contact.objects.all()} == {"web", "phone"}
    later = timezone.now() + timedelta(days=120)
    (judged,) = [one.verdict for one in recount.as_of(later) if one.enquiry == str(enquiry.pk)]
    assert (judged.kind.value, judged.reason) == ("failure", "signposting_or_transfer")
