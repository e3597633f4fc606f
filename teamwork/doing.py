"""Does the acts of macros and rules, each by the same action as by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

import customers.queries
import enquiries.queries.desk
from accounts.colleagues import at_the_desk
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from enquiries.actions import (
    assignments,
    recounts,
    referrals,
    replies,
    resolutions,
    teams,
    triage,
    watching,
)
from enquiries.actions.telling import day_words
from enquiries.lifecycle import Outcome, Priority
from enquiries.queries.desk import Case
from teamwork import actions_tasks, filling, recipes
from teamwork.recipes import Act


class MayNot(DomainError):
    """Whoever uses the macro may not do this by hand either."""

    code = "macro_may_not"


@dataclass(frozen=True, slots=True)
class Doing:
    """One act on one case: who does it, and what is known of the case."""

    reference: str
    who: Viewer
    facts: Mapping[str, str]
    now: datetime

    def words(self, act: Act, name: str = "words") -> str:
        """Words of an act with what is known in their places."""
        return filling.filled(act.data.get(name, ""), self.facts)


def _service(one: Doing, act: Act) -> None:
    service = act.data["service"]
    triage.place(reference=one.reference, viewer=one.who, service=service, now=one.now)


def _priority(one: Doing, act: Act) -> None:
    recounts.set_priority(
        reference=one.reference, viewer=one.who, priority=Priority(act.data["priority"]),
        words=one.words(act), now=one.now,
    )  # fmt: skip


def _take(one: Doing, act: Act) -> None:
    assignments.take(reference=one.reference, viewer=one.who, now=one.now)


def _watch(one: Doing, act: Act) -> None:
    watching.watch(reference=one.reference, viewer=one.who, now=one.now)


def _team(one: Doing, act: Act) -> None:
    team = int(act.data["team"])
    teams.give(reference=one.reference, viewer=one.who, team_id=team, now=one.now)


def _refer(one: Doing, act: Act) -> None:
    referrals.offer(
        reference=one.reference, viewer=one.who, organisation=act.data["organisation"],
        reason=one.words(act, "reason")[:300], now=one.now,
    )  # fmt: skip


def _note(one: Doing, act: Act) -> None:
    replies.note(reference=one.reference, viewer=one.who, words=one.words(act), now=one.now)


def _checklist(one: Doing, act: Act) -> None:
    actions_tasks.take_list(case=_case(one), now=one.now)


def _task(one: Doing, act: Act) -> None:
    case = _case(one)
    days = int(act.data.get("days") or 0)
    has_it = case.enquiry.assignee_id
    actions_tasks.add(
        case=case, words=one.words(act)[: actions_tasks.MOST_WORDS],
        due_on=timezone.localdate(one.now) + timedelta(days=days) if days else None,
        staff_id=has_it if has_it in at_the_desk() else None, now=one.now,
    )  # fmt: skip


def _case(one: Doing) -> Case:
    """The case as the acts before have left it."""
    return enquiries.queries.desk.case(one.who, one.reference, now=one.now)


def _tell_team(one: Doing, act: Act) -> None:
    teams.tell(
        reference=one.reference, viewer=one.who, team_id=int(act.data["team"]),
        words=one.words(act), now=one.now,
    )  # fmt: skip


def _reply(one: Doing, act: Act) -> None:
    replies.reply(reference=one.reference, viewer=one.who, words=one.words(act), now=one.now)


def _ask(one: Doing, act: Act) -> None:
    replies.ask(
        reference=one.reference, viewer=one.who, question=one.words(act),
        unforeseeable=act.data.get("unforeseeable") == recipes.YES, now=one.now,
    )  # fmt: skip


def _resolve(one: Doing, act: Act) -> None:
    resolutions.resolve(
        reference=one.reference, viewer=one.who, outcome=Outcome(act.data["outcome"]),
        words=one.words(act), next_step=one.words(act, "next_step"), now=one.now,
    )  # fmt: skip


# What each needs by hand (desk.acts), and how it is done.
ACTS: Mapping[str, tuple[Permission, Callable[[Doing, Act], None]]] = {
    "service": (Permission.TRIAGE, _service),
    "priority": (Permission.TRIAGE, _priority),
    "take": (Permission.TRIAGE, _take),
    "watch": (Permission.SEE_QUEUE, _watch),
    "team": (Permission.TRIAGE, _team),
    "refer": (Permission.REFER, _refer),
    "note": (Permission.RESOLVE, _note),
    "checklist": (Permission.TRIAGE, _checklist),
    "task": (Permission.TRIAGE, _task),
    "tell_team": (Permission.TRIAGE, _tell_team),
    "reply": (Permission.RESOLVE, _reply),
    "ask": (Permission.RESOLVE, _ask),
    "resolve": (Permission.RESOLVE, _resolve),
}


def do(act: Act, one: Doing) -> None:
    """Does one act. Raises MayNot, and whatever its action refuses."""
    permission, work = ACTS[act.kind]
    if not one.who.may(permission):
        raise MayNot("You may not do this by hand either")
    work(one, act)


def facts_of(who: Viewer, case: Case) -> dict[str, str]:
    """What stands in the places of words. Nobody's name for who may not see people."""
    enquiry = case.enquiry
    person = ""
    if enquiry.person_id is not None and who.may(Permission.SEE_PEOPLE):
        person = customers.queries.names([enquiry.person_id]).get(enquiry.person_id, "")
    return {
        "name": person,
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "organisation": enquiry.owner.name if enquiry.owner else "",
        "promised": day_words(enquiry.promised_on),
        "expected": day_words(enquiry.expected_on),
        "place": enquiry.address or enquiry.postcode,
        "team": enquiry.team.name if enquiry.team else "",
        "agent": who.name,
    }
