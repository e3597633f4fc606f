"""The description as a page for people: ours, so that it needs no script and no foreign server."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.errors import CODES
from api.v1.examples import ENQUIRY
from api.v1.schema import document


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation, every field and every code."""
    _, description = document()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            shown = _operation(method, path, operation, description["components"]["schemas"])
            groups.setdefault(operation["tags"][0], []).append(shown)
    context = {
        "base": settings.HUB_BASE_URL,
        "body": json.dumps(ENQUIRY, indent=2),
        "groups": groups,
        "codes": [
            {"code": code, "status": status, "words": words}
            for code, (status, words) in CODES.items()
        ],
    }
    return render(request, "api/docs.html", context)


def _operation(
    method: str, path: str, operation: dict[str, Any], parts: dict[str, Any]
) -> dict[str, Any]:
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(code for code in operation["responses"] if code.startswith("2"))
    answer = operation["responses"][good]["content"]["application/json"]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": [
            {"name": one["name"], "where": one["in"], "words": one.get("description", "")}
            for one in operation.get("parameters", [])
        ],
        "fields": _fields(sent.get("schema", {}), parts),
        "body": _example(sent),
        "status": good,
        "answer": _example(answer),
    }


def _example(content: dict[str, Any]) -> str:
    values = [one["value"] for one in content.get("examples", {}).values()]
    return json.dumps(values[0], indent=2) if values else ""


def _part(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for, also one that only wraps another."""
    for wrapped in schema.get("allOf", []) or schema.get("oneOf", []):
        if "$ref" in wrapped:
            schema = wrapped
    if "$ref" in schema:
        found: dict[str, Any] = parts[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _fields(schema: dict[str, Any], parts: dict[str, Any], start: str = "") -> list[dict[str, Any]]:
    part = _part(schema, parts)
    rows = []
    for name, field in part.get("properties", {}).items():
        inner = _part(field, parts)
        rows.append(
            {
                "name": f"{start}{name}",
                "words": field.get("description") or inner.get("description", ""),
                "values": [value for value in inner.get("enum", []) if value],
                "required": name in part.get("required", []),
                "most": inner.get("maxLength"),
            }
        )
        if "properties" in inner:
            rows += _fields(inner, parts, f"{start}{name}.")
    return rows
