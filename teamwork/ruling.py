"""Rules at work: the ledger is read on, and each line that some rule waits for is gone through.

Reading and doing are apart. Reading moves the cursor and writes down, in one transaction, which
lines some rule fits; a line is then gone through in a transaction of its own that holds its case,
writes what each rule did and takes the line away. Whatever is killed between two lines is done by
the next run; a line is never gone through twice by one version of a rule (RuleRun).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.utils import timezone

from enquiries.case_facts import CaseFacts, LedgerLine
from enquiries.queries import rule_facts
from teamwork import matching, queries_rules, rule_acts
from teamwork.models import RuleCursor, RuleEvent, RuleRun
from teamwork.queries_rules import LiveRule

# Whether the hub is open at a moment.
Open = Callable[[datetime], bool]
LEDGER = "ledger"
PAGE = 2_000
# A run ends before the next one begins to wait for it.
SECONDS = 20.0
# A case that was told just now is routed first, for so long; and after a fault one waits so long.
ROUTED_WITHIN = timedelta(minutes=2)
AGAIN_IN = timedelta(seconds=3)
MOST_ATTEMPTS = 10
# What lay unread for longer than this is history: nobody is told today of what happened then.
TOO_OLD = timedelta(days=1)

log = structlog.get_logger(__name__)


def run(*, now: datetime) -> int:
    """Reads on and does what waits; returns how many lines were gone through."""
    until = time.monotonic() + SECONDS
    read(now=now)
    return work(now=now, until=until)


def read(*, now: datetime) -> int:
    """Writes down which new lines of the ledger some rule fits; returns how many.

    Does nothing while another process is at it.
    """
    found = 0
    while True:
        with transaction.atomic():
            cursor = _cursor(now)
            if cursor is None:
                return found
            rules = queries_rules.live(timezone.localdate(now))
            if not rules:
                _keep(cursor, rule_facts.end_of_ledger(), now)
                return found
            types = {kind for one in rules for kind in matching.TRIGGERS[one.trigger].types}
            lines, reached, is_more = rule_facts.lines_since(cursor.value, types, limit=PAGE)
            found += _write_down(lines, rules, now)
            _keep(cursor, reached, now)
        if not is_more:
            return found


def _cursor(now: datetime) -> RuleCursor | None:
    """Where the rules have come to, held; at first the end: what was before is nobody's rule."""
    if not RuleCursor.objects.filter(name=LEDGER).exists():
        RuleCursor.objects.get_or_create(
            name=LEDGER, defaults={"value": rule_facts.end_of_ledger(), "moved_at": now}
        )
    return RuleCursor.objects.select_for_update(skip_locked=True).filter(name=LEDGER).first()


def _keep(cursor: RuleCursor, reached: str, now: datetime) -> None:
    if reached != cursor.value:
        RuleCursor.objects.filter(pk=cursor.pk).update(value=reached, moved_at=now)


def _write_down(lines: list[LedgerLine], rules: list[LiveRule], now: datetime) -> int:
    """Lines that a rule fits as its case is now: the rest is nobody's, and costs nothing more."""
    news = [line for line in lines if now - line.at < TOO_OLD]
    awaited = [line for line in news if any(waits_for(one, line) for one in rules)]
    if not awaited:
        return 0
    is_open = rule_facts.hours()
    cases = rule_facts.facts((line.enquiry_id for line in awaited), now=now)
    rows = [
        RuleEvent(event=line.id, enquiry_id=line.enquiry_id, not_before=now)
        for line in awaited
        if line.enquiry_id in cases and _perhaps(rules, cases[line.enquiry_id], line, is_open)
    ]
    RuleEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def waits_for(one: LiveRule, line: LedgerLine) -> bool:
    """Whether a line may set a rule off: of its kind, and written since the rule says so."""
    return matching.sets_off(one.trigger, line) and line.recorded_at >= one.since


def fits(one: LiveRule, case: CaseFacts, line: LedgerLine, is_open: Open) -> bool:
    """Whether a rule holds of a case of its team."""
    return (one.team is None or one.team == case.team) and matching.holds(
        one.conditions, case, line, is_working=is_open
    )


def _perhaps(rules: list[LiveRule], case: CaseFacts, line: LedgerLine, is_open: Open) -> bool:
    """Whether to look again: a case that is not routed yet may become some team's."""
    if _is_unrouted(case, line):
        return True
    return any(waits_for(one, line) and fits(one, case, line, is_open) for one in rules)


def _is_unrouted(case: CaseFacts, line: LedgerLine) -> bool:
    return case.status == "new" and matching.sets_off("received", line)


def work(*, now: datetime, until: float) -> int:
    """Goes through what waits, oldest first; returns how many lines. Any number may do it."""
    done = 0
    while time.monotonic() < until:
        waiting = list(
            RuleEvent.objects.filter(not_before__lte=now)
            .order_by("pk")
            .values_list("pk", "enquiry_id")[:100]
        )
        if not waiting:
            return done
        gone = sum(_attempt(pk, enquiry, now=now) for pk, enquiry in waiting)
        done += gone
        if not gone:
            return done
    return done


def _attempt(pk: int, enquiry: int, *, now: datetime) -> bool:
    """Goes through the oldest line of a case; one that breaks waits, and others go on."""
    try:
        return _go_through(enquiry, now=now)
    except (DatabaseError, InterfaceError):
        log.exception("rules.broke", waiting=pk)
        row = RuleEvent.objects.filter(pk=pk)
        row.update(attempts=F("attempts") + 1, not_before=now + AGAIN_IN)
        if row.filter(attempts__gte=MOST_ATTEMPTS).delete()[0]:
            log.exception("rules.gave_up", waiting=pk)
        return False


@transaction.atomic
def _go_through(enquiry: int, *, now: datetime) -> bool:
    """All rules about the oldest line of a case that waits, under the lock of the case."""
    case = rule_facts.held(enquiry, now=now)
    row = RuleEvent.objects.select_for_update().filter(enquiry_id=enquiry).order_by("pk").first()
    if row is None or row.not_before > now:
        return False
    line = rule_facts.lines([row.event]).get(row.event)
    if case is None or line is None:
        row.delete()
        return True
    if _is_unrouted(case, line) and not case.is_held and now - line.recorded_at < ROUTED_WITHIN:
        RuleEvent.objects.filter(pk=row.pk).update(not_before=now + AGAIN_IN)
        return False
    _all_rules(case, line, now=now)
    row.delete()
    return True


def _all_rules(case: CaseFacts, line: LedgerLine, *, now: datetime) -> None:
    """Each rule in order, as the case is after those before it, until one ends the turn."""
    rules = [r for r in queries_rules.live(timezone.localdate(now)) if waits_for(r, line)]
    is_open = rule_facts.hours()
    gone = set(
        RuleRun.objects.filter(event=line.id, version_id__in=[r.version for r in rules])
        .values_list("version_id", flat=True)
    )  # fmt: skip
    for one in rules:
        if one.version in gone or not fits(one, case, line, is_open):
            continue
        why = "" if now - line.recorded_at < TOO_OLD else "It happened too long ago"
        outcome = rule_acts.carry_out(one, case, line, stopped=why, now=now)
        if outcome == "done":
            if not one.goes_on:
                return
            case = rule_facts.facts([case.id], now=now)[case.id]
