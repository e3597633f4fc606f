"""Citizens and how to reach them. The personal-data boundary: names and addresses live here."""

from customers.models.life import (
    Alert,
    Apart,
    GivenName,
    Merge,
    Move,
    MoveNotice,
    PostalAddress,
    Proxy,
)
from customers.models.people import Adjustment, ContactPoint, Person
from customers.models.telling import AddressLink, AddressVisit, MarketingWord, TextWord

__all__ = [
    "AddressLink",
    "AddressVisit",
    "Adjustment",
    "Alert",
    "Apart",
    "ContactPoint",
    "GivenName",
    "MarketingWord",
    "Merge",
    "Move",
    "MoveNotice",
    "Person",
    "PostalAddress",
    "Proxy",
    "TextWord",
]
