"""The demonstration's staff: one sign-in for each role of the hub and each organisation."""

from __future__ import annotations

import os
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import make_password

import accounts.actions
import accounts.queries
import kiosks.actions
from accounts.permissions import Role, Viewer
from core.audit import SYSTEM
from hub.demo.telling import Cast

if TYPE_CHECKING:
    from accounts.models import Organisation, Team

# Before the oldest story, so that whoever acts in one had the right to.
SINCE = date(2020, 1, 1)
KIOSK_SITE = "kiosk-worcester-library"
# The demonstration may be looked at days after it was made.
KIOSK_CODE_LIFETIME = timedelta(days=365)
HUB = (
    ("agent", "Asha Agent", Role.AGENT, "worcester"),
    ("agent2", "Piotr Agent", Role.AGENT, "worcester"),
    ("leader", "Lena Leader", Role.LEADER, "worcester"),
    ("manager", "Mona Manager", Role.MANAGER, None),
    ("admin", "Adam Admin", Role.ADMINISTRATOR, None),
    ("editor", "Edith Editor", Role.EDITOR, None),
)
# Who takes calls and who leads them are one team.
IN_TEAM = frozenset({Role.AGENT, Role.LEADER})
OFFICERS = {
    "worcestershire-county": "Colin County",
    "bromsgrove": "Brenda Bromsgrove",
    "malvern-hills": "Malik Malvern",
    "redditch": "Rhona Redditch",
    "worcester-city": "Carla City",
    "wychavon": "Wendy Wychavon",
    "wyre-forest": "Fred Forest",
    "west-mercia-police": "Percy Police",
    "worcestershire-health": "Hetty Health",
    "evesham-town": "Ted Town",
}

# Who writes what a body's own people read; each of the others has one once it wants to.
EDITORS = {
    "worcestershire-county": "Cleo County",
    "wychavon": "Will Wychavon",
    "worcester-city": "Cora City",
}
# Who sees a partner's figures, and answers for it what is sent to it.
MANAGERS = {"wychavon": "Winifred Wychavon"}


def password() -> str:
    """What all of them sign in with: HUB_DEMO_PASSWORD, else one kept in the data folder."""
    given = os.environ.get("HUB_DEMO_PASSWORD", "")
    if given:
        return given
    path = Path(settings.HUB_DATA_DIR) / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def kiosk_code(*, now: datetime) -> str:
    """The one-time code of a kiosk that waits to be enrolled; kept until the device has used it."""
    path = Path(settings.HUB_DATA_DIR) / "demo-kiosk-code"
    site = accounts.queries.site(KIOSK_SITE)
    if path.exists() or site is None:
        return path.read_text(encoding="ascii").strip() if path.exists() else ""
    code = kiosks.actions.code(
        site=site, name=site.name, actor=SYSTEM, now=now, lifetime=KIOSK_CODE_LIFETIME
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(code, encoding="ascii")
    return code


def make(*, now: datetime) -> Cast:
    """Makes the sign-ins, or renews their password."""
    # Hashed once: a good hash is slow on purpose, and the first start waits for it.
    shared, hub = make_password(password()), accounts.queries.hub()
    team = accounts.queries.default_team(hub.pk)
    viewers = {
        local: _person(
            f"{local}@hub.demo",
            name,
            hub,
            role,
            site,
            shared,
            now=now,
            team=team if role in IN_TEAM else None,
        )
        for local, name, role, site in HUB
    }
    for slug, name in EDITORS.items():
        body = accounts.queries.organisation(slug)
        if body is not None:
            address = f"editor@{slug}.demo"
            _person(address, name, body, Role.EDITOR, None, shared, now=now)
    for slug, name in MANAGERS.items():
        body = accounts.queries.organisation(slug)
        if body is not None:
            for role in (Role.MANAGER, Role.OFFICER):
                _person(f"manager@{slug}.demo", name, body, role, None, shared, now=now)
    officers = {}
    for slug, name in OFFICERS.items():
        body = accounts.queries.organisation(slug)
        if body is not None:
            address = f"officer@{slug}.demo"
            officers[slug] = _person(address, name, body, Role.OFFICER, None, shared, now=now)
    return Cast(
        agent=viewers["agent"],
        second=viewers["agent2"],
        leader=viewers["leader"],
        manager=viewers["manager"],
        officers=officers,
    )


def _person(
    email: str,
    name: str,
    body: Organisation,
    role: Role,
    site: str | None,
    shared: str,
    *,
    now: datetime,
    team: Team | None = None,
) -> Viewer:
    user = accounts.actions.create_user(
        email=email, password=shared, full_name=name, actor=SYSTEM, now=now, hashed=True, demo=True
    )
    accounts.actions.grant(
        user=user,
        organisation=body,
        role=role,
        from_on=SINCE,
        team=team,
        site=accounts.queries.site(site) if site else None,
        actor=SYSTEM,
        now=now,
    )
    viewer = accounts.queries.viewer_for_user(user)
    if viewer is None:
        raise LookupError(f"{email} has no role today")
    return viewer
