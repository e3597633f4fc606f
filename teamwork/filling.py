"""Words with places for what is known of a case: "Dear {name}, your {service} …". Pure.

A place is a name in braces, replaced by text. Nothing in it is evaluated, and what is filled in is
not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Each place, with what stands in it where nothing is known.
VARIABLES: Mapping[str, str] = {
    "name": "there",
    "reference": "",
    "service": "your enquiry",
    "organisation": "the Worcestershire Hub",
    "promised": "as soon as we can",
    "expected": "as soon as we can",
    "place": "the place that you told us of",
    "team": "our team",
    "agent": "the team",
}
WORDS: Mapping[str, str] = {
    "name": "who asked", "reference": "the reference", "service": "the service",
    "organisation": "who deals with it", "promised": "the day that was promised",
    "expected": "the day that is expected now",
    "place": "the place, as it was given", "team": "the team that has it",
    "agent": "your name, or the rule’s",
}  # fmt: skip
PERSONAL = frozenset({"name", "place"})
# Kept texts call it so (enquiries.queries.writing); the same words go into both.
_SAME: Mapping[str, str] = {"owner": "organisation"}
_PLACE = re.compile(r"\{\s*([a-zA-Z_]{1,30})\s*\}")


def names(words: str) -> list[str]:
    """The places that words name, in their order."""
    return [_read(one) for one in _PLACE.findall(words)]


def _read(name: str) -> str:
    return _SAME.get(name.lower(), name.lower())


def filled(words: str, facts: Mapping[str, str]) -> str:
    """The words with what is known in their places."""

    def one(found: re.Match[str]) -> str:
        name = _read(found[1])
        return facts.get(name) or VARIABLES.get(name, found[0])

    return _PLACE.sub(one, words)


def unknown(words: str, facts: Mapping[str, str]) -> list[str]:
    """Places for which nothing is known of this case: whoever sends it should look."""
    return [name for name in dict.fromkeys(names(words)) if not facts.get(name)]
