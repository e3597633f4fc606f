"""The description is true: it is what the code says, and calls made from it are answered by it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from accounts.permissions import Scope
from api.errors import CODES
from api.v1.schema import FILE
from enquiries.models import Referral
from hub.wsgi import application
from tests.world import World, ask, enquiry_of

DESCRIPTION = json.loads(FILE.read_text())
OPERATIONS = [
    (path, method, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
]
NAMES = [operation["operationId"] for _, _, operation in OPERATIONS]
# Rules of the domain (a postcode outside the county) refuse what the description allows, so
# `positive_data_acceptance` is not meant to hold.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
IN_SCOPE, OUT_OF_SCOPE = 30, 3


def test_the_checked_in_description_is_what_the_code_says():
    made = io.StringIO()
    call_command("spectacular", "--format", "openapi-json", "--validate", stdout=made)
    assert json.loads(made.getvalue()) == DESCRIPTION, (
        "run: manage.py spectacular --format openapi-json --file api/v1/schema.json"
    )


def test_it_is_served_to_anybody_and_not_twice_to_who_has_it(client: Client):
    first = client.get("/api/v1/schema.json")
    assert first.json() == DESCRIPTION
    again = client.get("/api/v1/schema.json", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_and_field_is_described_with_an_example_that_fits(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    answers = operation["responses"]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    assert "401" in answers
    for body in [*bodies, *answers.values()]:
        for content in body.get("content", {}).values():
            for example in content.get("examples", {}).values():
                whole = {
                    **_plain(content["schema"]),
                    "components": _plain(DESCRIPTION["components"]),
                }
                jsonschema.validate(example["value"], whole)
    assert bodies == [] or bodies[0]["content"]["application/json"]["examples"]
    good = next(answer for code, answer in answers.items() if code.startswith("2"))
    assert good["content"]["application/json"]["examples"]
    for parameter in operation.get("parameters", []):
        assert parameter["description"]


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` said in its words."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def test_the_page_for_people_names_every_operation_and_code_without_script(world, client: Client):
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    words = page.content.decode()
    for path, _, operation in OPERATIONS:
        assert path in words
        assert f'id="{operation["operationId"]}"' in words
    for code in CODES:
        assert f'id="{code}"' in words
    assert " style=" not in words
    assert "<script>" not in words


@pytest.fixture
def inside_the_test(db: None) -> Iterator[None]:
    """Requests use the test's own transaction; Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _scopes(operation: dict[str, Any]) -> frozenset[str]:
    return frozenset(scope for scope in Scope if f"`{scope.value}`" in operation["description"])


@pytest.mark.slow
@pytest.mark.usefixtures("inside_the_test")
@pytest.mark.parametrize("scope", list(Scope))
def test_no_generated_call_breaks_the_server_or_the_description(world: World, scope: Scope):
    headers = {"Authorization": f"Bearer {world.token('wychavon', scope)}"}
    enquiry = enquiry_of(ask())
    own = {
        "reference": enquiry.reference,
        "referral_id": str(Referral.objects.get(enquiry=enquiry).public_id),
    }
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema.json", application)
    schema.config.generation.update(with_security_parameters=False)
    for path, method, described in OPERATIONS:
        needed = _scopes(described)
        _fuzz(schema[path][method.upper()], headers, own, in_scope=not needed or scope in needed)


def _fuzz(operation: Any, headers: dict[str, str], own: dict[str, str], *, in_scope: bool) -> None:
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @settings(
        max_examples=IN_SCOPE if in_scope else OUT_OF_SCOPE,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, is_own=st.booleans())
    def call(case: Any, is_own: bool) -> None:
        if is_own:
            for name in set(own) & set(case.path_parameters or {}):
                case.path_parameters[name] = own[name]
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        if not in_scope:
            # An id that is no id at all has no address, whoever asks.
            assert answer.status_code in (403, 404)

    call()
