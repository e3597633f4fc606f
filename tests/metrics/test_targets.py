"""What managers say of figures: what happened, targets, bands, and the alerts that come of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent
from desk.performance_marks import placed
from hub import charting
from metrics import bands, watching
from metrics.bands import News
from metrics.models import Annotation, Band
from notifications.models import Notification
from tests.metrics.test_performance_page import PAGE, facts
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.world import World

SignIn = Callable[[User], Client]
DAYS, TARGETS = f"{PAGE}days/", f"{PAGE}targets/"


def sent(**more: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4())} | more


def test_a_figure_that_leaves_its_band_is_news_once_and_once_when_it_is_back() -> None:
    low, high = Decimal(75), Decimal("90.5")
    told, was = [], False
    for text in ("80", "75", "74.99", "60", "75", "90.5", "90.51", "91"):
        outside = bands.is_outside(Decimal(text), low, high)
        told.append(bands.news(was_outside=was, outside=outside))
        was = outside
    assert told == [None, None, News.LEFT, None, News.BACK, None, News.LEFT, None]
    assert bands.said_band("osr", low, high) == "75% to 90.5%"
    assert bands.said_band("cpr", None, Decimal("1.20")) == "1.2 or less"


def test_what_happened_stands_at_its_week_on_the_chart() -> None:
    weeks = [date(2026, 2, 2) + timedelta(weeks=n) for n in range(3)]
    assert [placed(day, weeks) for day in (
        date(2026, 1, 30), date(2026, 2, 8), date(2026, 2, 9), date(2026, 3, 9)
    )] == [0, 0, 1, 2]  # fmt: skip
    points = [{"label": str(day), "value": 0.7} for day in weeks]
    plot = charting.line(
        {"unit": "%", "points": points, "marks": [1], "own_target": 0.5, "own_label": "Target 50%"}
    )
    [mark] = plot.marks
    assert (mark.x, mark.number) == (plot.points[1].x, 1)
    assert plot.own_y == pytest.approx((28 + plot.base) / 2)


@pytest.mark.django_db
def test_what_happened_is_marked_for_everybody_or_for_ones_own(
    world: World, client_for: SignIn, partner_manager: User
) -> None:
    facts(world, "sf")
    facts(world, "sf", started_at=timezone.now() - timedelta(days=45))
    hub, partner = client_for(world.manager), client_for(partner_manager)
    day = (timezone.localdate() - timedelta(days=40)).isoformat()

    for who, words in ((hub, "Flood in <Upton>"), (partner, "Strike")):
        mine = "" if who is hub else "wychavon"
        said = sent(words=words, day=day, organisation=mine)
        assert who.post(DAYS, said).status_code == 303
        assert who.post(DAYS, said).status_code == 303
    assert partner.post(DAYS, sent(words="All", day=day, organisation="")).status_code != 303
    assert partner.post(DAYS, sent(words="x", day=day, organisation="hub")).status_code != 303

    assert Annotation.objects.count() == 2
    assert "Flood in &lt;Upton&gt;" in hub.get(PAGE).content.decode()
    seen = partner.get(PAGE).content.decode()
    assert "Flood in" in seen
    assert "Strike" in seen
    flood = Annotation.objects.get(organisation=None)
    assert partner.post(DAYS, sent(annotation=flood.pk)).status_code != 303
    assert hub.post(DAYS, sent(annotation=flood.pk)).status_code == 303
    assert [one.words for one in Annotation.objects.all()] == ["Strike"]
    assert AuditEvent.objects.filter(action__startswith="figures.").count() == 3


@pytest.mark.django_db
def test_who_set_a_band_is_told_once_when_a_figure_leaves_it_and_once_when_it_is_back(
    world: World, client_for: SignIn
) -> None:
    client = client_for(world.manager)
    now = timezone.now()
    facts(world, "s" * 8 + "f" * 12, window_end=now - timedelta(days=1))
    band = {"figure": "osr", "organisation": "", "target": "80", "low": "70", "high": ""}
    assert client.post(TARGETS, sent(**band)).status_code == 303

    for days in (0, 0, 1, 2):
        watching.watch(now + timedelta(days=days))
    [left] = Notification.objects.all()
    assert (left.event, left.to) == ("figure_left", world.manager.email)
    assert "is 40% over the last 28 days. It should stay 70% or more." in left.body
    assert "Outside" in client.get(TARGETS).content.decode()
    assert "Target 80%" not in client.get(f"{PAGE}?organisation=wychavon").content.decode()

    facts(world, "s" * 22, window_end=now)
    for days in (3, 3, 4):
        watching.watch(now + timedelta(days=days))
    assert [one.event for one in Notification.objects.order_by("pk")] == [
        "figure_left", "figure_back",
    ]  # fmt: skip
    assert client.post(TARGETS, sent(figure="osr", organisation="")).status_code == 303
    assert not Band.objects.exists()


@pytest.mark.django_db
def test_of_too_few_nothing_is_news(world: World, client_for: SignIn) -> None:
    facts(world, "f" * 5, window_end=timezone.now() - timedelta(days=1))
    client_for(world.manager).post(TARGETS, sent(figure="osr", organisation="", low="70"))

    assert watching.watch(timezone.now()) == 1
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_what_is_still_open_leaves_no_band_of_what_was_decided(
    world: World, client_for: SignIn
) -> None:
    now = timezone.now()
    facts(world, "s" * 20, window_end=now - timedelta(1), klass="INFORM", fcc=True)
    facts(world, "p" * 10, window_end=now + timedelta(1), klass="INFORM", fcc=False)
    client_for(world.manager).post(TARGETS, sent(figure="fcc", organisation="", low="70"))

    assert watching.watch(now) == 1
    assert not Notification.objects.exists()
