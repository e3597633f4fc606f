"""The names behind the ids of rules, and back: read once for a whole list."""

from __future__ import annotations

from dataclasses import dataclass

import accounts.queries
import kb.queries
from accounts import outside


@dataclass(frozen=True, slots=True)
class Names:
    """Slugs by id, of what has ended too: old versions name it. `teams` with its organisation."""

    services: dict[int, str]
    organisations: dict[int, str]
    teams: dict[int, tuple[str, str]]
    outside: dict[int, str]


def read() -> Names:
    """As they are now. Four statements."""
    return Names(
        services={row.pk: row.slug for row in kb.queries.services(ended=True)},
        organisations={row.pk: row.slug for row in accounts.queries.organisations(left=True)},
        teams={row.pk: (row.organisation.slug, row.slug) for row in accounts.queries.teams()},
        outside={row.pk: row.slug for row in outside.bodies(ended=True)},
    )


def questions() -> dict[str, dict[str, list[str]]]:
    """The possible answers, by service and question. One statement."""
    found: dict[str, dict[str, list[str]]] = {}
    for slug, question in kb.queries.every_question():
        if question.choices:
            found.setdefault(slug, {})[question.key] = list(question.values)
    return found
