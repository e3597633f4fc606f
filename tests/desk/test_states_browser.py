"""Pages of the desk that are there only for a while or for some, each brought about and walked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

import accounts.queries
from accounts.models import User
from accounts.permissions import Viewer
from customers.models import Person
from enquiries.actions import merging, replies
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from teamwork import actions_quality, queries_quality
from tests import browsing
from tests.accessibility import axe
from tests.desk.steps import act, new_key, open_contact
from tests.desk.test_every_page_browser import walked
from tests.desk.test_queue_together import _look
from tests.outbox import run_outbox
from tests.quality.test_sample import LATER, asked, drawn, leaders, world  # noqa: F401  fixtures
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def _differ(leaders: list[Viewer]) -> None:  # noqa: F811
    """A sample of two pairs: one has been answered in two ways, the other by nobody."""
    number = drawn(leaders[0])
    for who, answer in zip(leaders, ("same", "apart"), strict=False):
        pair = queries_quality.next_to_mark(who, number)
        assert pair is not None
        actions_quality.mark(who, pair=pair.public_id, answer=answer, now=LATER)


def _signed_in(page: Page, site: str, client: Any) -> None:
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": site}])


def test_what_only_comes_about(
    asked: None,  # noqa: F811
    leaders: list[Viewer],  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    client = client_for(User.objects.get(email="admin@hub.demo"))
    _signed_in(page, str(live_server.url), client)
    case = f"/desk/cases/{Enquiry.objects.order_by('pk')[0].reference}/"
    client.post("/desk/texts/", {"key": new_key(), "name": "Come", "words": "On Monday"})
    texts = re.findall(
        r"/desk/texts/[0-9a-f-]{36}/(?=\")", client.get("/desk/texts/").content.decode()
    )
    task = {"key": new_key(), "do": "add", "words": "Ring them", "who": ""}
    assert client.post(f"{case}tasks/", task).status_code == 303
    told = act(client, case, "note", words="Nobody is there on Mondays")
    left = re.findall(r"/desk/undo/[0-9a-f-]{36}/", client.get(told["Location"]).content.decode())
    _differ(leaders)
    paths = [
        left[0], texts[0], f"{case}?task=new", "/desk/tasks/", f"{case}print/",
        "/desk/settings/checklists/missed-bin/", "/desk/team/quality/",
        "/desk/team/quality/1/mark/", "/desk/team/quality/1/decide/",
    ]  # fmt: skip
    assert walked(page, str(live_server.url), paths) == []


def test_a_colleagues_contact_is_read_and_taken_over(
    asked: None,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    site = str(live_server.url)
    contact = open_contact(client_for(User.objects.get(email="admin@hub.demo")))
    _signed_in(page, site, client_for(User.objects.get(email="agent@hub.demo")))
    wrong = walked(page, site, [contact])
    take = page.get_by_role("button", name="Take over from Adam Admin")
    expect(take).to_be_visible()
    browsing.follow(take)
    expect(page.get_by_role("button", name="Take over from")).to_have_count(0)
    assert wrong + axe.walk(page) == []


def test_a_run_that_is_being_taken_back(
    asked: None,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    site = str(live_server.url)
    client = client_for(User.objects.get(email="agent@hub.demo"))
    _signed_in(page, site, client)
    cases = list(Enquiry.objects.all())
    run_outbox()
    where = _look(client, "priority", cases, priority="urgent", words="A flood")
    client.post(f"{where}begin/")
    run_outbox(at_once=True)
    colleague = accounts.queries.viewer_for_user(User.objects.get(email="admin@hub.demo"))
    assert colleague is not None
    replies.note(reference=cases[0].reference, viewer=colleague, words="M", now=timezone.now())
    page.goto(site + where)
    page.get_by_role("button", name="Take all of it back").click()
    # It goes on while the page is open, and says so by itself when it has ended.
    expect(page.get_by_text("Being taken back: 2 left.")).to_be_visible()
    wrong = axe.walk(page, again=True)
    run_outbox(at_once=True)
    expect(page.get_by_text("1 taken back; 1 could not be.")).to_be_visible(timeout=10_000)
    wrong += axe.walk(page, again=True)
    assert wrong == []


def test_what_came_in_while_two_were_one(
    asked: None,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    site, agent = str(live_server.url), User.objects.get(email="agent@hub.demo")
    viewer = accounts.queries.viewer_for_user(agent)
    assert viewer is not None
    kept, gone = (
        Person.objects.get(full_name="Jo Bloggs"), Person.objects.get(full_name="Sam Stone"),
    )  # fmt: skip
    # Both in the past: it came between the merge and its end, however fast this machine is.
    now = timezone.now() - timedelta(minutes=2)
    merge = merging.merge(
        viewer=viewer, kept=kept.public_id, gone=gone.public_id, take=[], why="They say so", now=now
    )
    run_outbox()
    late = enquiry_of(ask(at=now + timedelta(minutes=1), sender=Sender(email="jo@example.com")))
    client = client_for(agent)
    data = {"key": new_key(), "merge": str(merge), "words": "Two after all"}
    person = f"/desk/people/{kept.public_id}/"
    assert client.post(f"{person}unmerge/", data).status_code == 303
    run_outbox()
    _signed_in(page, site, client)
    wrong = walked(page, site, [person, f"/desk/people/{gone.public_id}/"])
    page.goto(site + person)
    give = page.get_by_role("button", name=f"{late.reference} goes to Sam Stone")
    browsing.follow(give)
    expect(page.get_by_role("button", name=late.reference)).to_have_count(0)
    assert wrong + axe.walk(page) == []
    late.refresh_from_db()
    assert late.person == gone
