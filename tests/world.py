"""A small partnership for tests: four bodies, three places, five services, four people.

Who they are is the same everywhere: `agent` works for the hub, `officer` for Wychavon,
`outsider` for Worcester City, `manager` and `administrator` for the hub.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.test import Client

import accounts.actions
import accounts.queries
import kb.actions
from accounts.models import Area, Organisation, Postcode, Site, Team, User
from accounts.permissions import Role, Scope, Viewer
from core.audit import SYSTEM
from enquiries import intake
from enquiries.actions import triage, versions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received, Sender
from enquiries.models import Agreement, Enquiry, RoutingRule
from enquiries.queries import rulebook
from kb.models import Article, Service
from tests.snapshot import Snapshot

# A Tuesday in office hours, far from any bank holiday.
NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
_keys = itertools.count(1)

ORGANISATIONS = [
    ("hub", "Worcestershire Hub", "hub", ""),
    ("worcestershire-county", "Worcestershire County Council", "county", "E10000034"),
    ("wychavon", "Wychavon District Council", "district", "E07000238"),
    ("worcester-city", "Worcester City Council", "district", "E07000237"),
]
SERVICES = [
    ("missed-bin", 524, "Missed bin", "district", "REQUEST", 2, "address", "place", True),
    ("pothole", 557, "Pothole", "county", "REQUEST", 10, "map", "place", True),
    (
        "council-tax-bill",
        58,
        "Council tax bill",
        "district",
        "INFORM",
        5,
        "address",
        "person",
        False,
    ),
    ("join-a-library", 438, "Join a library", "county", "TRANSACT", 1, "none", "person", False),
    ("allotments", 510, "Allotments", "town", "REQUEST", 20, "site", "person", False),
]
# Postcode, district, ward, easting, northing, latitude, longitude: one in each place.
POSTCODES = [
    ("WR113DA", "E07000238", "E05007940", 403500, 243900, 52.0934, -1.9503),
    ("WR13EZ", "E07000237", "E05007900", 385000, 255000, 52.1931, -2.2208),
    ("WR49QB", "E07000237", "E05007901", 387000, 255500, 52.1976, -2.1915),
]


@dataclass(frozen=True)
class World:
    """The bodies by slug, and the people."""

    organisations: dict[str, Organisation]
    agent: User
    officer: User
    outsider: User
    manager: User
    administrator: User

    def viewer(self, user: User) -> Viewer:
        found = accounts.queries.viewer_for_user(user)
        assert found is not None
        return found

    def token(self, slug: str, *scopes: Scope) -> str:
        """A fresh API key of an organisation."""
        return accounts.actions.issue_token(
            organisation=self.organisations[slug],
            name=f"{slug} test system",
            scopes=scopes or tuple(Scope),
            actor=SYSTEM,
            now=NOW,
        )


def _person(email: str, name: str, body: Organisation, role: Role) -> User:
    user = accounts.actions.create_user(
        email=email, password=PASSWORD, full_name=name, actor=SYSTEM, now=NOW, demo=True
    )
    team = Team.objects.get(organisation=body, is_default=True)
    accounts.actions.grant(
        user=user,
        organisation=body,
        role=role,
        team=team,
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    return user


def _places() -> None:
    for code, name, kind, parent in [
        ("E10000034", "Worcestershire", "county", ""),
        ("E07000238", "Wychavon", "district", "E10000034"),
        ("E07000237", "Worcester", "district", "E10000034"),
        ("E05007940", "Evesham South", "ward", "E07000238"),
        ("E05007900", "Cathedral", "ward", "E07000237"),
        ("E05007901", "Nunnery", "ward", "E07000237"),
    ]:
        Area.objects.create(code=code, name=name, kind=kind, parent_code=parent)
    for postcode, district, ward, easting, northing, latitude, longitude in POSTCODES:
        Postcode.objects.create(
            postcode=postcode,
            district_code=district,
            ward_code=ward,
            easting=easting,
            northing=northing,
            latitude=latitude,
            longitude=longitude,
        )


def _bodies() -> dict[str, Organisation]:
    bodies = {}
    for slug, name, kind, area in ORGANISATIONS:
        body = Organisation.objects.create(
            slug=slug,
            name=name,
            short_name=name.split()[0],
            kind=kind,
            area_code=area,
            email=f"team@{slug}.demo",
        )
        Team.objects.create(
            organisation=body, slug="front", name="Front desk", email=body.email, is_default=True
        )
        bodies[slug] = body
    Site.objects.create(
        organisation=bodies["hub"], slug="evesham", name="Evesham", kind="service_centre"
    )
    Site.objects.create(
        organisation=bodies["hub"], slug="evesham-kiosk", name="Evesham library", kind="kiosk"
    )
    return bodies


def _services() -> None:
    for slug, lgsl, name, tier, kind, days, location, subject, anonymous in SERVICES:
        Service.objects.create(
            slug=slug,
            lgsl=lgsl,
            lgil=[17],
            label=name,
            name=name,
            group="Waste" if "bin" in slug else "Other",
            summary=f"About: {name.lower()}.",
            owner_tier=tier,
            resolution_class=kind,
            promise_wd=days,
            location=location,
            subject=subject,
            family=slug,
            anonymous_ok=anonymous,
            synonyms="bin not emptied, rubbish not collected" if slug == "missed-bin" else "",
        )
    Article.objects.create(
        slug="when-is-my-bin-emptied",
        service=Service.objects.get(slug="missed-bin"),
        title="When is my bin emptied?",
        summary="Every second week.",
        say="Every second week.",
        body="Your bin is emptied every second week, before noon.",
        reviewed_on=date(2026, 11, 1),
    )
    kb.actions.index()


def _rules(bodies: dict[str, Organisation]) -> None:
    owners = [
        ("county", "", "worcestershire-county"),
        ("district", "E07000238", "wychavon"),
        ("district", "E07000237", "worcester-city"),
    ]
    rules = [
        RoutingRule(
            position=position * 10, owner_tier=tier, area_code=area, organisation=bodies[slug]
        )
        for position, (tier, area, slug) in enumerate(owners, start=1)
    ]
    versions.publish_rows(rules, name="The world's", actor=SYSTEM, now=NOW)
    Agreement.objects.create(organisation=bodies["wychavon"], accept_wh=4, work_wd=5)


def build() -> World:
    """Writes the partnership into the test's database."""
    rulebook._kept.clear()  # the next version has the number of the one that is kept
    return _SNAPSHOT.load()


