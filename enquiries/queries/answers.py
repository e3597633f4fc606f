"""The answers to a service's questions in words, as staff read them."""

from __future__ import annotations

from enquiries.models import Enquiry
from kb import questions
from kb.questions import Said

__all__ = ["Said", "in_words"]


def in_words(enquiry: Enquiry) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked."""
    if not enquiry.answers:
        return []
    return questions.in_words(enquiry.service, enquiry.answers, enquiry.form_id)
