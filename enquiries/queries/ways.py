"""By which ways the citizen of an enquiry may be told of it."""

from __future__ import annotations

from customers import queries_telling
from customers.ways import LETTER, Decision, Way, Why, Wish
from enquiries.models import Enquiry, TellingRule

# What is worth the price of a letter where nobody decided otherwise: what needs an answer, what
# we write to them, and how it ends. Who asked for letters hears that we have it, too.
LETTERS = frozenset({"asked", "replied", "resolved"})
LETTERS_CHOSEN = LETTERS | {"received", "several"}
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

    By the rule of who has the enquiry, else of the partnership, else by the default.
    """
    if way.medium != LETTER and not instead:
        return True
    ruled = TellingRule.objects.filter(event=event, medium=way.medium)
    found = {row.organisation_id: row.is_allowed for row in ruled}
    if enquiry.owner_id in found:
        return found[enquiry.owner_id]
    if None in found:
        return found[None]
    if way.medium != LETTER:
        return True
    return event in (LETTERS_CHOSEN if way.why in (Why.CHOSEN, Why.STANDING) else LETTERS)
