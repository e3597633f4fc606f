"""Versions of the routing rules: publishing now or at a time, calling back, and the way back.

A published version never changes. Who publishes says which version was live when he looked: what
went live meanwhile is shown to him first, and nothing is put over it unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from enquiries.models import RoutingRule, RuleSet
from enquiries.queries import versions as reading
from enquiries.queries.versions import NoSuchVersion

# The first version holds for what came before it, too: histories are placed by it.
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
# Editors of rules wait for one another, so that version numbers have no twins.
_LOCK = 0x5E75


class NotADraft(DomainError):
    code = "rules_not_a_draft"


class NotWaiting(DomainError):
    code = "rules_not_waiting"


class Overtaken(DomainError):
    """Somebody else published or edited since the page was made."""

    code = "rules_overtaken"


def lock() -> None:
    """Holds the editors' lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_number() -> int:
    """The number of the next version; holds the editors' lock until the transaction ends."""
    lock()
    newest = RuleSet.objects.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def locked(number: int) -> RuleSet:
    """One version under the editors' lock. Raises NoSuchVersion."""
    lock()
    found = RuleSet.objects.filter(number=number).first()
    if found is None:
        raise NoSuchVersion("There is no such version of the rules")
    return found


def locked_draft(number: int) -> RuleSet:
    """One draft under the editors' lock. Raises NoSuchVersion, NotADraft."""
    found = locked(number)
    if found.published_at is not None:
        who = found.published_by
        raise NotADraft(f"Version {number} was published by {who}. Make a draft from it to go on")
    return found


@transaction.atomic
def publish_rows(
    rules: Sequence[RoutingRule], *, name: str, actor: Actor, now: datetime
) -> RuleSet:
    """A new version of exactly these unsaved rules, live from now."""
    number = next_number()
    made = RuleSet.objects.create(
        number=number,
        name=name[:120],
        made_at=now,
        made_by=named(actor),
        published_at=now,
        published_by=named(actor),
        live_from=ALWAYS if number == 1 else now,
    )
    write(made, rules)
    _published(made, len(rules), actor=actor, now=now)
    return made


@transaction.atomic
def publish(
    number: int,
    *,
    edit: int,
    live: int | None,
    name: str,
    at: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    """A draft goes live now, or at a time to come.

    `edit` and `live` are what the page showed: how often the draft had been edited, and which
    version was live. Raises NoSuchVersion, NotADraft, Overtaken, or DomainError for a time that
    has passed and for a draft without rules.
    """
    draft = locked_draft(number)
    same_edit(draft, edit)
    _same_live(live, now)
    count = RoutingRule.objects.filter(rule_set=draft).count()
    if not count:
        raise DomainError("This draft has no rules. Nothing would have an owner any more")
    if at is not None and at <= now:
        raise DomainError("This time has passed. Choose a later one, or publish now", field="day")
    draft.name = name[:120] or draft.name
    draft.published_at, draft.published_by = now, named(actor)
    draft.live_from = at or now
    draft.save(update_fields=["name", "published_at", "published_by", "live_from"])
    _published(draft, count, actor=actor, now=now)


@transaction.atomic
def call_back(number: int, *, actor: Actor, now: datetime) -> None:
    """A version that waits for its time becomes a draft again. Raises NotWaiting."""
    waiting = locked(number)
    if waiting.live_from is None:
        raise NotWaiting(f"Version {number} is a draft already")
    if waiting.live_from <= now:
        raise NotWaiting(f"Version {number} has gone live. Undo it, if it was wrong")
    was = waiting.live_from
    waiting.published_at = waiting.live_from = None
    waiting.published_by = ""
    waiting.version += 1
    waiting.save(update_fields=["published_at", "published_by", "live_from", "version"])
    audit.record(
        "rules.called_back",
        actor=actor,
        target=f"rule_set:{number}",
        at=now,
        data={"live_from": was},
    )


@transaction.atomic
def undo(live: int, *, actor: Actor, now: datetime) -> int:
    """The version that was live before goes live again, as a new one; its number.

    `live` is what the page showed as live. Raises Overtaken, or DomainError where none was before.
    """
    lock()
    _same_live(live, now)
    last = list(reading.published(now)[:2])
    if len(last) < 2:
        raise DomainError("No version was live before this one")
    before = last[1]
    rules = copies(before)
    made = RuleSet.objects.create(
        number=next_number(),
        name=f"Back to version {before.number}",
        based_on=before,
        made_at=now,
        made_by=named(actor),
        published_at=now,
        published_by=named(actor),
        live_from=now,
    )
    write(made, rules)
    _published(made, len(rules), actor=actor, now=now, undid=live)
    return made.number


def copies(version: RuleSet) -> list[RoutingRule]:
    """The rules of a version, unsaved."""
    rules = list(RoutingRule.objects.filter(rule_set=version))
    for rule in rules:
        rule.pk = None
    return rules


def write(version: RuleSet, rules: Sequence[RoutingRule]) -> None:
    """Puts unsaved rules into a version."""
    for rule in rules:
        rule.rule_set = version
    RoutingRule.objects.bulk_create(rules, batch_size=1_000)


def named(actor: Actor) -> str:
    """Who did it, in the words of the history."""
    return actor.name[:120] or "The hub"


def same_edit(draft: RuleSet, edit: int) -> None:
    """Raises Overtaken where a draft was edited since a page showed it."""
    if draft.version != edit:
        raise Overtaken(
            f"A colleague changed version {draft.number} meanwhile, and nothing was done yet. "
            "This page shows it as it is now"
        )


def _same_live(live: int | None, now: datetime) -> None:
    current = reading.live_number(now)
    if current != live:
        raise Overtaken(
            f"Version {current} went live meanwhile, and nothing was done yet. "
            "This page compares with it now"
        )


def _published(
    version: RuleSet, rules: int, *, actor: Actor, now: datetime, undid: int | None = None
) -> None:
    audit.record(
        "rules.published" if undid is None else "rules.undone",
        actor=actor,
        target=f"rule_set:{version.number}",
        at=now,
        data={"rules": rules, "live_from": version.live_from, "undid": undid},
    )
