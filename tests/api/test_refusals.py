"""Every refusal is a problem with a code that is documented, and never a server error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.actions import revoke_token
from accounts.permissions import Scope
from api.errors import CODES
from core.audit import SYSTEM
from enquiries.models import Enquiry
from tests.api.conftest import BIN
from tests.world import NOW

pytestmark = pytest.mark.django_db
LONG = "x" * 10_000


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    assert body["type"] == f"/api/v1/docs/#{code}"
    assert CODES[code][0] == status
    return body


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"description": ""}, "invalid", "description"),
        ({"description": "   "}, "invalid", "description"),
        ({"description": "\u0001\u0002"}, "nothing_asked", "description"),
        ({"description": None}, "invalid", "description"),
        ({"description": 5}, "invalid", "description"),
        ({"description": ["a"]}, "invalid", "description"),
        ({"description": LONG}, "invalid", "description"),
        ({"description": "a\u0000b"}, "invalid", "description"),
        ({"description": "a\ud800b"}, "invalid", "description"),
        ({"service": "no-such-service"}, "service_unknown", "service"),
        ({"service": "Nö!"}, "invalid", "service"),
        ({"service": LONG}, "invalid", "service"),
        ({"service": 7}, "service_unknown", "service"),
        ({"place": {"postcode": "hello"}}, "postcode_not_valid", "place.postcode"),
        ({"place": {"postcode": "SW1A 1AA"}}, "postcode_outside", "place.postcode"),
        ({"place": {"postcode": "WR9 9ZZ"}}, "postcode_unknown", "place.postcode"),
        ({"place": {"postcode": LONG}}, "invalid", "place.postcode"),
        ({"place": {"postcode": "WR\u00001 3EZ"}}, "invalid", "place.postcode"),
        ({"place": {"address": "\u0000"}}, "invalid", "place.address"),
        ({"place": {"uprn": "12a"}}, "invalid", "place.uprn"),
        ({"place": {"uprn": "٣"}}, "invalid", "place.uprn"),
        ({"place": {"uprn": "1" * 13}}, "invalid", "place.uprn"),
        ({"place": {"latitude": 52.1}}, "invalid", "place.longitude"),
        ({"place": {"latitude": 1e300, "longitude": 0}}, "invalid", "place.latitude"),
        ({"place": {"latitude": 10**400, "longitude": 0}}, "invalid", "place.latitude"),
        ({"place": {"latitude": "52.1", "longitude": 0}}, "invalid", "place.latitude"),
        ({"place": {"latitude": True, "longitude": 0}}, "invalid", "place.latitude"),
        ({"place": {"latitude": -2.2, "longitude": 52.1}}, "invalid", "place.longitude"),
        ({"place": {"latitude": 0, "longitude": 0}}, "invalid", "place.latitude"),
        ({"place": {"latitude": 52.48, "longitude": -1.9}}, "point_outside", "place.latitude"),
        ({"place": {"postode": "WR1 3EZ"}}, "invalid", "place.postode"),
        ({"place": "Evesham"}, "invalid", "place"),
        ({"place": []}, "invalid", "place"),
        ({"person": {"phone": "abc"}}, "phone_not_valid", "person.phone"),
        ({"person": {"phone": "1"}}, "phone_not_valid", "person.phone"),
        ({"person": {"email": "nobody"}}, "email_not_valid", "person.email"),
        ({"person": {"email": f"{LONG}@example.com"}}, "invalid", "person.email"),
        ({"person": {"name": LONG}}, "invalid", "person.name"),
        ({"tell_by": "pigeon"}, "invalid", "tell_by"),
        ({"tell_by": "sms"}, "invalid", "person.phone"),
        ({"descripton": "misspelt"}, "invalid", "descripton"),
    ],
)
def test_a_wrong_body_is_refused_with_the_field_named(system, change, code, field):
    body = problem(system().send({**BIN, **change}), 422, code)
    assert field in body["errors"]
    assert all(isinstance(word, str) for word in body["errors"][field])
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"description": "🚮 נשכח הפח \u202ebackwards\u202c <script>alert(1)</script>"},
        {"description": "x" * 4_000},
        {"service": None, "place": None, "person": None, "tell_by": None},
        {"place": {}, "person": {}},
        {"place": {"postcode": " wr11 3da "}},
        {"place": {"latitude": 52.19, "longitude": -2.22}},
        {"place": {"uprn": "100120702049"}},
    ],
)
def test_unusual_words_and_empty_parts_are_taken(system, change):
    assert system().send({**BIN, **change}).status_code == 201


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe\x00",
        b'{"description": NaN}',
        b'{"description": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"description": "\xed\xa0\x80"}',
    ],
)
def test_what_is_not_json_is_refused(system, raw):
    answer = system().client.post(
        "/api/v1/enquiries/",
        raw,
        content_type="application/json",
        headers={"idempotency-key": "k"},
    )
    problem(answer, 400 if raw else answer.status_code, "body_not_json" if raw else "invalid")


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"5", b"null", b"true"])
def test_json_that_is_not_an_object_is_refused(system, raw):
    answer = system().client.post(
        "/api/v1/enquiries/",
        raw,
        content_type="application/json",
        headers={"idempotency-key": "k"},
    )
    assert "body" in problem(answer, 422, "invalid")["errors"]


def test_a_huge_body_is_refused_before_it_is_read_as_json(system):
    answer = system().send({**BIN, "description": "x" * 200_000})
    problem(answer, 413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_another_content_type_is_refused(system, kind):
    answer = system().client.post(
        "/api/v1/enquiries/",
        json.dumps(BIN),
        content_type=kind,
        headers={"idempotency-key": "k"},
    )
    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "idempotency_key_missing"),
        ("x" * 81, "idempotency_key_not_valid"),
        ("two words", "idempotency_key_not_valid"),
        ("café", "idempotency_key_not_valid"),
    ],
)
def test_a_call_without_a_usable_key_is_refused(system, key, code):
    answer = system().post("enquiries/", BIN, **{"idempotency-key": key})
    problem(answer, 400, code)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "not_authenticated"),
        ("Bearer", "token_not_accepted"),
        ("Bearer ", "token_not_accepted"),
        ("Bearer nonsense", "token_not_accepted"),
        ("Bearer hub_00000000.wrong", "token_not_accepted"),
        ("Bearer a\u0000b", "token_not_accepted"),
        ("Bearer " + "x" * 9_000, "token_not_accepted"),
        ("Basic dXNlcjpwYXNz", "token_not_accepted"),
    ],
)
@pytest.mark.parametrize("path", ["services/", "referrals/", "enquiries/WH2-2222-22/"])
def test_without_a_good_token_every_address_says_401_and_how(world, header, code, path):
    client = Client(raise_request_exception=False)
    headers = {"authorization": header} if header else {}
    answer = client.get(f"/api/v1/{path}", headers=headers)
    problem(answer, 401, code)
    assert answer["WWW-Authenticate"] == 'Bearer realm="hub"'


def test_a_revoked_token_and_one_with_a_changed_secret_are_refused(world):
    raw = world.token("wychavon")
    client = Client(raise_request_exception=False)
    wrong = client.get("/api/v1/services/", headers={"authorization": f"Bearer {raw[:-1]}"})
    problem(wrong, 401, "token_not_accepted")
    revoke_token(prefix=raw.partition(".")[0], actor=SYSTEM, now=NOW)
    gone = client.get("/api/v1/services/", headers={"authorization": f"Bearer {raw}"})
    problem(gone, 401, "token_not_accepted")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.READ, "post", "enquiries/"),
        (Scope.REFERRALS, "post", "enquiries/"),
        (Scope.CREATE, "get", "enquiries/WH2-2222-22/"),
        (Scope.REFERRALS, "get", "enquiries/WH2-2222-22/"),
        (Scope.CREATE, "get", "referrals/"),
        (Scope.READ, "get", "referrals/0d9c8f1e-8f0d-4d0b-9a42-2d0f6f0b8c11/"),
        (Scope.READ, "post", "referrals/0d9c8f1e-8f0d-4d0b-9a42-2d0f6f0b8c11/accept/"),
        (Scope.CREATE, "post", "referrals/0d9c8f1e-8f0d-4d0b-9a42-2d0f6f0b8c11/complete/"),
    ],
)
def test_a_token_does_only_what_it_was_issued_for(system, scope, method, path):
    answer = getattr(system("wychavon", scope), method)(path)
    problem(answer, 403, "scope_missing")


@pytest.mark.parametrize(
    "path", ["enquiries/%00/", "enquiries/x/", "enquiries/" + "A" * 500 + "/", "enquiries/WH💥/"]
)
def test_a_reference_that_cannot_be_one_is_not_found(system, path):
    problem(system().get(path), 404, "no_such_enquiry")


@pytest.mark.parametrize("path", ["nothing/", "referrals/17/", "referrals/x/accept/", ""])
def test_an_address_that_does_not_exist_is_a_problem_too(system, path):
    problem(system().get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"limit": "0"}, "limit"),
        ({"limit": "999999999999999999999"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "0d9c8f1e-8f0d-4d0b-9a42-2d0f6f0b8c11"}, "cursor"),
        ({"sort": "name"}, "sort"),
    ],
)
def test_a_wrong_filter_is_refused_with_its_name(system, query, field):
    assert field in problem(system().get("referrals/", **query), 422, "invalid")["errors"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "get"])
def test_a_method_that_is_not_there_is_refused_with_what_is(system, method):
    answer = getattr(system().client, method)("/api/v1/enquiries/")
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "POST"


def test_a_session_of_the_desk_opens_nothing(world, client):
    client.force_login(world.administrator)
    assert client.get("/api/v1/services/").status_code == 401
