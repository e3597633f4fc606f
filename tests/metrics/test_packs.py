"""Packs: the numbers of the command on paper, each made and told of once, for who may see it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from core import failpoints
from desk import packs_made, performance_sheet
from desk.views import performance
from metrics import projection, spread
from metrics.models import Annotation, Band, Pack, PackReader
from notifications.models import Notification
from tests.accessibility import axe
from tests.letters.pages import every_page, inside
from tests.metrics.test_commands import printed
from tests.metrics.test_commands import story as story
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.metrics.test_projection import Clock
from tests.metrics.test_projection import clock as clock
from tests.world import World, ask

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/desk/performance/packs/"
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
SUNDAY = MONDAY - timedelta(days=1)
DAYS = ("--from", "2026-11-16", "--to", "2026-11-23")
FOOTER = 280
SignIn = Callable[[User], Client]


def words(pdf: bytes) -> str:
    """What a pack says, without spaces, feet of pages and heads that stand again on a new page."""
    found = (run.words for page in every_page(pdf) for run in page if run.top < FOOTER)
    return squeezed("".join(found))


def squeezed(text: str) -> str:
    return "".join(text.replace("WhatIs", "").split()).replace("WhatIs", "")


def asked_by(client: Client, wants: str = "yes", kind: str = "weekly") -> int:
    """The choice of who is signed in, sent from the page."""
    sent = client.post(f"{HOME}{kind}/", {"wants": wants, "key": str(uuid.uuid4())})
    return sent.status_code


def test_a_pack_says_the_numbers_of_the_command_and_of_the_page(
    world: World, story: Clock, client_for: SignIn
) -> None:
    story.now = MONDAY
    entered = {"entered_by": "Mo", "entered_at": story.now}
    Annotation.objects.create(day="2026-11-03", words="Flood at Upton", **entered)
    Band.objects.create(figure="osr", target=80, low=70, tells=world.manager, **entered)
    command = json.loads(printed("measures", *DAYS))

    packs_made.send_due(now=story.now)

    row = Pack.objects.get(kind="weekly", organisation="")
    said, content = words(bytes(row.body)), inside(bytes(row.body))
    assert command["osr"]["mature"] > 0
    for section in performance_sheet.sections(spread.rows(command), performance.names_of()):
        for figure in section.figures:
            numbers = [*([figure.main] if figure.main else []), *figure.numbers]
            parts = [
                f"{part.name}: {one.label.lower()}{one.text}"
                for part in figure.parts
                for one in part.numbers
            ]
            told = [figure.definition.name, figure.definition.says]
            told += [f"{one.label}{one.text}" for one in numbers]
            if numbers or parts:
                assert squeezed("".join([*told, *parts])) in said
    page = client_for(world.manager).get("/desk/performance/?from=2026-11-16&to=2026-11-22")
    assert row.said[0] in page.content.decode()
    assert squeezed(row.said[0]) in said
    assert "FloodatUpton" in said
    assert f"One-stoprate{command['osr']['linked'] * 100:.1f}%80%70%ormore" in said
    assert b"pdfuaid:part" in content
    assert b"/Lang" in content


def _sent_though_it_dies(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Again and again, each time killed at the next point where it may be, until it ends."""

    def dies(_name: str) -> None:
        raise SystemExit(137)

    for _ in range(12):
        with monkeypatch.context() as patch:
            patch.setattr(failpoints, "reach", dies)
            try:
                packs_made.send_due(now=now)
            except SystemExit:
                continue
            break


def test_each_reader_is_told_once_however_often_it_stops_on_the_way(
    world: World,
    story: Clock,
    client_for: SignIn,
    partner_manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story.now = SUNDAY
    # The hub's managers get the week unasked, a partner's the month.
    assert asked_by(client_for(partner_manager)) == 303
    story.now = MONDAY
    printed("measures")

    _sent_though_it_dies(monkeypatch, story.now)
    packs_made.send_due(now=story.now + timedelta(minutes=5))

    weekly = {row.organisation: row for row in Pack.objects.filter(kind="weekly")}
    assert set(weekly) == {"", "wychavon"}
    sent = {row.to: row for row in Notification.objects.filter(event="pack")}
    assert set(sent) == {world.manager.email, partner_manager.email}
    assert Notification.objects.filter(event="pack").count() == 2
    theirs = sent[partner_manager.email]
    assert f"{HOME}{weekly['wychavon'].public_id}/" in theirs.body
    assert "16 to 22 November 2026" in theirs.subject

    story.now = datetime(2026, 12, 1, 8, tzinfo=UTC)
    printed("measures")
    assert asked_by(client_for(world.manager), "no") == 303
    packs_made.send_due(now=story.now)
    november = Pack.objects.get(kind="monthly", since="2026-11-01")
    assert november.organisation == "wychavon"
    assert "Thepartnershiptogether" in words(bytes(november.body))
    told = [one.pk for one in sent.values()]
    later = Notification.objects.filter(event="pack").exclude(pk__in=told)
    assert sorted(later.values_list("to", flat=True)) == [partner_manager.email] * 2

    assert asked_by(client_for(partner_manager), "no", "monthly") == 303
    story.now = datetime(2027, 1, 4, 8, tzinfo=UTC)
    printed("measures")
    packs_made.send_due(now=story.now)
    assert Pack.objects.filter(kind="weekly", since="2026-12-28", organisation="wychavon").exists()
    assert not Pack.objects.filter(kind="monthly", since="2026-12-01").exists()


def test_nothing_is_made_while_there_is_more_to_read_in_the_ledger(
    world: World, clock: Clock
) -> None:
    clock.now = SUNDAY
    ask(at=SUNDAY)
    printed("measures")
    ask(at=SUNDAY)
    packs_made.send_due(now=MONDAY)
    assert not Pack.objects.exists()

    # Nobody has been in touch since.
    projection.refresh(now=SUNDAY)
    packs_made.send_due(now=MONDAY)
    assert Pack.objects.get().since.isoformat() == "2026-11-16"


def test_a_partners_manager_reads_theirs_alone_and_axe_finds_nothing(
    world: World,
    story: Clock,
    client_for: SignIn,
    partner_manager: User,
    live_server: Any,
    page: Page,
) -> None:
    story.now = SUNDAY
    asked_by(client_for(partner_manager))
    story.now = MONDAY
    printed("measures")
    packs_made.send_due(now=story.now)
    whole, theirs = (
        f"{HOME}{Pack.objects.get(kind='weekly', organisation=slug).public_id}/"
        for slug in ("", "wychavon")
    )

    partner = client_for(partner_manager)
    listed = partner.get(HOME).content.decode()
    assert theirs in listed
    assert whole not in listed
    assert partner.get(whole).status_code == 404
    pdf = partner.get(theirs)
    assert pdf["Content-Disposition"].startswith("attachment")
    said = words(b"".join(pdf))
    assert "Organisationscompared" not in said
    assert "Thepartnershiptogether" in said
    assert client_for(world.officer).get(HOME).status_code in (403, 404)

    # By keyboard alone.
    PackReader.objects.all().delete()
    session = client_for(world.manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + HOME)
    assert axe.walk(page) == []
    page.get_by_role("button", name="Stop sending me the weekly pack").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send me the weekly pack").wait_for()
    assert axe.walk(page) == []
    chosen = PackReader.objects.get()
    assert (chosen.user_id, chosen.weekly, chosen.monthly) == (world.manager.pk, False, None)
