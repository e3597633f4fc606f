"""What the checks of rules find in a version, in the partnership as it is now."""

from __future__ import annotations

from datetime import datetime

import accounts.queries
import kb.queries
from accounts import outside
from accounts.gazetteer import gazetteer
from enquiries import clocks, rule_checks
from enquiries.channels import Channel
from enquiries.lifecycle import Priority
from enquiries.models import RuleSet
from enquiries.queries import rule_names, rulebook
from enquiries.queries.versions import NoSuchVersion
from enquiries.rule_checks import Findings, Offered, World


def findings(number: int, now: datetime) -> Findings:
    """Gaps and idle rules of a version, from today or from its first day on.

    Raises NoSuchVersion. The same eight statements for any number of rules.
    """
    version = RuleSet.objects.filter(number=number).first()
    if version is None:
        raise NoSuchVersion("There is no such version of the rules")
    since = max(version.live_from, now) if version.live_from else now
    return rule_checks.check(rulebook.of_version(version.pk), world(since))


def world(at: datetime) -> World:
    """Everything that may be asked about from a moment on."""
    book = gazetteer()
    asked = rule_names.questions()
    return World(
        services=[
            Offered(
                slug=service.slug,
                name=service.name,
                tier=service.owner_tier,
                has_place=service.location != "none",
                questions=asked.get(service.slug, {}),
            )
            for service in kb.queries.services()
        ],
        places=book.places(),
        names=book.names,
        bodies=frozenset(body.pk for body in accounts.queries.organisations()),
        outside=frozenset(body.pk for body in outside.bodies()),
        on=clocks.london_date(at),
        priorities=[priority.value for priority in Priority],
        channels=[channel.value for channel in Channel],
    )
