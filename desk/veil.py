"""What the page of a call may say of somebody before they have proved who they are.

A caller is somebody whose number we know, or who says a name: neither proves anything. Until they
have answered the questions of everybody, the page holds no more of them than a masked name; and
of an enquiry whose service asks more, nothing until that is answered too. Where the agent opened
the contact by hand, what administrators chose is asked, and nothing else. Reads only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import customers.calling
import inbox.queries_calls
import inbox.queries_checks
import kb.queries
from accounts.permissions import Viewer
from customers.queries import PersonRow
from desk.finding import Doubt
from enquiries.channels import Channel
from enquiries.queries import proving
from enquiries.queries.contacts import OpenContact
from inbox.questions import EVERYBODY, SENSITIVE, Asked, asked, service_of

# What may be done for a caller who proves nothing.
STILL = (
    "Nothing of theirs is shown. You can still give general answers, and take a new report "
    "without a name"
)


@dataclass(frozen=True, slots=True)
class More:
    """Enquiries that wait behind questions of their own."""

    scope: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Veil:
    """How much of a caller is covered: all of them (`is_shut`), or some of their enquiries."""

    person: uuid.UUID
    is_shut: bool
    tries_left: int
    more: tuple[More, ...] = ()


def _asks_everybody(who: Viewer, contact: OpenContact, sets: Iterable[Asked]) -> bool:
    """Whether a caller has to prove who they are before anything of them is shown: whoever rang at
    one of our telephones, and wherever administrators chose what everybody is asked."""
    if any(one.scope == EVERYBODY for one in sets):
        return True
    return inbox.queries_calls.of_contact(who, contact.public_id) is not None


def _known_before(contact: OpenContact) -> bool:
    person = contact.person
    return person is not None and customers.calling.known_since(person.id) < contact.started_at


@dataclass(frozen=True, slots=True)
class Covered(OpenContact):
    """A contact as its page may show it, with what is covered of it."""

    veil: Veil | None = None


def of(contact: OpenContact) -> Veil | None:
    """What is covered of a contact; None for nothing to prove."""
    return contact.veil if isinstance(contact, Covered) else None


def cover(who: Viewer, contact: OpenContact) -> OpenContact:
    """The contact as its page may show it: of its person no more than they proved."""
    person = contact.person
    if person is None or contact.channel != Channel.PHONE.value:
        return contact
    sets = inbox.queries_checks.sets()
    is_shut = _asks_everybody(who, contact, sets)
    if not (is_shut or sets) or not _known_before(contact):
        return contact
    checked = inbox.queries_checks.of_contact(contact.public_id)
    if is_shut and not checked.has_passed(person.public_id, asked(sets)):
        masked = replace(contact, person=customers.calling.masked(person), earlier=())
        return _covered(masked, Veil(person.public_id, True, checked.tries_left))
    chosen = {one.scope for one in sets}
    needed = proving.scopes([one.reference for one in contact.earlier]) if sets else {}
    shut = {
        reference: questions
        for reference, questions in needed.items()
        if (is_shut or questions.scope in chosen)
        and not checked.has_passed(person.public_id, questions)
    }
    shown = tuple(one for one in contact.earlier if one.reference not in shut)
    more = tuple(_more(shut.values()))
    veil = Veil(person.public_id, False, checked.tries_left, more)
    return _covered(replace(contact, earlier=shown), veil)


def _covered(contact: OpenContact, veil: Veil) -> Covered:
    kept = {one.name: getattr(contact, one.name) for one in fields(contact)}
    return Covered(**kept, veil=veil)


def by_name_alone(contact: OpenContact) -> bool:
    """Whether whoever is found for a contact opened by hand is shown by name and no more."""
    if contact.channel != Channel.PHONE.value or contact.ended_at is not None:
        return False
    return any(one.scope == EVERYBODY for one in inbox.queries_checks.sets())


def found(people: object, doubt: object) -> dict[str, object]:
    """Those who are found for somebody on the telephone, or are alike: by name, and no more."""
    if not isinstance(people, Iterable):
        raise TypeError("people found are several")
    rows = [customers.calling.named(one) for one in people if isinstance(one, PersonRow)]
    if not isinstance(doubt, Doubt):
        return {"people": rows, "doubt": None}
    alike = [replace(one, person=customers.calling.named(one.person)) for one in doubt.likely]
    return {"people": rows, "doubt": replace(doubt, likely=tuple(alike))}


def _more(shut: Iterable[Asked]) -> list[More]:
    numbers: dict[str, int] = {}
    for one in shut:
        numbers[one.scope] = numbers.get(one.scope, 0) + 1
    return [More(scope, scope_words(scope), number) for scope, number in sorted(numbers.items())]


def scope_words(scope: str) -> str:
    """Whose questions they are, in words."""
    if scope == EVERYBODY:
        return "Everybody"
    if scope == SENSITIVE:
        return "Sensitive services"
    service = kb.queries.service(service_of(scope))
    return service.name if service is not None else service_of(scope)
