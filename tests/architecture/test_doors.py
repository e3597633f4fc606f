"""Every address asks who is there, but for a short list that says why it does not."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# What anybody may open, by the start of the route.
PUBLIC = {
    "": "the website of residents",
    "healthz": "a load balancer asks",
    "readyz": "a load balancer asks",
    "metrics": "asks for a token or this machine itself (tests/hub/test_health.py)",
    "components/": "a gallery of parts without data; not in production",
    "demo/post-box/": "invented messages; only in the demo",
    "channels/sms/": "asks for Twilio's signature (tests/sms)",
    "channels/notify/": "asks for a token of GOV.UK Notify's (tests/notifications)",
    "channels/messages/": "asks for a signature of a body's own system (tests/notifications)",
    "channels/voice/": "asks for Twilio's signature (tests/voice)",
    "channels/email/": "asks for a signature (tests/email)",
    "kiosk/": "asks for an enrolled device (tests/kiosk)",
    "sign-in/": "where one says who one is",
    "sign-out/": "ends a session; nothing to see",
    "api/v1/schema.json": "the description of the API",
    "api/v1/docs/": "the description of the API",
}
STAFF = ("desk/",)
SYSTEMS = ("api/",)
ADMIN = "desk/settings/reference/"
# the door of Django's own pages leads on to ours
SIGN_IN = ("/sign-in/", f"/{ADMIN}")
EXAMPLES = {
    "reference": "WH7-K3MP-4X",
    "public_id": "00000000-0000-4000-8000-000000000000",
    "slug": "missed-bin",
}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def all_routes() -> list[str]:
    return sorted(set(routes(get_resolver().url_patterns)))


def _is_public(route: str) -> bool:
    if route.startswith(STAFF):
        return False
    if route.startswith(SYSTEMS):
        return route in PUBLIC
    return True


def _address(route: str) -> str | None:
    """An address of the route with made-up values; None where a pattern cannot be filled in."""
    import re

    def fill(found: re.Match[str]) -> str:
        kind, _, name = found[1].rpartition(":")
        if kind == "uuid":
            return EXAMPLES["public_id"]
        return EXAMPLES.get(name, "1" if kind == "int" else "example")

    filled = re.sub(r"<([^>]+)>", fill, route)
    return None if re.search(r"[\\^$()?]", filled) else f"/{filled}"


def test_the_list_of_public_addresses_is_short_and_explained() -> None:
    unknown = [
        route
        for route in all_routes()
        if route.startswith(SYSTEMS) and route in PUBLIC and not PUBLIC[route]
    ]
    assert unknown == []
    assert any(route.startswith("desk/") for route in all_routes())


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nobody_opens_a_page_of_staff_without_signing_in(client: Client, method: str) -> None:
    for route in all_routes():
        address = _address(route)
        if address is None or _is_public(route) or not route.startswith(STAFF):
            continue
        answer = getattr(client, method)(address)
        assert answer.status_code in (302, 404, 405), (address, answer.status_code)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(SIGN_IN), address


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_no_system_uses_the_api_without_a_token(client: Client, method: str) -> None:
    for route in all_routes():
        address = _address(route)
        if address is None or _is_public(route) or not route.startswith(SYSTEMS):
            continue
        answer = getattr(client, method)(address)
        assert answer.status_code in (401, 404, 405), (address, answer.status_code)


def test_addresses_name_no_row_by_its_number() -> None:
    numbered = [r for r in all_routes() if "<int:" in r and not r.startswith(ADMIN)]
    assert numbered == []
