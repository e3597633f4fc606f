"""What a rule would have done about the latest lines of the ledger, without doing it.

Cases are taken as they stand now, and are not touched. Bounded: so many lines of its kind, among
the newest of all.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from accounts.permissions import Permission, Viewer
from enquiries.case_facts import CaseFacts, LedgerLine
from enquiries.lifecycle import ENDED
from enquiries.queries import rule_facts
from teamwork import actions_rules, fighting, matching, queries_rules, ruling
from teamwork.actions_rules import Written
from teamwork.fighting import Fight
from teamwork.models import Rule, RuleVersion
from teamwork.queries_rules import LiveRule, NoSuchRule
from teamwork.recipes import Act

MOST = 1_000
SHOWN = 50
# What can be done to a case that has ended.
_AFTER_THE_END = frozenset({"note", "tell_team"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that would have set the rule off. `ended`: not all of it could be done now."""

    reference: str
    service: str
    at: datetime
    ended: bool
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Another rule that has to do with it: how often, and in which way, in words."""

    name: str
    times: int
    words: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would have been: of `looked` lines, since `since`, so many hits, and the first of them.

    `ended` of them have ended since; `cases` is how many cases they are of. `fights` are rules
    that undo what it does, whether that happened lately or not.
    """

    looked: int
    since: datetime | None
    times: int
    cases: int
    ended: int
    hits: tuple[Hit, ...]
    beside: tuple[Beside, ...]
    fights: tuple[Fight, ...] = ()


def dry_run(*, viewer: Viewer, rule: Rule, version: RuleVersion, now: datetime) -> DryRun:
    """Tries a version of a rule, kept or not, on the latest lines. Raises NoSuchRule."""
    if not (viewer.is_hub and viewer.may(Permission.WRITE_RULES)):
        raise NoSuchRule("There is no such rule")
    version.rule = rule
    tried = queries_rules.plain(version)
    trigger = matching.TRIGGERS[tried.trigger]
    lines = rule_facts.latest(trigger.types, most=MOST)
    lines = [line for line in lines if matching.sets_off(tried.trigger, line)]
    cases = rule_facts.facts((line.enquiry_id for line in lines), now=now)
    others = [o for o in queries_rules.live(timezone.localdate(now)) if o.rule != rule.pk]
    places = dict(
        Rule.objects.filter(pk__in=[o.rule for o in others]).values_list("pk", "position")
    )
    last = rule.position or max(places.values(), default=0) + 1
    before = [one for one in others if places[one.rule] < last]
    after = [one for one in others if places[one.rule] >= last]
    found = _tried(tried, before, after, lines, cases)
    return replace(found, fights=fighting.fights(tried, others))


def tried(*, viewer: Viewer, public_id: uuid.UUID | None, said: Written, now: datetime) -> DryRun:
    """Tries what somebody writes, before it is kept. Raises NoSuchRule, Refused."""
    version = actions_rules.checked(said, viewer=viewer, now=now)
    rule = Rule() if public_id is None else queries_rules.one(viewer, public_id)[0]
    rule.team_id = said.team_id
    return dry_run(viewer=viewer, rule=rule, version=version, now=now)


def _tried(
    tried: LiveRule,
    before: Sequence[LiveRule],
    after: Sequence[LiveRule],
    lines: Sequence[LedgerLine],
    cases: dict[int, CaseFacts],
) -> DryRun:
    is_open, beside = rule_facts.hours(), Counter[tuple[str, str]]()
    hits: list[tuple[LedgerLine, Hit]] = []
    for line in lines:
        case = cases.get(line.enquiry_id)
        if case is None or not ruling.fits(tried, case, line, is_open):
            continue
        earlier = _first(before, case, line, is_open)
        if earlier is not None:
            beside[earlier.name, "comes first and ends the turn: this rule would not have run"] += 1
            continue
        also = _also(tried, after, case, line, is_open)
        beside.update(also)
        is_late = case.status in ENDED and any(a.kind not in _AFTER_THE_END for a in tried.acts)
        names = tuple(f"{name} {words}" for name, words in also)
        hits.append((line, Hit(case.reference, case.service_name, line.at, is_late, names)))
    return DryRun(
        looked=len(lines),
        since=lines[-1].at if lines else None,
        times=len(hits),
        cases=len({line.enquiry_id for line, _ in hits}),
        ended=sum(hit.ended for _, hit in hits),
        hits=tuple(hit for _, hit in hits[:SHOWN]),
        beside=tuple(Beside(name, times, said) for (name, said), times in beside.most_common()),
    )


def _first(
    before: Sequence[LiveRule], case: CaseFacts, line: LedgerLine, is_open: ruling.Open
) -> LiveRule | None:
    """The rule before it that would have ended the turn."""
    for one in before:
        is_hit = matching.sets_off(one.trigger, line) and ruling.fits(one, case, line, is_open)
        if is_hit and not one.goes_on:
            return one
    return None


def _also(
    tried: LiveRule,
    after: Sequence[LiveRule],
    case: CaseFacts,
    line: LedgerLine,
    is_open: ruling.Open,
) -> list[tuple[str, str]]:
    """Rules after it that fit the same line, and what that means."""
    found = []
    for one in after:
        if not matching.sets_off(one.trigger, line) or not ruling.fits(one, case, line, is_open):
            continue
        if not tried.goes_on:
            found.append((one.name, "would no longer run: this rule ends the turn"))
            continue
        found.append((one.name, _clash(tried.acts, one.acts) or "runs after it as well"))
        if not one.goes_on:
            break
    return found


def _clash(ours: Sequence[Act], theirs: Sequence[Act]) -> str:
    """What two rules that both run would say differently; nothing where they agree."""
    mine = {act.kind: act for act in ours}
    for act in theirs:
        if "resolve" in mine and act.kind not in _AFTER_THE_END:
            return "fails after it: the case has ended by then"
        other = mine.get(act.kind)
        if other is not None and dict(other.data) != dict(act.data):
            return f"says otherwise about the same thing: {_ABOUT[act.kind]}"
    return ""


_ABOUT = {
    "service": "the service", "priority": "the priority", "team": "the team",
    "refer": "who it goes to", "note": "two notes", "tell_team": "two emails to teams",
    "reply": "two messages to the citizen", "ask": "two questions to the citizen",
    "resolve": "how it ends", "take": "who has it", "watch": "who watches it",
}  # fmt: skip
