"""What a rule does to a case: its acts or none, within bounds, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Sum

import accounts.queries
import enquiries.queries.desk
import notifications.actions
from accounts.permissions import SYSTEM_VIEWER, Viewer
from core import audit
from core.audit import SYSTEM
from core.errors import DomainError
from core.through import RULE, Through, acting
from enquiries.case_facts import CaseFacts, LedgerLine
from enquiries.queries import rule_facts
from teamwork import doing
from teamwork.doing import Doing
from teamwork.models import Rule, RuleRun, RuleVersion
from teamwork.queries_rules import LiveRule

# Rules that set each other off end here, and so many things are done by rules to a case in an hour.
DEEPEST = 3
MOST_IN_AN_HOUR = 20
PAUSED_AFTER = 10

log = structlog.get_logger(__name__)


def carry_out(
    one: LiveRule, case: CaseFacts, line: LedgerLine, *, stopped: str, now: datetime
) -> str:
    """Does what a rule says to a locked case, once for this line; done, failed or stopped."""
    why, outcome, done = stopped or _guard(one, case, line, now), "stopped", 0
    if not why:
        why = _acted(one, case, line, now)
        outcome, done = ("failed", 0) if why else ("done", len(one.acts))
    RuleRun.objects.create(
        rule_id=one.rule, version_id=one.version, event=line.id, enquiry_id=case.id, at=now,
        outcome=outcome, acts=done, why=why[:300],
    )  # fmt: skip
    _count(one, outcome, why, now)
    return outcome


def _guard(one: LiveRule, case: CaseFacts, line: LedgerLine, now: datetime) -> str:
    """Why a rule is held back; nothing where it is not."""
    if one.public_id in line.chain:
        return "It was its own act that set it off"
    if line.root and _acted_since(one, case, line.root):
        return "It had acted already on what began this"
    if len(line.chain) >= DEEPEST:
        return f"{DEEPEST} rules had set each other off before it"
    runs = RuleRun.objects.filter(enquiry_id=case.id, at__gt=now - timedelta(hours=1))
    done = runs.aggregate(done=Sum("acts"))["done"] or 0
    if done + len(one.acts) > MOST_IN_AN_HOUR:
        return f"Rules did {done} things to this case within an hour: {MOST_IN_AN_HOUR} is the most"
    return ""


def _acted_since(one: LiveRule, case: CaseFacts, root: int) -> bool:
    """Whether a rule acted already on what one change began: on it, or on what rules did then."""
    runs = RuleRun.objects.filter(rule_id=one.rule, enquiry_id=case.id, outcome="done")
    events = list(runs.order_by("-pk").values_list("event", flat=True)[:MOST_IN_AN_HOUR])
    before = rule_facts.lines(events)
    return any(pk == root or (pk in before and before[pk].root == root) for pk in events)


def viewer_of(name: str) -> Viewer:
    """Who acts: the hub itself, under the name of the rule."""
    hub = accounts.queries.hub()
    return replace(
        SYSTEM_VIEWER, name=f"Rule “{name}”", organisation_id=hub.pk, organisation_slug=hub.slug,
        organisation_name=hub.name,
    )  # fmt: skip


def _acted(one: LiveRule, case: CaseFacts, line: LedgerLine, now: datetime) -> str:
    """All acts, or none with the reason."""
    who = viewer_of(one.name)
    by = Through(RULE, one.public_id, one.name, (*line.chain, one.public_id), line.root or line.id)
    act = None
    try:
        with transaction.atomic(), acting(by):
            shown = enquiries.queries.desk.case(who, case.reference, now=now)
            doing_it = Doing(case.reference, who, doing.facts_of(who, shown), now)
            for act in one.acts:
                doing.do(act, doing_it)
            audit.record(
                "rule.done", actor=who.actor, target=f"enquiry:{case.reference}", at=now,
                data={"rule": one.public_id, "acts": [act.kind for act in one.acts]},
            )  # fmt: skip
    except DomainError as error:
        return error.message
    except (OperationalError, InterfaceError):
        raise  # the line is gone through again
    except Exception as error:
        log.exception("rules.act_failed", rule=one.public_id, act=act.kind if act else "")
        return f"Something went wrong on our side ({type(error).__name__})"
    return ""


def _count(one: LiveRule, outcome: str, why: str, now: datetime) -> None:
    """Failures in a row; the tenth pauses the rule and tells who looks after it."""
    if outcome == "done":
        Rule.objects.filter(pk=one.rule, failures__gt=0).update(failures=0)
        return
    if outcome != "failed":
        return
    Rule.objects.filter(pk=one.rule).update(failures=F("failures") + 1)
    paused = Rule.objects.filter(pk=one.rule, failures__gte=PAUSED_AFTER, paused_at=None)
    if paused.update(paused_at=now, paused_why=why[:300]):
        _tell_owner(one, why, now)


def _tell_owner(one: LiveRule, why: str, now: datetime) -> None:
    audit.record(
        "rule.paused", actor=SYSTEM, target=f"rule:{one.public_id}", at=now, data={"why": why}
    )
    rule = Rule.objects.select_related("owner", "team").get(pk=one.rule)
    hub = accounts.queries.hub()
    to = (rule.owner.email if rule.owner and rule.owner.is_active else "") or (
        rule.team.email if rule.team else ""
    )
    version = RuleVersion.objects.get(pk=one.version)
    if to or hub.email:
        notifications.actions.send(
            key=f"rule_paused:{rule.pk}:{now.isoformat()}"[:120],
            event="rule_paused",
            medium="email",
            to=to or hub.email,
            context={
                "rule": version.name,
                "why": why,
                "desk_url": f"{settings.HUB_BASE_URL}/desk/rules/{rule.public_id}/",
            },
            about="",
            now=now,
        )
