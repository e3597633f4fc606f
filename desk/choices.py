"""What selects on the desk offer."""

from __future__ import annotations

import accounts.areas
import accounts.queries
import kb.queries

Choices = list[tuple[str, str]]


def services(*, ended: bool = False) -> Choices:
    """Live services by name; `ended` ones as well."""
    return [(row.slug, row.name) for row in kb.queries.services(ended=ended)]


def organisations() -> Choices:
    """Organisations by name, the hub among them."""
    return [(row.slug, row.name) for row in accounts.queries.organisations()]


def acting() -> Choices:
    """Organisations that work can be sent to."""
    return [(row.slug, row.name) for row in accounts.queries.organisations(acting=True)]


def teams_of(organisation: str) -> Choices:
    """Teams of one organisation by name, each by its number: names change."""
    return [(str(row.pk), row.name) for row in accounts.queries.teams(organisation)]


def areas() -> Choices:
    """Districts, and after each its wards, by their codes."""
    named = accounts.areas.named()
    found = []
    for one in named.values():
        parent = named.get(one.parent_code)
        name = f"{parent.name}: {one.name}" if one.kind == "ward" and parent else one.name
        found.append((one.code, name))
    return sorted(found, key=lambda one: one[1])


def sites(*, kiosks: bool | None = None) -> Choices:
    """Sites by name: all, only those of kiosks, or only those where people work."""
    return [
        (row.slug, row.name)
        for row in accounts.queries.sites()
        if kiosks is None or kiosks == (row.kind == "kiosk")
    ]
