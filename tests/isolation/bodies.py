"""What is sent to an address so that it would be done, if the sender may: valid, and harmless."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enquiries.models import RoutingRule
from tests.isolation.stage import PNG, Scene

# Every name that a form of the desk reads, with a value that it takes.
_FORM = {
    "words": "Some words",
    "description": "Some words",
    "question": "Which one?",
    "reason": "other_body",
    "next_step": "Ask again",
    "outcome": "completed",
    "service": "pothole",
    "organisation": "worcestershire-county",
    "suggested": "worcestershire-county",
    "seen_by": "hub",
    "so": "test",
    "priority": "urgent",
    "name": "Somebody New",
    "email": "somebody.new@example.com",
    "phone": "07700 900999",
    "how": "rules",
    "kind": "chase",
    "channel": "phone",
    "note": "Some words",
    "answer": "Some words",
    "day": f"{timezone.localdate() + timedelta(days=30)}",
    "postcode": "WR11 3DA",
}
_JSON: dict[str, dict[str, Any] | None] = {
    "accept": None,
    "ask": {"question": "Which one?"},
    "reject": {"reason": "other_body", "words": "Some words"},
    "return": {"question": "Which one?", "words": "Some words"},
    "complete": {"outcome": "completed", "words": "Some words"},
    "note": {"words": "Some words", "seen_by": "us"},
    "enquiries": {"service": "missed-bin", "description": "Some words"},
}


def form(scene: Scene, route: str) -> dict[str, Any]:
    """A form's fields, with a key of its own."""
    found: dict[str, Any] = {**_FORM, "key": str(uuid4())}
    if "referrals" in route:
        found["reason"] = "other_body"
        found["chosen"] = [str(scene.things["a.offered"].referrals["a"])]
        found["listed"] = found["chosen"]
        found["do"] = "accept"
    if "desk/together" in route:
        found["chosen"], found["do"] = [scene.things["hub.open"].reference], "take"
    if "/account/" in route:
        found = {"mark": "x"}
    if route.endswith(("/person/", "/act-for/")):
        found["person"] = str(scene.things["a.accepted"].person)
    if "about" in route:
        found["about"] = scene.things["a.accepted"].reference
    if "/rules/" in route:
        first = RoutingRule.objects.filter(rule_set__number=scene.draft).order_by("position")[0]
        found["rule"] = str(first.pk)
    if "settings/reference" in route:
        return {}
    return found


def with_file(body: dict[str, Any]) -> dict[str, Any]:
    """The same with a picture."""
    return {**body, "file": SimpleUploadedFile("picture.png", PNG, content_type="image/png")}


def json_of(route: str) -> dict[str, Any] | None:
    """The body of a call of the API."""
    return _JSON[route.rstrip("/").rpartition("/")[2]]
