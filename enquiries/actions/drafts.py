"""A draft of the routing rules, edited by several at once: nothing of anybody is lost unseen.

Who changes a rule says what it said when he began. Another rule may have changed meanwhile; where
it is this one, he is shown what became of it, and says again what he wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import audit
from core.audit import Actor
from core.errors import DomainError
from enquiries import rule_lists
from enquiries.actions import rule_writing
from enquiries.actions.versions import (
    copies,
    locked,
    locked_draft,
    named,
    next_number,
    same_edit,
    write,
)
from enquiries.models import RoutingRule, RuleSet
from enquiries.queries import versions as reading
from enquiries.rule_lists import Differences
from enquiries.rule_rows import RuleRow

# No two rules may have one number even for a moment: who moves stands aside, up here.
_ASIDE = 1_000_000_000
_ALONE = 2_000_000_000


class RuleChanged(DomainError):
    """Somebody else changed this rule meanwhile; `current` is what it says now."""

    code = "rule_changed"

    def __init__(self, current: RuleRow) -> None:
        super().__init__(
            "A colleague changed this rule while you worked on it. Look at what it says now, "
            "and send yours again to put it over theirs"
        )
        self.current = current


class RuleGone(DomainError):
    """Somebody else deleted this rule meanwhile."""

    code = "rule_gone"

    def __init__(self) -> None:
        super().__init__(
            "A colleague deleted this rule while you worked on it. Send it again to put it "
            "back as a new rule"
        )


@transaction.atomic
def make(based_on: int | None, *, name: str, actor: Actor, now: datetime) -> int:
    """A draft of what a version says, or an empty one; its number. Raises NoSuchVersion."""
    basis = locked(based_on) if based_on is not None else None
    number = next_number()
    draft = RuleSet.objects.create(
        number=number, name=name[:120], based_on=basis, made_at=now, made_by=named(actor)
    )
    if basis is not None:
        write(draft, copies(basis))
    data: dict[str, object] = {"based_on": based_on}
    _record("draft_made", draft, actor=actor, now=now, data=data)
    return number


@transaction.atomic
def discard(number: int, *, edit: int, actor: Actor, now: datetime) -> None:
    """Throws a draft away. Raises NoSuchVersion, NotADraft, Overtaken."""
    draft = locked_draft(number)
    same_edit(draft, edit)
    if RuleSet.objects.filter(based_on=draft).exists():
        raise DomainError("Another version was made from this draft. Throw that away first")
    rules, _ = RoutingRule.objects.filter(rule_set=draft).delete()
    _record("draft_discarded", draft, actor=actor, now=now, data={"rules": rules})
    draft.delete()


@transaction.atomic
def add_rule(
    number: int, row: RuleRow, *, before: int | None = None, actor: Actor, now: datetime
) -> int:
    """A new rule, before the one at a position, else where it belongs; its position."""
    draft = locked_draft(number)
    rows = reading.rows(number)
    if before is None:
        index = rule_lists.place_for(row, rows, reading.ground())
    else:
        index = _index([one.position for one in rows], before)
    position = _make_room(draft, [one.position for one in rows], index)
    write(draft, [rule_writing.unsaved(row, rule_writing.names(), position=position)])
    _edited(draft, "rule_added", actor=actor, now=now, rule=position, said=row)
    return position


@transaction.atomic
def change_rule(
    number: int, rule_id: int, row: RuleRow, *, seen: RuleRow, actor: Actor, now: datetime
) -> None:
    """A rule says something else, at its place. Raises RuleChanged, RuleGone."""
    draft = locked_draft(number)
    current = _as_seen(number, rule_id, seen)
    if current.said == row.said:
        return
    new = rule_writing.unsaved(row, rule_writing.names(), position=current.position)
    new.pk, new.rule_set = rule_id, draft
    new.save(force_update=True)
    _edited(
        draft, "rule_changed", actor=actor, now=now, rule=current.position, said=row, was=current
    )


@transaction.atomic
def delete_rule(number: int, rule_id: int, *, seen: RuleRow, actor: Actor, now: datetime) -> None:
    """A rule goes. Raises RuleChanged; one that has gone already is no error."""
    draft = locked_draft(number)
    try:
        current = _as_seen(number, rule_id, seen)
    except RuleGone:
        return
    RoutingRule.objects.filter(pk=rule_id).delete()
    _edited(draft, "rule_deleted", actor=actor, now=now, rule=current.position, was=current)


@transaction.atomic
def move_rule(
    number: int, rule_id: int, *, before: int | None, edit: int, actor: Actor, now: datetime
) -> int:
    """A rule goes before the one at a position, or to the end; its new position.

    Raises Overtaken: where the others stand may have changed too.
    """
    draft = locked_draft(number)
    same_edit(draft, edit)
    current = reading.rule_by_id(number, rule_id)
    if current is None:
        raise RuleGone
    if before == current.position:
        return before
    others = [row.position for row in reading.rows(number) if row.position != current.position]
    index = len(others) if before is None else _index(others, before)
    # Out of the way first, so that its own number is free for those that move up.
    RoutingRule.objects.filter(pk=rule_id).update(position=_ALONE)
    position = _make_room(draft, others, index)
    RoutingRule.objects.filter(pk=rule_id).update(position=position)
    _edited(draft, "rule_moved", actor=actor, now=now, rule=position, was_at=current.position)
    return position


@transaction.atomic
def replace_rules(
    number: int, rows: Sequence[RuleRow], *, edit: int, actor: Actor, now: datetime
) -> Differences:
    """A draft says exactly these rules, and what that changed. Raises Overtaken."""
    draft = locked_draft(number)
    same_edit(draft, edit)
    changes = rule_lists.differences(reading.rows(number), rows)
    names = rule_writing.names()
    RoutingRule.objects.filter(rule_set=draft).delete()
    write(draft, [rule_writing.unsaved(row, names) for row in rows])
    _edited(draft, "rules_replaced", actor=actor, now=now, rules=len(rows))
    return changes


def _as_seen(number: int, rule_id: int, seen: RuleRow) -> RuleRow:
    current = reading.rule_by_id(number, rule_id)
    if current is None:
        raise RuleGone
    if current.said != seen.said:
        raise RuleChanged(current)
    return current


def _index(positions: Sequence[int], before: int) -> int:
    if before not in positions:
        raise DomainError(f"There is no rule {before} to put it before", field="before")
    return positions.index(before)


def _make_room(draft: RuleSet, positions: Sequence[int], index: int) -> int:
    """A free number before the index; the rules that must go on are written first."""
    position, moves = rule_lists.room(positions, index)
    if moves:
        rules = RoutingRule.objects.filter(rule_set=draft, position__in=list(moves))
        rules.update(position=F("position") + _ASIDE)
        aside = RoutingRule.objects.filter(rule_set=draft, position__gt=_ASIDE, position__lt=_ALONE)
        moved = list(aside)
        for rule in moved:
            rule.position = moves[rule.position - _ASIDE]
        RoutingRule.objects.bulk_update(moved, ["position"], batch_size=500)
    return position


def _edited(draft: RuleSet, what: str, *, actor: Actor, now: datetime, **data: object) -> None:
    draft.version += 1
    draft.save(update_fields=["version"])
    plain = {
        key: rule_writing.plain(value) if isinstance(value, RuleRow) else value
        for key, value in data.items()
    }
    _record(what, draft, actor=actor, now=now, data=plain)


def _record(
    what: str, draft: RuleSet, *, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    audit.record(f"rules.{what}", actor=actor, target=f"rule_set:{draft.number}", at=now, data=data)
