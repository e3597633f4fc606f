"""What administrators do in the editor of forms, as tests do it: through pages and forms only."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from kb.models import FormVersion
from tests.desk.steps import new_key, text

ROOT = "/desk/settings/forms/pothole/"


def hidden(page: Any) -> dict[str, str]:
    """What a page's forms send without anybody typing it."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', text(page))
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def draft(client: Client, root: str = ROOT, **more: Any) -> FormVersion:
    answer = client.post(f"{root}draft/", {"key": new_key(), **more})
    assert answer.status_code == 303, text(answer)
    return FormVersion.objects.get(service__slug=root.split("/")[-2], state="draft")


def save(client: Client, path: str, seen: Any = None, **words: Any) -> Any:
    """Sends the form of a page, as it was seen or is now, with some words changed."""
    page = seen or client.get(f"{ROOT}{path}")
    assert page.status_code == 200, page.status_code
    return client.post(f"{ROOT}{path}", {**filled(page), **words})


def filled(page: Any) -> dict[str, Any]:
    """What the form of a page sends when nobody changes anything."""
    form = page.context["form"]
    found: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False and value != "":
            found[bound.html_name] = "on" if value is True else value
    return {**found, "key": new_key()}


def live(slug: str = "pothole") -> FormVersion:
    return FormVersion.objects.get(service__slug=slug, state="live")


def question(key: str, slug: str = "pothole") -> dict[str, Any] | None:
    rows = FormVersion.objects.get(service__slug=slug, state="draft").data["questions"]
    return next((one for one in rows if one["key"] == key), None)
