"""Somebody begins a form; somebody else goes on with it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

import accounts.actions
import accounts.queries
from accounts.models import Team, User
from accounts.permissions import Role
from core.audit import SYSTEM
from enquiries.models import Enquiry
from enquiries.queries import ledger as source
from metrics import one_stop
from metrics.one_stop import Judged
from metrics.reading import read as read_ledger
from tests.web.conftest import EVESHAM, Visitor
from tests.world import PASSWORD

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


class _Fields(HTMLParser):
    """What a browser would send of the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag in ("textarea", "select"):
            self._inside = name
            self.found.setdefault(name, "")
        is_choice = has.get("type") in ("radio", "checkbox")
        if tag == "input" and name and ("checked" in has or not is_choice):
            self.found[name] = value
        if tag == "option" and "selected" in has:
            self.found[self._inside] = value

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea":
            self.found[self._inside] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self._inside = ""


def fields_of(page: str) -> dict[str, str]:
    """The fields of a page by their names, as they stand."""
    parser = _Fields()
    parser.feed(page)
    return {name: value for name, value in parser.found.items() if not name.startswith("csrf")}


def desk_contact(desk: Client, channel: str, site: str = "") -> str:
    """A contact at work, and its page for a form that was begun."""
    start = desk.get("/desk/contact/").content.decode()
    key = re.search(r'name="key" value="([^"]*)"', start)
    assert key
    opened = desk.post("/desk/contact/", {"key": key[1], "channel": channel, "site": ""})
    assert opened.status_code == 303, opened.content.decode()
    return f"{opened['Location']}begun/"


def finish(desk: Client, code: str, **said: str) -> str:
    """An agent opens a form by its code and sends it; the page that they read before that."""
    page = desk_contact(desk, "phone")
    text = desk.post(page, {"code": code}).content.decode()
    fields = dict(re.findall(r'name="(key|code|seen)" value="([^"]*)"', text))
    sent = desk.post(page, {**fields, "postcode": EVESHAM, "send": "1", **said})
    assert sent.status_code == 303, sent.content.decode()
    return text
