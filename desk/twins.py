"""Two people beside each other, told apart by what differs where their names do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from customers import contact
from customers.queries import PersonRow


def names(one: PersonRow, other: PersonRow) -> tuple[str, str]:
    """How each is called: by name, and for namesakes with what the other does not have."""
    if one.name != other.name:
        return one.name, other.name
    first, second = _own(one, other), _own(other, one)
    if not first and not second:
        return f"the first {one.name}", f"the second {other.name}"
    return _named(one, first), _named(other, second)


def _named(person: PersonRow, own: str) -> str:
    return f"{person.name} ({own or 'the one without'})"


def _own(one: PersonRow, other: PersonRow) -> str:
    """The first that only one of them has: a number, an address, where they live."""
    return (
        _first(map(contact.shown, one.phones), map(contact.shown, other.phones))
        or _first(one.emails, other.emails)
        or _first([f"{one.address} {one.postcode}".strip()], [f"{other.address} {other.postcode}"])
    )


def _first(mine: Iterable[str], theirs: Iterable[str]) -> str:
    had = {each.strip() for each in theirs}
    return next((each for each in mine if each and each not in had), "")
