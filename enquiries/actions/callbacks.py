"""Somebody is rung back at a time that they choose, while somebody is there to ring them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction

import accounts.queries
import inbox.actions_wanted
from accounts.permissions import Viewer
from core import live
from core.errors import DomainError
from customers.contact import read_phone
from enquiries import clocks
from enquiries.actions import contacts
from enquiries.models import Contact

FURTHEST = timedelta(days=14)
# What is said to be rung "now" is a matter of minutes.
_NO_LATER_THAN_NOW = timedelta(minutes=2)


class NotThen(DomainError):
    code = "callback_not_then"
    field = "at"


@transaction.atomic
def ask(*, public_id: uuid.UUID, viewer: Viewer, number: str, at: datetime, now: datetime) -> None:
    """Puts whoever this contact is with on the list of callbacks for that time.

    Raises NoSuchContact, ContactClosed, NotAPhoneNumber, NotThen.
    """
    contact = contacts.held(viewer, public_id)
    dialled = read_phone(number)
    _somebody_is_there(at, now=now)
    inbox.actions_wanted.want(
        number=dialled, at=at, asked_in=contact.public_id, viewer=viewer, now=now
    )


@transaction.atomic
def move(*, public_id: uuid.UUID, viewer: Viewer, at: datetime, now: datetime) -> None:
    """Who chose a time is rung at another; `public_id` is their line of the list.

    Raises NoSuchCall, CallbackOver, CallTaken, NoTime, NotThen.
    """
    _somebody_is_there(at, now=now)
    inbox.actions_wanted.move(public_id=public_id, at=at, viewer=viewer, now=now)


def _somebody_is_there(at: datetime, *, now: datetime) -> None:
    if at < now - _NO_LATER_THAN_NOW:
        raise NotThen("That time has passed. Choose a later one")
    if at > now + FURTHEST:
        raise NotThen("Choose a time in the next 14 days")
    day = clocks.london_date(at)
    spans = _hours().spans(day)
    if not any(opens <= at < closes for opens, closes in spans):
        raise NotThen(_when_we_are_there(day, spans))


def caller(number: str) -> str:
    """Whose callback one for this number is. Raises NotAPhoneNumber."""
    return inbox.actions_wanted.caller(read_phone(number))


@transaction.atomic
def take_back(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """They need not be rung after all. Raises NoSuchContact, ContactClosed."""
    contacts.held(viewer, public_id)
    inbox.actions_wanted.not_wanted(asked_in=public_id, viewer=viewer, now=now)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Says once of each that its time has come, to who took it or who was asked for it. Returns of
    how many."""
    due = inbox.actions_wanted.remind(now=now)
    asked = [contact for taken, contact in due if taken is None and contact is not None]
    rows = Contact.objects.filter(public_id__in=asked, agent__isnull=False).order_by()
    agents = {taken for taken, _contact in due if taken is not None}
    for agent in sorted(agents | set(rows.values_list("agent_id", flat=True))):
        live.say(f"staff:{agent}", {"what": "ring"})
    return len(due)


def _hours() -> clocks.Calendar:
    calendar = clocks.Calendar.from_json(accounts.queries.hub().calendar)
    return calendar if calendar.hours or calendar.round_the_clock else clocks.OFFICE


def _when_we_are_there(day: date, spans: list[clocks.Span]) -> str:
    if not spans:
        return "We are closed that day. Choose another"
    said = " and ".join(f"{_clock(opens)} to {_clock(closes)}" for opens, closes in spans)
    return f"Nobody is there then: that day we ring from {said}"


def _clock(moment: datetime) -> str:
    return moment.astimezone(clocks.LONDON).strftime("%H:%M")


def days(*, now: datetime) -> list[date]:
    """The next days on which somebody can be rung, today first while there is time."""
    hours, day, found = _hours(), clocks.london_date(now), list[date]()
    while len(found) < 6 and day <= clocks.london_date(now + FURTHEST):
        if any(closes > now for _opens, closes in hours.spans(day)):
            found.append(day)
        day += timedelta(days=1)
    return found
