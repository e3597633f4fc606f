"""Somebody of the staff who is not of the demonstration: has a password, and gives codes."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django_otp.oath import TOTP  # type: ignore[import-untyped]

import accounts.actions
from accounts import sessions
from accounts.models import Session, User
from accounts.permissions import Role
from core.audit import SYSTEM
from tests.desk.steps import text
from tests.world import NOW, PASSWORD, World

EMAIL = "real@hub.demo"
_LEFT = 3  # seconds in which a code that ends soon is typed and checked


def somebody(world: World, *, email: str = EMAIL, role: Role = Role.AGENT) -> User:
    """A colleague of the hub, with a role and nothing set up."""
    user = accounts.actions.create_user(
        email=email, password=PASSWORD, full_name="Rea Real", actor=SYSTEM, now=NOW
    )
    hub = world.organisations["hub"]
    accounts.actions.grant(
        user=user, organisation=hub, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, now=NOW
    )
    return user


def enter(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
    """The first step."""
    return client.post("/sign-in/", {"username": email, "password": password, **more})


@dataclass
class Phone:
    """A code app."""

    key: bytes

    def code(self, steps: int = 0) -> str:
        """What it shows, now or so many half-minutes later.

        Of an older one that counts for half a minute yet, a few seconds at least are left.
        """
        if steps < 0 and (left := 30 - time.time() % 30) < _LEFT:
            time.sleep(left)
        clock = TOTP(self.key)
        clock.time = time.time() + 30 * steps
        return f"{clock.token():06d}"

    def wrong(self) -> str:
        """A code that it shows neither now nor soon."""
        near = {self.code(steps) for steps in range(-2, 3)}
        return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in near)


def phone_from(page: Any) -> Phone:
    """Reads the key from a page that shows it to be typed."""
    shown = re.search(r'hub-code--key">([A-Z2-7 ]+)<', page.content.decode())
    assert shown, text(page)
    return Phone(base64.b32decode(shown[1].replace(" ", "")))


def set_up(client: Client, email: str = EMAIL) -> tuple[Phone, list[str]]:
    """Both steps of a first sign-in; gives the phone and the spare codes."""
    assert enter(client, email)["Location"] == "/sign-in/set-up/"
    phone = phone_from(client.get("/sign-in/set-up/"))
    # A step back, so that the code of now is still unused.
    done = client.post("/sign-in/set-up/", {"code": phone.code(-1)})
    assert done.status_code == 200, text(done)
    codes = re.findall(r"<code>([a-z0-9-]+)</code>", done.content.decode())
    return phone, codes


def is_in(client: Client) -> bool:
    """Whether the queue opens."""
    return bool(client.get("/desk/").status_code == 200)


def session_of(client: Client) -> Session:
    """The row behind a client's cookie."""
    assert sessions.FACTOR in client.session
    return Session.objects.get(pk=client.session.session_key)
