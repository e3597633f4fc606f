"""By which ways the citizen of an enquiry may be told of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

import notifications.queries
import notifications.saying
from customers import queries_telling
from customers.ways import LETTER, Decision, Way, Why, Wish
from enquiries.models import Enquiry, TellingRule

# What is worth the price of a letter where nobody decided otherwise: what needs an answer, what
# we write to them, and how it ends. Who asked for letters hears that we have it, too.
LETTERS = frozenset({"asked", "replied", "resolved"})
LETTERS_CHOSEN = LETTERS | {"received"}
_CHOSEN = (Why.CHOSEN, Why.STANDING)
# What is not said another way: our answers to a text go where the text came from, codes and links
# of a moment end with it, and who is told elsewhere is told by those very messages.
NOT_AGAIN = frozenset({"link", "told_elsewhere", "told_here"})


def ways_of(enquiry: Enquiry, *, marketing: bool = False) -> Decision:
    """The best first: as they chose later, else as they came; or why nobody may be told."""
    if enquiry.person_id is None:
        return Decision((), Why.NOTHING_KNOWN)
    contact = enquiry.first_contact
    # Staff spoke with them and see what they gave us; before there was `given` nobody kept it.
    is_known = contact.agent_id is not None or not contact.given
    wish = Wish(
        prefer=enquiry.tell_by,
        first=enquiry.tell_to or contact.address_hash,
        given=None if is_known else frozenset(contact.given),
        marketing=marketing,
    )
    return queries_telling.decide(enquiry.person_id, wish)


def way_of(enquiry: Enquiry) -> Way | None:
    """Where its citizen is told at once; None for nobody, or by letter alone."""
    return ways_of(enquiry).after([LETTER])


def speaks_for(enquiry: Enquiry) -> str:
    """In whose name its citizen is told: whose words, and whose carriers."""
    return enquiry.owner.slug if enquiry.owner else ""


def is_worth(enquiry: Enquiry, event: str, way: Way, *, instead: bool) -> bool:
    """Whether an event may be told by a way, first or `instead` of one that failed.

    By the rule of who has the enquiry, else of the partnership, else by the default. Who asked for
    letters gets those that matter whatever the rule.
    """
    if way.medium != LETTER and not instead:
        return True
    if way.medium == LETTER and event in LETTERS_CHOSEN and way.why in _CHOSEN:
        return True
    ruled = TellingRule.objects.filter(event=event, medium=way.medium)
    found = {row.organisation_id: row.is_allowed for row in ruled}
    for whose in (enquiry.owner_id, None):
        if whose in found:
            return found[whose]
    return way.medium != LETTER or event in LETTERS


@dataclass(frozen=True, slots=True)
class Worth:
    """What is said again by text or email when the other failed, and what is worth a letter.

    `is_own`: decided here, and not taken over from the partnership or from the product.
    """

    again: frozenset[str]
    letter: frozenset[str]
    is_own: bool


def events_of_rules() -> list[str]:
    """What citizens are told that has words for more than one medium, as editors order it."""
    return [
        event
        for event in notifications.saying.SAYINGS
        if event not in NOT_AGAIN
        and notifications.queries.is_for_citizens(event)
        and notifications.queries.can_say(event, LETTER)
    ]


def worth(organisation_id: int | None) -> Worth:
    """The rules of one organisation, or of the partnership (None), as they hold now."""
    rows = TellingRule.objects.filter(
        Q(organisation_id=None) | Q(organisation_id=organisation_id)
    ).order_by(F("organisation_id").asc(nulls_first=True))
    again, letter = set(events_of_rules()), set(LETTERS)
    for row in rows:
        where = letter if row.medium == LETTER else again
        (where.add if row.is_allowed else where.discard)(row.event)
    own = any(row.organisation_id == organisation_id for row in rows)
    return Worth(frozenset(again), frozenset(letter), own)
