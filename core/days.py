"""Dates in words, in the language that is spoken."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format


def speaks_english() -> bool:
    """Whether the language that is spoken now is English."""
    return (translation.get_language() or "en").startswith("en")


def written(day: date | datetime, shape: str) -> str:
    """A date in a shape of Django's, `E` for the month: "Thursday 26 November" is "l j E"."""
    words = date_format(day, shape)
    # Only English writes its days and months large.
    return words if speaks_english() else words.lower()
