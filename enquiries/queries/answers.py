"""The answers to a service's questions in words, as staff read them."""

from __future__ import annotations

from enquiries.models import Enquiry
from kb import questions
from kb.questions import Said

__all__ = ["Said", "in_words", "says_more"]


def in_words(enquiry: Enquiry) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked."""
    if not enquiry.answers:
        return []
    return questions.in_words(enquiry.service, enquiry.answers, enquiry.form_id)


def says_more(enquiry: Enquiry) -> bool:
    """Whether the words of an enquiry say anything that its answers do not.

    Where a form asks for no words, intake puts the answers in their place.
    """
    words = "\n".join(f"{one.question} {one.answer}" for one in in_words(enquiry) if one.answer)
    return enquiry.description.strip() != words
