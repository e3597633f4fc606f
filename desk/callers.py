"""Calls as the desk shows them: masked, with whom a number may belong to. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import customers.queries
import inbox.queries_calls
from accounts.permissions import Viewer
from customers.contact import shown
from customers.queries import Perhaps
from desk.forms_calls import CallerForm
from enquiries.queries.contacts import OpenContact
from inbox.queries_calls import CallOf, OnTheLine, Unreachable, Waiting

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
    """The call behind a contact, and what the agent may ask to learn who it is."""

    call: CallOf
    hint: Hint
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


def behind(who: Viewer, contact: OpenContact, *, now: datetime) -> Behind | None:
    """The call that a contact is; None where it is none."""
    call = inbox.queries_calls.of_contact(who, contact.public_id)
    if call is None:
        return None
    perhaps = customers.queries.perhaps(who, [call.caller_hash])
    over = call.ended_at or contact.ended_at or now
    return Behind(
        call=call,
        hint=_hint(perhaps.get(call.caller_hash, [])),
        waited=in_words(call.answered_at - call.rang_at) if call.answered_at else "",
        lasted=max(0, (over - call.answered_at) // timedelta(minutes=1))
        if call.answered_at
        else None,
    )


def context(
    who: Viewer, contact: OpenContact, form: CallerForm | None, *, now: datetime
) -> dict[str, object]:
    """What the page of a contact shows of its call; the number that they rang from need not be
    typed again."""
    found = behind(who, contact, now=now)
    number = found.call.number if found else ""
    return {
        "behind": found,
        "caller_form": form or CallerForm(auto_id="caller_%s"),
        "number": shown(number) if number else "",
    }


def in_words(span: timedelta) -> str:
    """2 min 5 s."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    if minutes and seconds:
        return f"{minutes} min {seconds} s"
    return f"{minutes} min" if minutes else f"{seconds} s"
