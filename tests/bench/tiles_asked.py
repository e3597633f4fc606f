"""What `tests.bench.tiles` asks for: tiles one by one, and the reports that are made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.permissions import SYSTEM_VIEWER, Permission, Viewer
from channels.web import performance
from metrics import queries, queries_fair, queries_sheets, rolled, yardsticks
from metrics.cutting import Cutting
from metrics.pack_periods import month
from metrics.queries import DECIDED, Chosen
from tests.bench.tiles_filled import MANAGER

Tile = Callable[[], object]
PARTNER = "body-1"


def tiles() -> dict[str, Tile]:
    """Each as a page asks for it: of the last year, unless its name says otherwise."""
    hub = SYSTEM_VIEWER
    partner = Viewer(
        kind="staff", id=None, name="Wyn", is_hub=False, organisation_slug=PARTNER,
        permissions=frozenset({Permission.SEE_PERFORMANCE}),
    )  # fmt: skip
    today = timezone.localdate()
    year = Chosen(since=today - timedelta(days=365))
    half = Chosen(since=today - timedelta(days=182))
    one = Chosen(since=year.since, organisation=PARTNER, service="service-8")
    week = Chosen(closed_since=today - timedelta(days=7), verdict=DECIDED)
    return {
        "headline": lambda: queries.overall(hub, year),
        "headline of staff": lambda: queries.overall(hub, Chosen(year.since, self_service=False)),
        "headline, channels and months": lambda: queries.course(hub, year, "month"),
        "by organisation": lambda: queries.by(hub, year, "organisation"),
        "by organisation, compared fairly": lambda: queries_fair.organisations(hub, year),
        "by service": lambda: queries.by(hub, year, "service"),
        "by site": lambda: queries.by(hub, year, "site"),
        "by team": lambda: queries.by(hub, year, "team"),
        "by month, of two years": lambda: queries.over_time(hub, Chosen(), "month"),
        "by week, of half a year": lambda: queries.over_time(hub, half, "week"),
        "what broke it this week": lambda: queries.overall(hub, week),
        "what people say": lambda: queries.surveyed(hub, year),
        "what open ones will come to": lambda: yardsticks.breaks(_cutting(hub, year)),
        "a partner's headline": lambda: queries.overall(partner, year),
        "a partner's services": lambda: queries.by(partner, year, "service"),
        "one service of a partner": lambda: queries.overall(hub, one),
        "contacts, needs, ages": lambda: _contacts(hub, year),
        "anybody's page": performance.told,
    }


def signed_in() -> Client:
    """A manager of the hub."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(email=MANAGER))
    return client


def reports(client: Client) -> dict[str, Tile]:
    """What takes every figure at once, and whole pages: told beside the tiles."""
    hub, now = SYSTEM_VIEWER, timezone.now()
    year = Chosen(since=timezone.localdate() - timedelta(days=365))
    last = month(now)
    paper = Chosen(since=last.since, until=last.until)
    return {
        "the page /desk/performance/": _page(client, "/desk/performance/"),
        "the page of all figures": _page(client, "/desk/performance/figures/"),
        "all figures of a year": lambda: queries_sheets.whole(hub, year, now=now),
        "all figures of a month": lambda: queries_sheets.whole(hub, paper, now=now),
        "all of a month by organisation": lambda: queries_sheets.by(
            hub, paper, "organisation", now=now
        ),
    }


def _cutting(viewer: Viewer, chosen: Chosen, now: datetime | None = None) -> Cutting:
    return Cutting(viewer, chosen, now or timezone.now())


def _contacts(viewer: Viewer, chosen: Chosen) -> object:
    """What avoidable contacts, contacts for each need and the provisional line are made of."""
    kept = _cutting(viewer, chosen).rolled(chosen.since, chosen.until)
    assert isinstance(kept, rolled.Rolled)
    costs: list[date] = []
    return [*kept.said()], [*kept.needs()], [*kept.taken(costs)], [*kept.ages(timezone.localdate())]


def _page(client: Client, path: str) -> Tile:
    """The whole of Django but the socket."""

    def asked() -> object:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return answer

    return asked