def _build() -> World:
    _places()
    bodies = _bodies()
    _services()
    _rules(bodies)
    hub = bodies["hub"]
    return World(
        organisations=bodies,
        agent=_person("agent@hub.demo", "Asha Agent", hub, Role.AGENT),
        officer=_person("officer@wychavon.demo", "Owen Officer", bodies["wychavon"], Role.OFFICER),
        outsider=_person(
            "officer@worcester-city.demo", "Una Outsider", bodies["worcester-city"], Role.OFFICER
        ),
        manager=_person("manager@hub.demo", "Mona Manager", hub, Role.MANAGER),
        administrator=_person("admin@hub.demo", "Adam Admin", hub, Role.ADMINISTRATOR),
    )


_SNAPSHOT = Snapshot(_build)


def ask(
    *,
    words: str = "My bin was not emptied on Monday",
    service: str | None = "missed-bin",
    postcode: str = "WR11 3DA",
    sender: Sender | None = None,
    channel: Channel = Channel.WEB,
    at: datetime = NOW,
    triaged: bool = True,
    **more: object,
) -> Received:
    """One enquiry through intake, and through triage unless told otherwise."""
    who = sender if sender is not None else Sender(name="Jo Bloggs", email="jo@example.com")
    place = Place(postcode=postcode) if postcode else None
    received = intake.receive(
        InboundContact(
            channel=channel,
            external_id=str(more.pop("external_id", f"test-{next(_keys)}")),
            received_at=at,
            needs=(Need(description=words, service=service, place=place),),
            sender=who,
            **more,  # type: ignore[arg-type]  # whatever a test wants to say
        ),
        now=at,
    )
    if triaged:
        for one in received.enquiries:
            triage.triage(enquiry_id=one.enquiry_id, now=at)
    return received


def enquiry_of(received: Received) -> Enquiry:
    """The first enquiry of what intake returned, as it is now."""
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def agent(world: World) -> Viewer:
    return world.viewer(world.agent)


@pytest.fixture
def officer(world: World) -> Viewer:
    return world.viewer(world.officer)


@pytest.fixture
def outsider(world: World) -> Viewer:
    return world.viewer(world.outsider)


@pytest.fixture
def manager(world: World) -> Viewer:
    return world.viewer(world.manager)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session["second_factor"] = "app"  # as if a code had been given
        session.save()
        return client

    return signed_in
