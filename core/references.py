"""References that can be read out on the phone: WH7-K3MP-4X."""

import re
import secrets
from typing import ClassVar

from django.utils.translation import gettext as _

from core.errors import DomainError

PREFIX = "WH"
# No vowels (no words appear by chance) and nothing that looks or sounds like another character.
# 23 is prime, which is what lets one check character catch every wrong character and every swap.
ALPHABET = "23456789CDFGHJKMNPRTWXY"
BODY_LENGTH = 6
# References that begin with it are given to kiosks in advance, so that they can print one while
# they cannot ask us; nothing else draws one, so nobody has to look whether it is taken.
OF_KIOSKS = "K"
_LENGTH = len(PREFIX) + BODY_LENGTH + 1
_WEIGHTS = (2, 3, 4, 5, 6, 7)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# What people write for a character that the alphabet leaves out on purpose.
_LOOKALIKES = str.maketrans("BSZ", "852")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.]+")
_IN_TEXT = re.compile(
    r"(?<![A-Z0-9])W[\s\-\u2010-\u2015]?H(?:[\s\-\u2010-\u2015]{0,3}[2-9A-Z]){7}(?![A-Z0-9])"
)


class BadReference(DomainError):
    """The text is not one of our references."""

    code: ClassVar[str] = "bad_reference"


def new() -> str:
    """A fresh random reference; the caller tries again if the database has it already."""
    return _drawn(secrets.choice(ALPHABET.replace(OF_KIOSKS, "")))


def for_kiosk() -> str:
    """A fresh one that a kiosk may give by itself; the caller tries again if it was given."""
    return _drawn(OF_KIOSKS)


def is_of_kiosk(reference: str) -> bool:
    """Whether it may be one that a kiosk gave; before there were such, any could begin so."""
    return reference.startswith(PREFIX + OF_KIOSKS)


def _drawn(first: str) -> str:
    body = first + "".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH - 1))
    return _group(PREFIX + body + check_character(body))


def parse(text: str) -> str:
    """The canonical form of a reference; case, dashes and spaces do not matter."""
    letters = _SEPARATORS.sub("", text).upper()
    if len(letters) != _LENGTH or not letters.startswith(PREFIX):
        raise BadReference(
            _("Enter a reference like WH7-K3MP-4X. You can find it in the message we sent you.")
        )
    body = letters[len(PREFIX) :].translate(_LOOKALIKES)
    if any(c not in _VALUES for c in body) or check_character(body[:-1]) != body[-1]:
        raise BadReference(
            _("Check the reference. One of its letters or numbers is not as we gave it to you.")
        )
    return _group(PREFIX + body)


def find(text: str) -> list[str]:
    """The references that stand inside a text, each once, in the order they are read."""
    found: dict[str, None] = {}
    for match in _IN_TEXT.finditer(text.upper()):
        try:
            found[parse(match.group())] = None
        except BadReference:
            continue
    return list(found)


def check_character(body: str) -> str:
    """The last character of a reference, from the six before it."""
    total = sum(
        weight * _VALUES[character] for weight, character in zip(_WEIGHTS, body, strict=True)
    )
    return ALPHABET[total % len(ALPHABET)]


def _group(letters: str) -> str:
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
