"""Calls as the desk shows them: masked, with whom a number may belong to. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import customers.queries
import inbox.queries_calls
import inbox.queries_checks
import inbox.queries_lines
from accounts.permissions import Viewer
from customers.contact import shown
from customers.queries import Perhaps
from desk import veil
from desk.forms_calls import CallerForm
from enquiries.queries import candidates
from enquiries.queries.candidates import Callers, Candidate
from enquiries.queries.contacts import OpenContact
from inbox.queries_calls import CallOf, OnTheLine, Unreachable, Waiting
from inbox.queries_lines import Ring

# So many of those who share a number are named; the rest are counted.
MOST_NAMED = 4
# Calls that nobody can ring back are counted over so long.
COUNTED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Hint:
    """Whom a number may belong to: some of them masked, and how many more."""

    named: tuple[Perhaps, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """A call or a line of the list, with its hint and how long they waited in words."""

    call: Waiting | OnTheLine
    hint: Hint
    waited: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The call behind a contact, who it may be, and whom of them the agent has picked."""

    call: CallOf
    callers: Callers
    picked: Candidate | None
    waited: str
    lasted: int | None


def _hint(found: list[Perhaps]) -> Hint:
    return Hint(tuple(found[:MOST_NAMED]), max(0, len(found) - MOST_NAMED))


def _rows(who: Viewer, calls: list[Waiting] | list[OnTheLine]) -> list[Row]:
    perhaps = customers.queries.perhaps(who, [one.caller_hash for one in calls])
    return [
        Row(one, _hint(perhaps.get(one.caller_hash, [])), in_words(one.waited)) for one in calls
    ]


def waiting(who: Viewer, *, now: datetime) -> list[Row]:
    """Who waits to be rung back, the longest first."""
    return _rows(who, inbox.queries_calls.callbacks(who, now=now))


def on_the_line(who: Viewer, *, now: datetime) -> list[Row]:
    """Answered calls that are nobody's yet, the latest first."""
    return _rows(who, inbox.queries_calls.on_the_line(who, now=now))


def unreachable(who: Viewer, *, now: datetime) -> Unreachable:
    """Calls of the last days that nobody can, or need, ring back."""
    return inbox.queries_calls.unreachable(who, since=now - COUNTED)


def behind(who: Viewer, contact: OpenContact, picked: str, *, now: datetime) -> Behind | None:
    """The call that a contact is; None where it is none."""
    call = inbox.queries_calls.of_contact(who, contact.public_id)
    if call is None:
        return None
    digest = "" if contact.person else call.caller_hash
    found = candidates.callers(who, digest, now=now, most=MOST_NAMED)
    over = call.ended_at or contact.ended_at or now
    return Behind(
        call=call,
        callers=found,
        picked=next((one for one in found.likely if str(one.public_id) == picked), None),
        waited=in_words(call.answered_at - call.rang_at) if call.answered_at else "",
        lasted=max(0, (over - call.answered_at) // timedelta(minutes=1))
        if call.answered_at
        else None,
    )


def context(
    who: Viewer,
    contact: OpenContact,
    form: CallerForm | None,
    *,
    picked: str,
    scope: str,
    now: datetime,
) -> dict[str, object]:
    """What the page of a contact shows of its call: who it may be, what is covered and the
    questions that uncover it. The number that they rang from need not be typed again."""
    found = behind(who, contact, picked, now=now)
    number = found.call.number if found else ""
    return {
        "behind": found,
        "caller_form": form or asking(scope, found.picked if found else None),
        "tries_left": inbox.queries_checks.of_contact(contact.public_id).tries_left
        if found or veil.of(contact)
        else 0,
        "number": shown(number) if number else "",
        "still": veil.STILL,
    }


def asking(scope: str, picked: Candidate | None = None) -> CallerForm:
    """The questions of a scope, empty; everybody's where there is no such scope."""
    asked = inbox.queries_checks.by_scope(scope) or inbox.queries_checks.for_service()
    initial = {"scope": asked.scope, "person": picked.public_id if picked else None}
    form = CallerForm(initial=initial, auto_id="caller_%s", asked=asked)
    if picked is not None:
        # Whoever picked somebody asks them next.
        form.fields[asked.questions[0].value].widget.attrs["autofocus"] = True
    return form


@dataclass(frozen=True, slots=True)
class Popped:
    """A call at the agent's telephone, with who it may be and how long they waited."""

    ring: Ring
    callers: Callers
    is_withheld: bool


def popped(who: Viewer, *, now: datetime) -> list[Popped]:
    """The calls at this agent's own telephone, and nobody else's."""
    return [
        Popped(
            ring=one,
            callers=candidates.callers(who, one.caller_hash, now=now, most=MOST_NAMED),
            is_withheld=not one.caller_hash,
        )
        for one in inbox.queries_lines.at_mine(who, now=now)
    ]


def in_words(span: timedelta) -> str:
    """2 min 5 s."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    if minutes and seconds:
        return f"{minutes} min {seconds} s"
    return f"{minutes} min" if minutes else f"{seconds} s"
