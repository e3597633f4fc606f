"""Which macros somebody may use, and which they may change."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

import accounts.queries
import kb.queries
from accounts import gazetteer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from teamwork.models import Macro
from teamwork.recipes import Act, Known


class NoSuchMacro(DomainError):
    """Not there, or another team's: it reads the same."""

    code = "macro_unknown"


@dataclass(frozen=True, slots=True)
class MacroRow:
    """A macro as lists and the command bar show it."""

    public_id: uuid.UUID
    name: str
    key: str
    team: str
    version: int


def _of(viewer: Viewer) -> QuerySet[Macro]:
    """Those of all teams, and of the viewer's own; every one for who sets up everything."""
    rows = Macro.objects.filter(ended_at=None)
    if not (viewer.is_hub and viewer.may(Permission.SEE_QUEUE)):
        return rows.none()
    if viewer.may(Permission.ADMINISTER):
        return rows
    return rows.filter(Q(team=None) | Q(team_id__in=viewer.team_ids))


def usable(viewer: Viewer) -> list[MacroRow]:
    """What the viewer may use, in its order: one statement. For lists and the command bar."""
    rows = (
        _of(viewer).select_related("team").only("public_id", "name", "key", "version", "team__name")
    )
    return [
        MacroRow(row.public_id, row.name, row.key, row.team.name if row.team else "", row.version)
        for row in rows
    ]


def one(viewer: Viewer, public_id: uuid.UUID) -> Macro:
    """One that the viewer may use. Raises NoSuchMacro."""
    found = _of(viewer).select_related("team").filter(public_id=public_id).first()
    if found is None:
        raise NoSuchMacro("There is no such macro")
    return found


def may_change(viewer: Viewer, team_id: int | None) -> bool:
    """Whether the viewer writes what a team has: leaders for their own, administrators for all."""
    if not (viewer.is_hub and viewer.may(Permission.WRITE_RULES)):
        return False
    return viewer.may(Permission.ADMINISTER) or (team_id is not None and team_id in viewer.team_ids)


def written(viewer: Viewer) -> Sequence[Macro]:
    """Those that the viewer may change, in their order."""
    rows = _of(viewer).select_related("team")
    return [row for row in rows if may_change(viewer, row.team_id)]


def ever_written() -> bool:
    """Whether anybody ever wrote a macro, one that is gone by now among them."""
    return Macro.objects.exists()


def acts_of(macro: Macro) -> list[Act]:
    """What a macro does."""
    return [kept(row) for row in macro.acts]


def kept(row: dict[str, str]) -> Act:
    """An act as it is kept."""
    return Act(row["kind"], {name: value for name, value in row.items() if name != "kind"})


def known() -> Known:
    """What macros and rules may name, as things are now."""
    hub, book = accounts.queries.hub(), gazetteer.gazetteer()
    teams_ = accounts.queries.teams()
    areas = {c: book.names[c] for c, kind in book.kinds.items() if kind in ("district", "town")}
    return Known(
        services={one.slug: one.name for one in kb.queries.services()},
        bodies={one.slug: one.name for one in accounts.queries.organisations(acting=True)},
        teams={
            str(one.pk): one.name
            if one.organisation_id == hub.pk
            else f"{one.organisation.short_name}: {one.name}"
            for one in teams_
        },
        own_teams=frozenset(str(one.pk) for one in teams_ if one.organisation_id == hub.pk),
        areas=dict(sorted(areas.items(), key=lambda row: row[1])),
        languages=dict(settings.LANGUAGES),
    )


def teams_of(viewer: Viewer) -> list[tuple[str, str]]:
    """Teams that the viewer writes for, by number and name; first "" for all where they may."""
    rows = [
        (str(one.pk), one.name)
        for one in accounts.queries.teams(viewer.organisation_slug)
        if may_change(viewer, one.pk)
    ]
    return [("", "All teams of the hub"), *rows] if may_change(viewer, None) else rows
