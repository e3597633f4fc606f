"""What can be done to many cases together, each by the same action as by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.permissions import Permission, Viewer
from enquiries.actions import assignments, links, notices, recounts, replies, resolutions
from enquiries.lifecycle import Outcome, Priority
from teamwork import macro_run, queries_macros, together_words

Data = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One of them: who may, and the one call."""

    permission: Permission
    call: Callable[[str, Viewer, Data, datetime], object]
    # Whether it joins a case to the one that is named in its data.
    ties: bool = False


def _take(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    assignments.take(reference=reference, viewer=who, now=now)


def _assign(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    assignments.assign(reference=reference, viewer=who, to_id=int(data["colleague"]), now=now)


def _priority(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    recounts.set_priority(
        reference=reference,
        viewer=who,
        priority=Priority(data["priority"]),
        words=data["words"],
        now=now,
    )


def _reply(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    words = together_words.words_for(together_words.TELL, reference, who, data["words"], now)
    replies.reply(reference=reference, viewer=who, words=words, now=now)


def _link(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    links.link_duplicate(reference=reference, to=data["other"], viewer=who, now=now)


def _notice(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    notices.follow_by_hand(reference=reference, viewer=who, notice=UUID(data["notice"]), now=now)


def _close(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    resolutions.resolve(
        reference=reference,
        viewer=who,
        outcome=Outcome(data["outcome"]),
        words=together_words.words_for(together_words.CLOSE, reference, who, data["words"], now),
        next_step=data.get("next_step", ""),
        now=now,
    )


def _macro(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    macro = queries_macros.one(who, UUID(data["macro"]))
    macro_run.run(
        viewer=who, reference=reference, macro=macro, now=now, version=int(data["version"])
    )


ACTS: dict[str, Act] = {
    "take": Act(Permission.TRIAGE, _take),
    "assign": Act(Permission.TRIAGE, _assign),
    "priority": Act(Permission.TRIAGE, _priority),
    "reply": Act(Permission.RESOLVE, _reply),
    "link": Act(Permission.RESOLVE, _link, ties=True),
    "notice": Act(Permission.RESOLVE, _notice),
    "close": Act(Permission.RESOLVE, _close),
    # What each of its acts needs is asked of each.
    "macro": Act(Permission.TRIAGE, _macro),
}
