"""The life of an enquiry and of a referral. The tables are the machine; `manage.py lifecycle`
draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from core.errors import DomainError


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    REFERRED = "referred"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    ANSWERED = "answered"
    COMPLETED = "completed"
    FULFILLED = "fulfilled"
    DECIDED_NO = "decided_no"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    # A reader said that an answer did not help: the need ends here, and nobody had an outcome.
    UNANSWERED = "unanswered"


class Priority(StrEnum):
    """How much it presses. `emergency` is for danger to somebody now."""

    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class ClockKind(StrEnum):
    """What a clock measures (measures.md "Clocks"). `final` runs from a reopening (R48)."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    FINAL = "final"
    ACCEPT = "accept"
    WORK = "work"


class ClockState(StrEnum):
    """Running and paused are open; met, missed and void are decided once."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


class LinkKind(StrEnum):
    """How one enquiry belongs to another."""

    MERGED = "merged"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    FOLLOWS = "follows"


class Scan(StrEnum):
    """What is known of a file's safety. Where no scanner is set up, nothing waits for one."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class Settled(StrEnum):
    """What came of an enquiry that was held as possible spam."""

    GENUINE = "genuine"
    SPAM = "spam"
    BY_ITSELF = "by_itself"


class ReferralStatus(StrEnum):
    """Where the work that one organisation was offered stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETURNED = "returned"
    COMPLETED = "completed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class RejectReason(StrEnum):
    """Why an organisation does not take a referral."""

    OTHER_BODY = "other_body"
    OTHER_AREA = "other_area"
    NOT_A_DUTY = "not_a_duty"
    ALREADY_DONE = "already_done"
    SAME_REPORT = "same_report"
    NO_CAPACITY = "no_capacity"
    OTHER = "other"


REJECT_WORDS: dict[RejectReason, str] = {
    RejectReason.OTHER_BODY: "Another organisation does this",
    RejectReason.OTHER_AREA: "It is outside our area",
    RejectReason.NOT_A_DUTY: "Nobody has a duty to do this",
    RejectReason.ALREADY_DONE: "It has been done already",
    RejectReason.SAME_REPORT: "Another report covers it",
    RejectReason.NO_CAPACITY: "We cannot do it in the agreed time",
    RejectReason.OTHER: "Something else",
}

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.OPEN, Status.REFERRED, Status.RESOLVED}),
    Status.OPEN: frozenset({Status.REFERRED, Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED}),
    Status.REFERRED: frozenset({Status.OPEN, Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED}),
    Status.IN_PROGRESS: frozenset({Status.OPEN, Status.REFERRED, Status.WAITING, Status.RESOLVED}),
    Status.WAITING: frozenset({Status.OPEN, Status.REFERRED, Status.IN_PROGRESS, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.OPEN}),
}

REFERRAL_TRANSITIONS: dict[ReferralStatus, frozenset[ReferralStatus]] = {
    ReferralStatus.OFFERED: frozenset(
        {
            ReferralStatus.ACCEPTED,
            ReferralStatus.REJECTED,
            ReferralStatus.RETURNED,
            ReferralStatus.EXPIRED,
            ReferralStatus.WITHDRAWN,
        }
    ),
    ReferralStatus.ACCEPTED: frozenset(
        {
            ReferralStatus.COMPLETED,
            ReferralStatus.REJECTED,
            ReferralStatus.RETURNED,
            ReferralStatus.WITHDRAWN,
        }
    ),
    # What was settled stays as it was settled: work that goes on is a new offer.
    ReferralStatus.REJECTED: frozenset(),
    ReferralStatus.RETURNED: frozenset(),
    ReferralStatus.COMPLETED: frozenset(),
    ReferralStatus.EXPIRED: frozenset(),
    ReferralStatus.WITHDRAWN: frozenset(),
}

# What a citizen reads; translated where it is shown. Our words for our own steps stay behind the
# desk.
PUBLIC_WORDS: dict[Status, str] = {
    Status.NEW: _("Received"),
    Status.OPEN: _("Being looked at"),
    Status.REFERRED: _("Sent to the team that deals with it"),
    Status.IN_PROGRESS: _("In progress"),
    Status.WAITING: _("Waiting for you"),
    Status.RESOLVED: _("Done"),
    Status.CLOSED: _("Done"),
}

STAFF_WORDS: dict[Status, str] = {
    Status.NEW: "New",
    Status.OPEN: "Open",
    Status.REFERRED: "Referred",
    Status.IN_PROGRESS: "In progress",
    Status.WAITING: "Waiting for the citizen",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}

PRIORITY_WORDS: dict[Priority, str] = {
    Priority.NORMAL: "Normal",
    Priority.URGENT: "Urgent",
    Priority.EMERGENCY: "Emergency",
}

CLOCK_WORDS: dict[ClockKind, str] = {
    ClockKind.FIRST_RESPONSE: "First response",
    ClockKind.RESOLUTION: "Promise to the citizen",
    ClockKind.FINAL: "After it was opened again",
    ClockKind.ACCEPT: "Answer to the offer",
    ClockKind.WORK: "Work",
}

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.ANSWERED: _("Answered"),
    Outcome.COMPLETED: _("Done"),
    Outcome.FULFILLED: _("Provided"),
    Outcome.DECIDED_NO: _("Decided: no"),
    Outcome.SIGNPOSTED: _("For another body"),
    Outcome.WITHDRAWN: _("Withdrawn"),
    Outcome.DUPLICATE: _("Already reported"),
    Outcome.SPAM: _("Not taken on"),
    Outcome.UNANSWERED: _("Not answered"),
}

# What somebody can decide. That another report covers it is said by joining the two, which names
# the other; a partner gives it back to the hub for that. What is spam is said where it is held;
# that an answer did not help is its reader's to say.
NOT_DECIDED = (Outcome.DUPLICATE, Outcome.SPAM, Outcome.UNANSWERED)
DECISIONS = tuple(outcome for outcome in Outcome if outcome not in NOT_DECIDED)

REFERRAL_WORDS: dict[ReferralStatus, str] = {
    ReferralStatus.OFFERED: "Offered",
    ReferralStatus.ACCEPTED: "Accepted",
    ReferralStatus.REJECTED: "Rejected",
    ReferralStatus.RETURNED: "Sent back",
    ReferralStatus.COMPLETED: "Completed",
    ReferralStatus.EXPIRED: "Not answered in time",
    ReferralStatus.WITHDRAWN: "Taken back",
}

# Ended without work of ours: its clocks have no result, unless they had run out before (R49).
NOT_OUR_WORK = frozenset({Outcome.WITHDRAWN, Outcome.DUPLICATE, Outcome.SIGNPOSTED, Outcome.SPAM})
LIVE = frozenset({Status.NEW, Status.OPEN, Status.REFERRED, Status.IN_PROGRESS, Status.WAITING})
ENDED = frozenset({Status.RESOLVED, Status.CLOSED})


class NotNow(DomainError):
    """This may not happen in the state that the enquiry is in."""

    code = "not_in_this_state"


def check(current: Status, target: Status) -> None:
    """Raises NotNow unless the table lets an enquiry go from one status to the other."""
    if target not in TRANSITIONS[current]:
        raise NotNow(
            f"This enquiry is {STAFF_WORDS[current].lower()}, so it cannot become "
            f"{STAFF_WORDS[target].lower()}. Reload the page to see what happened"
        )


def check_referral(current: ReferralStatus | str, target: ReferralStatus | str) -> None:
    """Raises NotNow unless the table lets a referral go from one status to the other."""
    current, target = ReferralStatus(current), ReferralStatus(target)
    if target not in REFERRAL_TRANSITIONS[current]:
        raise NotNow(
            f"This referral is {REFERRAL_WORDS[current].lower()}, so it cannot become "
            f"{REFERRAL_WORDS[target].lower()}. Reload the page to see what happened"
        )


def drawing() -> str:
    """The tables as a Markdown page with a Mermaid diagram of each."""
    lines = [
        "# The life of an enquiry",
        "",
        "Drawn by `manage.py lifecycle` from `enquiries/lifecycle.py`. Do not edit by hand.",
        "",
        *_diagram(Status.NEW, TRANSITIONS, [Status.CLOSED]),
        "",
        "| status | staff read | citizens read |",
        "|---|---|---|",
    ]
    lines += [f"| `{s}` | {STAFF_WORDS[s]} | {PUBLIC_WORDS[s]} |" for s in Status]
    lines += ["", "| outcome of `resolved` | shown as |", "|---|---|"]
    lines += [f"| `{outcome}` | {words} |" for outcome, words in OUTCOME_WORDS.items()]
    lines += ["", "## The life of a referral", ""]
    settled = [status for status, targets in REFERRAL_TRANSITIONS.items() if not targets]
    lines += _diagram(ReferralStatus.OFFERED, REFERRAL_TRANSITIONS, settled)
    lines += ["", "| status | staff read |", "|---|---|"]
    lines += [f"| `{status}` | {words} |" for status, words in REFERRAL_WORDS.items()]
    return "\n".join(lines) + "\n"


def _diagram(
    first: StrEnum, table: Mapping[Any, Iterable[StrEnum]], last: Iterable[StrEnum]
) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for current, targets in table.items():
        lines += [f"    {current} --> {target}" for target in sorted(targets)]
    return [*lines, *(f"    {status} --> [*]" for status in last), "```"]
