"""A road that is not ours: a rule that gives motorways to a body outside, over the live ones."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

import accounts.queries
from accounts.models import OutsideBody
from accounts.permissions import Role, Viewer, granted
from core.audit import SYSTEM
from enquiries.actions import versions
from enquiries.models import RoutingRule
from enquiries.queries import destinations, rulebook
from kb.models import Service
from tests import forms_of

NAME, PHONE = "National Highways", "0300 123 5000"
HAND_OFF = "They look after motorways. Ring them at any hour."
ROADS = {"local": "An ordinary road or street", "motorway": "A motorway or trunk road"}


def give_away(service: str) -> OutsideBody:
    """The service asks for the kind of road, and motorways are the body's."""
    asked = Service.objects.get(slug=service)
    forms_of.add(service, forms_of.choice("road", "What kind of road is it on?", **ROADS))
    body, _ = OutsideBody.objects.update_or_create(
        slug="national-highways",
        defaults={"name": NAME, "kind": "roads", "phone": PHONE, "hand_off": HAND_OFF},
    )
    live = RoutingRule.objects.filter(rule_set=rulebook.live_version())
    rules = [RoutingRule(position=1, service=asked, answers={"road": ["motorway"]}, outside=body)]
    for rule in live:
        rule.pk, rule.rule_set_id = None, None  # type: ignore[assignment]
        rules.append(rule)
    # Before this test's transaction began: to PostgreSQL that is what now means in it.
    earlier = timezone.now() - timedelta(hours=1)
    versions.publish_rows(rules, name="Motorways", actor=SYSTEM, now=earlier)
    assert destinations.every_rule()[0].outside is not None
    return body


def agent_viewer() -> Viewer:
    """Somebody at the hub's desk."""
    hub = accounts.queries.hub()
    return Viewer(
        kind="staff",
        id=None,
        name="Asha Agent",
        organisation_id=hub.pk,
        is_hub=True,
        permissions=granted(frozenset({Role.AGENT}), is_hub=True),
    )
