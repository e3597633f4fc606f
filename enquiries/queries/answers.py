"""The answers to a service's questions in words, as staff read them."""

from __future__ import annotations

from dataclasses import dataclass

import kb.queries
from enquiries.models import Enquiry


@dataclass(frozen=True, slots=True)
class Said:
    """One question and what was answered."""

    question: str
    answer: str


def in_words(enquiry: Enquiry) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked.

    An answer to a question that has gone since is read by its key.
    """
    if not enquiry.answers:
        return []
    asked = [one for one in kb.queries.every_question() if one.service_id == enquiry.service_id]
    known = {one.key: one for one in asked}
    ordered = [*(key for key in known if key in enquiry.answers)]
    ordered += [key for key in sorted(enquiry.answers) if key not in known]
    return [
        Said(
            question=known[key].words if key in known else key.replace("-", " ").capitalize(),
            answer=_words(known[key].choices if key in known else [], enquiry.answers[key]),
        )
        for key in ordered
    ]


def _words(choices: list[dict[str, str]], value: object) -> str:
    named = {str(one.get("value")): str(one.get("words")) for one in choices}
    return named.get(str(value), str(value))
