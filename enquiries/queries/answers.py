"""The answers to a service's questions in words, as staff read them."""

from __future__ import annotations

from collections.abc import Sequence

from enquiries.models import Enquiry
from kb import questions
from kb.questions import Said

__all__ = ["Said", "in_words", "says_more"]


def in_words(enquiry: Enquiry) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked."""
    if not enquiry.answers:
        return []
    return questions.in_words(enquiry.service, enquiry.answers, enquiry.form_id)


def says_more(enquiry: Enquiry, said: Sequence[Said] | None = None) -> bool:
    """Whether the words of an enquiry say anything that its answers do not (`said`, where the
    caller has them).

    Where a form asks for no words, intake puts the answers in their place.
    """
    known = in_words(enquiry) if said is None else said
    words = "\n".join(f"{one.question} {one.answer}" for one in known if one.answer)
    return enquiry.description.strip() != words
