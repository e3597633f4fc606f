"""Who calls: the system behind a bearer token. No sessions, no cookies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

import accounts.queries
from accounts.permissions import Viewer

_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class System:
    """What DRF calls the user: another system, with what it may see."""

    viewer: Viewer
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def pk(self) -> int | None:
        """The token's id."""
        return self.viewer.id


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; anything else is 401."""

    def authenticate(self, request: Request) -> tuple[System, Viewer] | None:
        """The system and its viewer; None without the header. Raises AuthenticationFailed."""
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, raw = header.partition(" ")
        raw = raw.strip()
        viewer = None
        if scheme.lower() == "bearer" and _TOKEN.fullmatch(raw):
            viewer = accounts.queries.viewer_for_token(raw)
        if viewer is None:
            raise AuthenticationFailed(
                "This token is not known or has been revoked. Ask the hub's administrator for one",
                code="token_not_accepted",
            )
        return System(viewer), viewer

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="hub"'
