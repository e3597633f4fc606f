"""Numbers as a telephone provider gives them. Pure."""

from __future__ import annotations

import re

E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# What Twilio puts in place of a withheld number.
WITHHELD = frozenset({"+266696687", "+86282452253", "+2562533", "+7378742833", "+8656696"})


def told(text: str) -> str:
    """Somebody's number in E.164; "" for one that is withheld, or that nobody can ring."""
    text = text.strip()
    return text if E164.fullmatch(text) and text not in WITHHELD else ""
