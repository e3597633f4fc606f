"""What kept an enquiry from being one stop: S1 outcome, S2 one stop, S3 no recontact, S4 no extra
effort, S5 stayed resolved. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from metrics.cases import Case
from metrics.facts import INFORM, Event
from metrics.left_forms import is_left
from metrics.linking import Link, takes_withdrawal_back
from metrics.sittings import is_warm

FRONT_DOOR, SERVICE, CONTENT, SYSTEM = "front_door", "service", "content", "system"

# Who is asked to mend a reason, where the event does not name anybody (R26).
_ALWAYS = {
    "clarification": CONTENT,
    "conflicting_answer": CONTENT,
    "abandoned_online": SYSTEM,
    "insufficient_capture": FRONT_DOOR,
    "repetition": FRONT_DOOR,
    "partner_return": FRONT_DOOR,
}
REASONS = frozenset(
    {*_ALWAYS, "signposting_or_transfer", "progress_chasing", "closed_too_early", "late"}
)


@dataclass(frozen=True, slots=True)
class Break:
    """One condition that failed: when, which, why, and whose it is to mend."""

    at: datetime
    condition: int
    reason: str
    owner: str


def earliest(breaks: Iterable[Break]) -> Break | None:
    """The break that gives reason and owner (R25)."""
    return min(breaks, key=lambda found: (found.at, found.condition), default=None)


def find(case: Case, links: Sequence[Link], until: datetime) -> list[Break]:
    """Every break at or before a moment, which is never later than the window's end (R32)."""
    events = [event for event in case.within() if event.at <= until]
    return [
        *_no_outcome(case, links, events, until),
        *_second_stop(case, links, events, until),
        *_recontacts(case, links, until),
        *_extra_effort(case, events),
        *_undone(case, events),
    ]


def _no_outcome(
    case: Case, links: Iterable[Link], events: list[Event], until: datetime
) -> list[Break]:
    """S1: an outcome, or a reasoned no; and in time (R28, R29, R31, R36, R37)."""
    found = [
        Break(event.at, 1, "clarification", _named(event) or SERVICE)
        for event in events
        if event.name == "decided_no" and not (event.flag("reason") and event.flag("next_step"))
    ]
    first = next((event for event in events if event.is_outcome), None)
    if first is None and _is_unsent(case, events):
        return found + _left_there(case, links, events, until)
    deadline = case.promise.deadline if case.promise else None
    settled = first.at if first else until
    if deadline is not None and settled > deadline:
        found.append(Break(deadline, 1, "late", _whose(case, deadline)))
    elif first is None and until == case.window_end:
        found += _never_settled(case, events, until)
    return found


def _is_unsent(case: Case, events: list[Event]) -> bool:
    """Whether nothing was ever sent to us, so that nobody promised anything about it."""
    if "submitted" in case.first.signals:
        return False
    pressed = not case.first.signals.isdisjoint({"article_no", "help_pressed"})
    return (
        case.is_unsent
        or (pressed and case.first.is_alone)
        or any(is_left(event) for event in events)
    )


def _left_there(
    case: Case, links: Iterable[Link], events: list[Event], until: datetime
) -> list[Break]:
    """A form that was left, help that nobody came for, an article that did not help (R9, R37)."""
    moved = any(link.elsewhere for link in links) or any(
        event.name == "channel_forced" for event in events
    )
    if moved or until != case.window_end:
        return []  # finished at another door, which is another stop; or not known before W ends
    given_up = [event for event in events if is_left(event)]
    if given_up:
        return [Break(given_up[-1].at, 1, "abandoned_online", SYSTEM)]
    if case.is_unsent:
        return [Break(case.ended, 1, "abandoned_online", SYSTEM)]
    if "article_no" in case.first.signals:
        return [Break(until, 1, "clarification", CONTENT)]
    return [Break(until, 1, "abandoned_online", SYSTEM)]


