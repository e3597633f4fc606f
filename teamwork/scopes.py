"""Rows that an act may change beside the ledger of a case, by kind: what taking it back restores.

Each is found by who asks for it and a key; what is not theirs has no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import customers.takebacks
import inbox.actions_wanted
from accounts.permissions import Viewer
from core import rows
from core.rows import Scope
from enquiries.actions import beside
from enquiries.actions.takebacks import ChangedSince
from enquiries.queries.access import desk_id
from teamwork.models import Task


@dataclass(frozen=True, slots=True)
class Kind:
    """Where its rows are, and what is said where somebody changed them since."""

    find: Callable[[Viewer, str], Scope]
    since: str


def _tasks(viewer: Viewer, reference: str) -> Scope:
    return (Task.objects.filter(enquiry_id=desk_id(viewer, reference)),)


def _callbacks(viewer: Viewer, caller: str) -> Scope:
    return inbox.actions_wanted.rows(viewer, caller)


KINDS: Mapping[str, Kind] = {
    "watch": Kind(beside.watched, "You have changed since whether you watch it"),
    "neighbours": Kind(beside.neighbours, "Somebody has changed since what neighbours read"),
    "held": Kind(beside.held, "Somebody has decided on it since"),
    "calls": Kind(beside.calls_due, "Somebody has rung them since"),
    "follows": Kind(beside.follows, "The notice has moved on since"),
    "sitting": Kind(beside.sittings, "One of your contacts has gone on since"),
    "tasks": Kind(_tasks, "Somebody has changed its tasks since"),
    "callback": Kind(_callbacks, "The callback has gone on since: somebody took it or rang them"),
    "person": Kind(
        customers.takebacks.rows,
        "What is known of them was changed since, or somebody was told of it",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one kind, by their key."""

    kind: str
    key: str = ""

    def standing(self, viewer: Viewer) -> str:
        """The rows as they are now, held."""
        return rows.standing(KINDS[self.kind].find(viewer, self.key))


def before(viewer: Viewer, asked: Iterable[Asked]) -> list[tuple[Asked, str]]:
    """Rows as they are before an act."""
    return [(one, one.standing(viewer)) for one in asked]


def after(viewer: Viewer, was: Iterable[tuple[Asked, str]]) -> list[dict[str, str]]:
    """What it takes to put those back that an act has changed."""
    found = [(one, text, one.standing(viewer)) for one, text in was]
    return [
        {"kind": one.kind, "key": one.key, "was": text, "is": now}
        for one, text, now in found
        if now != text
    ]


def unchanged(viewer: Viewer, kept: Iterable[Mapping[str, Any]]) -> None:
    """Holds what an act has changed. Raises ChangedSince where it is not as the act left it."""
    for one in kept:
        if Asked(one["kind"], one["key"]).standing(viewer) != one["is"]:
            said = KINDS[one["kind"]].since
            raise ChangedSince(f"It cannot be taken back any more. {said}")


def put_back(viewer: Viewer, kept: Iterable[Mapping[str, Any]]) -> None:
    """All of it stands as before the act."""
    for one in kept:
        rows.put_back(one["was"], KINDS[one["kind"]].find(viewer, one["key"]))
