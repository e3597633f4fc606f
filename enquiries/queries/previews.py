"""What a citizen would read, before it is sent: the words of the real message, by their own way."""

from __future__ import annotations

from dataclasses import dataclass

import notifications.queries
from enquiries.lifecycle import OUTCOME_WORDS, Outcome
from enquiries.models import Referral
from enquiries.queries.ways import way_of

# The secret link is the citizen's own: nobody else is shown it.
LINK = "(the link to their page)"
WAYS = {"sms": "text message", "email": "email"}


@dataclass(frozen=True, slots=True)
class Preview:
    """`way` is how they are told; nothing when nobody can be, and then `words` are bare.

    `cut` says that a text has room for a part of the words only.
    """

    way: str
    words: str
    cut: bool = False


def preview(referral: Referral, *, event: str, words: str, outcome: str = "") -> Preview:
    """The message of an event about the enquiry of a referral: resolved, asked or replied."""
    enquiry = referral.enquiry
    reach = way_of(enquiry)
    if reach is None:
        return Preview("", words)
    context = {
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "owner": referral.organisation.name,
        "track_url": LINK,
        "words": words,
        "question": words,
        "outcome_words": OUTCOME_WORDS[Outcome(outcome)] if outcome else "",
        "survey_url": LINK,
        "cancelled": "yes" if outcome == Outcome.WITHDRAWN.value else "",
    }
    said = notifications.queries.would_say(
        event=event,
        medium=reach.medium,
        context=context,
        organisation=referral.organisation.slug,
    )
    cut = reach.medium == "sms" and not notifications.queries.fits_a_text(words)
    return Preview(WAYS[reach.medium], said, cut)
