"""What the scene is made of: bodies, cases by name, and what is undone after each try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import Viewer
from kiosks.models import Kiosk
from tests.isolation.canaries import Canaries
from tests.world import NOW, World

BODIES = {
    "a": "wychavon",
    "b": "worcester-city",
    "county": "worcestershire-county",
    "police": "west-mercia-police",
    "health": "worcestershire-health",
    "hub": "hub",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)
# slug, lgsl, name, tier, class, days, where, subject, sensitive
MORE_SERVICES = [
    ("anti-social-behaviour", 901, "Anti-social behaviour", "police", "map", "place", True),
    ("report-crime", 902, "Report a crime", "police", "address", "person", True),
    ("stop-smoking", 903, "Stop smoking", "health", "none", "person", True),
    ("assisted-bin", 904, "Assisted collection", "district", "address", "person", True),
]


@dataclass(frozen=True)
class Thing:
    """One case of the scene, and by which referrals."""

    key: str
    reference: str
    secret: str
    person: UUID
    referrals: dict[str, UUID]


@dataclass
class Scene:
    """The world, its secrets, its cases by key, its people and its keys."""

    world: World
    canaries: Canaries = field(default_factory=Canaries)
    # Of telephones and postcodes. None of these is an example on a page, as 07700 900123 is; and
    # each scene has the same, in whatever order tests are run.
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(900600, 900800)))
    things: dict[str, Thing] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    notices: dict[str, UUID] = field(default_factory=dict)
    # Of the hub's front team, and of all.
    macros: dict[str, UUID] = field(default_factory=dict)
    rules: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    files: dict[str, UUID] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    # A contact and a script of it, by the names that their address has.
    scripts: dict[str, UUID] = field(default_factory=dict)
    # What one member of the desk has for themselves, or one team.
    desk: dict[str, UUID] = field(default_factory=dict)
    calls: dict[str, UUID] = field(default_factory=dict)
    mails: dict[str, UUID] = field(default_factory=dict)
    kiosk_token: str = ""
    kiosk: Kiosk | None = None
    sessions: dict[str, str] = field(default_factory=dict)
    journey: str = ""
    # A hash of every table, for who must not have written to any.
    rows: dict[str, str] = field(default_factory=dict)
    draft: int = 0
    deleted: dict[str, str] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """A member of staff as the queries know them."""
        return self.world.viewer(self.users[name])

    def body(self, owner: str) -> Organisation:
        """An organisation by its short letter."""
        return self.world.organisations[BODIES[owner]]


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back; the house's durable transactions work in it."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase does
    with block:
        yield
        transaction.set_rollback(True)


def later(minutes: int) -> datetime:
    """A moment after all of it."""
    return NOW + timedelta(minutes=minutes)
