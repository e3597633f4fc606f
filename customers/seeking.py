"""Reads what an agent types to find somebody: a name, a postcode, an e-mail, a number. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import DomainError
from customers.contact import read_email, read_phone
from customers.spoken import joined

FEWEST = 3
_WHOLE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", re.IGNORECASE)
_OUTWARD = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]*[0-9]|[0-9]")
# A house number is shorter, a UPRN has at most twelve digits.
_TAIL, _LONGEST_TAIL, _UPRN = 3, 15, range(6, 13)


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, taken apart. `postcode` is compact, whole or its first half (`is_part`);
    `tail` are the last digits of a telephone, `uprn` the same digits where they may be one."""

    name: str = ""
    postcode: str = ""
    is_part: bool = False
    email: str = ""
    phone: str = ""
    tail: str = ""
    uprn: str = ""

    @property
    def is_something(self) -> bool:
        """Whether anything can be looked for."""
        return any((self.name, self.postcode, self.email, self.phone, self.tail, self.uprn))


def read(text: str) -> Sought:
    """What stands in a search box, in any order: "smith wr11 3ab", "3210", "jo@example.com"."""
    text = " ".join(text.replace("\x00", " ").split())[:200]
    if len(text) < FEWEST:
        return Sought()
    if "@" in text:
        try:
            return Sought(email=read_email(text))
        except DomainError:
            return Sought(name=text)
    text, postcode, is_part = _postcode(text)
    text, digits = _digits(text)
    name = joined(text.strip(" ,;"))
    return Sought(
        # Two letters beside nothing else find half the county.
        name=name if len(name) >= FEWEST or (len(name) > 1 and (postcode or digits)) else "",
        postcode=postcode,
        is_part=is_part,
        phone=_phone(digits),
        tail=digits.lstrip("+")[-9:] if _TAIL <= len(digits) <= _LONGEST_TAIL else "",
        uprn=digits if len(digits) in _UPRN and not digits.startswith("0") else "",
    )


def _postcode(text: str) -> tuple[str, str, bool]:
    found = _WHOLE.search(text)
    if found:
        whole = (found[1] + found[2]).upper()
        return text[: found.start()] + " " + text[found.end() :], whole, False
    found = _OUTWARD.search(text)
    if found:
        return text[: found.start()] + " " + text[found.end() :], found[1].upper(), True
    return text, "", False


def _digits(text: str) -> tuple[str, str]:
    found = max(_NUMBER.finditer(text), key=lambda one: len(one[0]), default=None)
    if found is None:
        return text, ""
    digits = re.sub(r"[^0-9+]", "", found[0])
    if len(digits.lstrip("+")) < _TAIL:
        return text, ""
    return " ".join((text[: found.start()] + " " + text[found.end() :]).split()), digits


def _phone(digits: str) -> str:
    if len(digits) < 10:
        return ""
    try:
        return read_phone(digits)
    except DomainError:
        return ""
