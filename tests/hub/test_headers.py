"""What every answer tells the browser."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/no-such-page/", "/healthz"])
def test_every_answer_has_the_security_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policy >= POLICY
    assert not any("unsafe" in part for part in policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_a_shared_computer_keeps_no_page_of_somebody_with_a_session(client: Client) -> None:
    assert "no-store" not in client.get("/").headers["Cache-Control"]
    client.cookies["sessionid"] = "something"
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_an_answer_to_a_token_is_kept_by_nobody(client: Client) -> None:
    answer = client.get("/api/v1/referrals/", HTTP_AUTHORIZATION="Bearer wrong")
    assert "no-store" in answer.headers["Cache-Control"]
