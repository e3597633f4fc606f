"""Kinds of what is known of people's lives, as staff read them. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class AlertKind(StrEnum):
    VULNERABLE = "vulnerable"
    SAFETY = "safety"


class SeenBy(StrEnum):
    """Who needs to know why: everybody who sees people, those who handle a case of theirs, or
    those who may find sensitive cases."""

    ALL = "all"
    HANDLING = "handling"
    SAFEGUARDING = "safeguarding"


class May(StrEnum):
    """What somebody who acts for somebody else may do, each with all before it."""

    REPORT = "report"
    OWN = "own"
    ALL = "all"


ALERT_KINDS = [
    (AlertKind.VULNERABLE.value, "Vulnerable"),
    (AlertKind.SAFETY.value, "Safety of staff"),
]
SEEN_BY = [
    (SeenBy.ALL.value, "Everybody at the desk"),
    (SeenBy.HANDLING.value, "Who has a case of theirs in hand, or speaks with them now"),
    (SeenBy.SAFEGUARDING.value, "Safeguarding only"),
]
BASES = [
    ("asked", "They told us themselves"),
    ("present", "They are there, and say so"),
    ("written", "A letter of theirs says so"),
    ("attorney", "Lasting power of attorney, seen"),
    ("deputy", "Deputy of the Court of Protection, seen"),
    ("appointee", "Appointee for benefits, seen"),
    ("parent", "Parent or guardian of a child"),
    ("unproved", "They say so; nothing is seen"),
]
MAY = [
    (May.REPORT.value, "Tell us things. Tell them nothing"),
    (May.OWN.value, "Hear about what they reported themselves"),
    (May.ALL.value, "Hear about everything of theirs"),
]
MAY_WORDS = dict(MAY)
BASIS_WORDS = dict(BASES)
ALERT_WORDS = dict(ALERT_KINDS)
SEEN_BY_WORDS = dict(SEEN_BY)
ADDRESS_KINDS = [
    ("home", "Another home"),
    ("before", "Where they lived before"),
    ("work", "Work or school"),
    ("care", "Who looks after them"),
    ("other", "Something else"),
]
ADDRESS_WORDS = dict(ADDRESS_KINDS)
# Without a paper nobody hears more than what they said themselves.
UNPROVED = frozenset({"unproved"})
# An alert is about somebody as they are now: half a year is the longest that nobody looks.
LONGEST_REVIEW = timedelta(days=183)


def latest_review(day: date) -> date:
    """The last day on which an alert written down on a day has to be looked at again."""
    return day + LONGEST_REVIEW


def may_hear(may: str, *, is_own: bool) -> bool:
    """Whether who acts for somebody may be told about an enquiry; `is_own`: they reported it."""
    return may == May.ALL.value or (may == May.OWN.value and is_own)
