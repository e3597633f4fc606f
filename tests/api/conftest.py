"""A caller for each scope, and the partnership that it calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.permissions import Scope
from tests.world import World, world  # noqa: F401  # a fixture

_keys = itertools.count(1)
BIN = {
    "service": "missed-bin",
    "description": "The black bin was not emptied on Monday",
    "place": {"postcode": "WR11 3DA"},
    "person": {"name": "Jo Bloggs", "email": "jo@example.com"},
}


class System:
    """Another system with its token."""

    def __init__(self, token: str) -> None:
        self.client = Client(
            raise_request_exception=False, headers={"authorization": f"Bearer {token}"}
        )

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    def send(self, body: Any = None, *, key: str | None = None) -> Any:
        key = key or f"key-{next(_keys)}"
        return self.post("enquiries/", body or BIN, **{"idempotency-key": key})


@pytest.fixture
def system(world: World) -> Callable[..., System]:  # noqa: F811  # the fixture above
    def made(slug: str = "worcester-city", *scopes: Scope) -> System:
        return System(world.token(slug, *scopes))

    return made
