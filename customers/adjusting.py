"""What people need so that we can speak with them (Equality Act 2010, section 20). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Need(StrEnum):
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    NO_TEXTS = "no_texts"
    NO_EMAILS = "no_emails"
    NO_LETTERS = "no_letters"
    CALLS_ONLY = "calls_only"
    RELAY_UK = "relay_uk"
    INTERPRETER = "interpreter"
    SIGN = "sign"
    OTHER = "other"


# As staff read them: what to do, not what somebody has.
WORDS: dict[Need, str] = {
    Need.LARGE_PRINT: "Letters in large print",
    Need.EASY_READ: "Write in easy read: short sentences, one thing at a time",
    Need.NO_TEXTS: "Send no texts",
    Need.NO_EMAILS: "Send no emails",
    Need.NO_LETTERS: "Send no letters",
    Need.CALLS_ONLY: "Only ring them: send nothing in writing",
    Need.RELAY_UK: "Ring through Relay UK: dial 18001 first",
    Need.INTERPRETER: "Speak with an interpreter",
    Need.SIGN: "Meet with a British Sign Language interpreter",
    Need.OTHER: "Something else",
}
KINDS = [(need.value, words) for need, words in WORDS.items()]
# What says nothing without words of its own.
NEEDS_WORDS = frozenset({Need.INTERPRETER, Need.OTHER})
# What people need changes: once a year somebody asks.
REVIEW_AFTER = timedelta(days=365)


def review_on(day: date) -> date:
    """When what was recorded or looked at on a day is looked at again."""
    return day + REVIEW_AFTER
