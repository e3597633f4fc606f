"""Writes macros: for one's own teams, or for all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from accounts.permissions import Viewer
from core import audit
from core.locking import as_it_is
from teamwork import queries_macros, recipes, turns
from teamwork.models import Macro
from teamwork.queries_macros import NoSuchMacro, may_change
from teamwork.recipes import Refused

# What other steps of the desk's pages are taken with (docs/desk.md).
TAKEN = frozenset("jkxgmny?/")
MOST = 60


@transaction.atomic
def write(
    *,
    viewer: Viewer,
    public_id: uuid.UUID | None,
    seen: int,
    team_id: int | None,
    name: str,
    key: str,
    acts: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Macro:
    """A new macro, or another version of one. Raises NoSuchMacro, Refused with the field."""
    turns.lock(turns.MACROS)
    macro = _held(viewer, public_id) if public_id else Macro(position=_last() + 1, version=0)
    if not may_change(viewer, team_id):
        raise Refused("Choose one of your teams", field="team")
    if public_id and macro.version != seen:
        raise Refused("Somebody changed this meanwhile. Read how it is now, and change that")
    known = queries_macros.known()
    if team_id is not None and str(team_id) not in known.own_teams:
        raise Refused("Choose a team of the hub", field="team")
    macro.name = " ".join(name.replace("\x00", "").split())[:60]
    if not macro.name:
        raise Refused("Give it a name", field="name")
    macro.team_id, macro.key = team_id, _key(macro, team_id, key)
    macro.acts = [one.as_data() for one in recipes.acts(acts, allowed=recipes.MACROS, known=known)]
    macro.version += 1
    macro.changed_at, macro.changed_by = now, viewer.name[:120]
    macro.save()
    _record("written", macro, viewer, now)
    return macro


def _key(macro: Macro, team_id: int | None, key: str) -> str:
    """A letter or number that nobody meets twice in a list: a team's beside those of all."""
    key = key.strip().lower()
    if not key:
        return ""
    if len(key) != 1 or not (key.isascii() and key.isalnum()):
        raise Refused("The key is one letter or one number", field="key")
    if key in TAKEN:
        raise Refused(f"The desk has “{key}” for something else. Choose another", field="key")
    beside = Macro.objects.filter(ended_at=None, key=key).exclude(pk=macro.pk)
    if team_id is not None:
        beside = beside.filter(Q(team=None) | Q(team_id=team_id))
    clash = beside.first()
    if clash is not None:
        raise Refused(f"“{clash.name}” has the key {key} already. Choose another", field="key")
    return key


def _last() -> int:
    return Macro.objects.aggregate(last=Max("position"))["last"] or 0


def _held(viewer: Viewer, public_id: uuid.UUID) -> Macro:
    found = Macro.objects.select_for_update().filter(public_id=public_id, ended_at=None).first()
    if found is None or not may_change(viewer, found.team_id):
        raise NoSuchMacro("There is no such macro")
    return as_it_is(found)


@transaction.atomic
def end(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> str:
    """Nobody is offered it any more. Returns its name. Raises NoSuchMacro."""
    turns.lock(turns.MACROS)
    macro = _held(viewer, public_id)
    macro.ended_at, macro.changed_at, macro.changed_by = now, now, viewer.name[:120]
    macro.save(update_fields=["ended_at", "changed_at", "changed_by"])
    _record("ended", macro, viewer, now)
    return macro.name


@transaction.atomic
def move(*, viewer: Viewer, public_id: uuid.UUID, up: bool, now: datetime) -> None:
    """One place up or down in the list that the viewer writes. Raises NoSuchMacro."""
    turns.lock(turns.MACROS)
    macro = _held(viewer, public_id)
    rows = [r for r in Macro.objects.filter(ended_at=None) if may_change(viewer, r.team_id)]
    turns.swap(rows, macro, up=up)
    _record("moved", macro, viewer, now)


def _record(what: str, macro: Macro, viewer: Viewer, now: datetime) -> None:
    audit.record(
        f"macro.{what}",
        actor=viewer.actor,
        target=f"macro:{macro.public_id}",
        at=now,
        data={"name": macro.name, "version": macro.version, "acts": macro.acts},
    )
