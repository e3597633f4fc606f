"""What administrators do in the editor of the rules, as tests do it: through forms only."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from enquiries.models import RuleSet
from tests.desk.steps import new_key, text

ROOT = "/desk/settings/routing/"


def hidden(page: Any) -> dict[str, str]:
    """What a page's forms send without anybody typing it."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', text(page))
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def draft(client: Client, based_on: int = 1) -> str:
    data = {"key": new_key(), "based_on": based_on, "name": "Potholes on the M5"}
    answer = client.post(f"{ROOT}drafts/", data)
    assert answer.status_code == 303, text(answer)
    return str(answer["Location"])


def add_motorway(client: Client, address: str, **more: Any) -> Any:
    page = client.get(f"{address}rules/new/?about=pothole")
    data = {
        **hidden(page),
        "about": "pothole",
        "owner": "outside.national-highways",
        "answer_road": ["motorway"],
        "note": "Trunk roads are not ours",
        **more,
    }
    return client.post(f"{address}rules/new/", data)


def numbers() -> list[int]:
    return list(RuleSet.objects.order_by("number").values_list("number", flat=True))
