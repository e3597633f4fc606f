"""From a right password to a session: half-way in, then in.

Half-way in opens nothing. The session holds who it may become, and neither Django nor any page of
ours takes that for a sign-in: `request.user` is nobody until `let_in`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import actions_sign_in, browsers, second_factor
from accounts.models import User
from accounts.sessions import BEGAN, FACTOR

_HALF: Final = "half_way_in"
# As long as somebody may look for their phone.
_PATIENCE: Final = 10 * 60


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody whose password was right, and where they wanted to go."""

    user: User
    wanted: str
    # A key for a code app, sealed, which they have not proved yet.
    key: str = ""


def network_of(request: HttpRequest) -> str:
    """The network address that a request came from, as the outermost of our proxies saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def half_way(request: HttpRequest, *, user: User, wanted: str) -> None:
    """The password was right. No session of before is carried on."""
    request.session.flush()
    request.session[_HALF] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": int(time.time()),
        "wanted": wanted,
        "key": "" if second_factor.is_set_up(user) else second_factor.new_key(),
    }


def half_way_of(request: HttpRequest) -> HalfWay | None:
    """Who is half-way in here; nobody ten minutes later, or once the password has changed."""
    held: dict[str, Any] | None = request.session.get(_HALF)
    if not held or not 0 <= time.time() - held["at"] <= _PATIENCE:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    if user is None or not constant_time_compare(held["proof"], user.get_session_auth_hash()):
        return None
    return HalfWay(user, held["wanted"], held["key"])


def let_in(request: HttpRequest, *, user: User, factor: str, now: datetime) -> None:
    """The one place where somebody becomes signed in, in a session that is new.

    `factor` says by what: "app", "spare", or "demo" for its shared sign-ins. Single sign-on
    will end here too, with a word of its own, once its provider's answer has been checked.
    """
    network = network_of(request)
    actions_sign_in.signed_in(user=user, network=network, now=now, factor=factor)
    request.session.flush()
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[FACTOR] = factor
    request.session[BEGAN] = {
        "at": now.isoformat(),
        "network": actions_sign_in.network_hash(network),
        "browser": browsers.name_of(request.headers.get("User-Agent", "")),
    }
    for remembered in ("viewer", "_cached_user"):
        request.__dict__.pop(remembered, None)