def _never_settled(case: Case, events: list[Event], until: datetime) -> list[Break]:
    if case.klass == INFORM and "article_no" in case.first.signals:
        return [Break(until, 1, "clarification", CONTENT)]  # they sent a form about another need
    again = max((event.at for event in events if takes_withdrawal_back(event)), default=None)
    closings = [
        event
        for event in events
        if event.name in ("closed", "withdrawn") and (again is None or event.at > again)
    ]
    if closings:
        owner = _named(closings[-1]) or _by(case, closings[-1].org)
        return [Break(until, 1, "closed_too_early", owner)]
    if case.promise is not None and case.is_accepted(until):
        return []  # accepted and not late when the window reached its cap (R31)
    return [Break(until, 1, "late", _whose(case, until))]


def _second_stop(
    case: Case, links: Iterable[Link], events: list[Event], until: datetime
) -> list[Break]:
    """S2: nobody had to go anywhere else (R9, R35, R41, R42)."""
    elsewhere = [
        Break(link.at, 2, "signposting_or_transfer", SYSTEM)
        for link in links
        if link.elsewhere and link.at <= until
    ]
    return elsewhere + [
        Break(event.at, 2, "signposting_or_transfer", _named(event) or _by(case, event.org))
        for event in events
        if event.name in ("told_to_contact", "channel_forced", "signposted")
        or (event.name == "transferred" and event.text("mode") and not is_warm(event.fields))
    ]


def _recontacts(case: Case, links: Iterable[Link], until: datetime) -> list[Break]:
    """S3: nobody had to come back (R23, R27)."""
    found = []
    for link in links:
        if link.counts and link.at <= until:
            reason = why(case, link)
            found.append(Break(link.at, 3, reason, _owner(case, reason, link.at)))
    return found


def why(case: Case, link: Link) -> str:
    """The reason of a recontact (R27)."""
    if link.avoidable in REASONS:
        return link.avoidable
    if link.kind == "chase":
        return "progress_chasing"
    return "repetition" if case.outcome(link.at) is None else "closed_too_early"


def _extra_effort(case: Case, events: list[Event]) -> list[Break]:
    """S4: we never went back for what we should have asked (R33)."""
    return [
        Break(event.at, 4, "insufficient_capture", _named(event) or FRONT_DOOR)
        for event in events
        if event.name == "info_requested" and not event.flag("unforeseeable")
    ]


def _undone(case: Case, events: list[Event]) -> list[Break]:
    """S5: it stayed resolved, and no partner gave it back for want of information (R24)."""
    found = []
    for event in events:
        if takes_withdrawal_back(event):
            continue
        if event.name == "reopened":
            owner = _named(event) or _owner(case, "closed_too_early", event.at)
            found.append(Break(event.at, 5, "closed_too_early", owner))
        elif event.name == "returned" and lacks_information(event.text("reason")):
            found.append(Break(event.at, 5, "partner_return", _named(event) or FRONT_DOOR))
    return found


def lacks_information(reason: str) -> bool:
    """Whether a referral came back because we had not told enough; no reason given is one."""
    return not reason or "insufficient" in reason or "information" in reason


def _owner(case: Case, reason: str, at: datetime) -> str:
    if reason in _ALWAYS:
        return _ALWAYS[reason]
    if reason == "closed_too_early":
        outcome = case.outcome(at)
        return _by(case, outcome.org) if outcome else _whose(case, at)
    if reason == "signposting_or_transfer":
        return FRONT_DOOR
    return _whose(case, at)


def _whose(case: Case, at: datetime) -> str:
    holder = case.holder(at)
    return SERVICE if holder is None else _by(case, holder)


def _by(case: Case, org: str | None) -> str:
    """The front door, or the partner by name."""
    if org is None or case.roles.get(org) == "front_door":
        return FRONT_DOOR
    return f"partner:{org}"


def _named(event: Event) -> str:
    return event.text("owner")
