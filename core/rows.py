"""Rows as they stand, written down and put back: what taking an act back is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

# Rows of one kind; several kinds stand in an order in which each may point at those before it.
Scope = Sequence[models.QuerySet[Any]]
# Whose key it is, and what a ledger counts on with: they never go back.
_STAYS = frozenset({"id", "version"})


class _Exactly(DjangoJSONEncoder):
    """Django's own cuts moments to milliseconds: what is put back has to be what it was."""

    def default(self, o: Any) -> Any:
        """A moment to the microsecond."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def written(rows: Iterable[models.Model]) -> str:
    """Rows as text."""
    # Not Django's own text: that is made without the quick half of `json`.
    found = serializers.serialize("python", rows)
    return json.dumps(found, cls=_Exactly, ensure_ascii=False)


def standing(scope: Scope) -> str:
    """Rows as they are now, locked until the transaction ends."""
    rows: list[models.Model] = []
    for one in scope:
        rows += one.order_by("pk").select_for_update(of=("self",), no_key=True)
    return written(rows)


def put_back(was: str, scope: Scope) -> None:
    """Makes of a scope what stood in it: what came goes, what changed or went is as it was."""
    before = read(was)
    for one in reversed(scope):
        one.exclude(pk__in=before.get(one.model, {})).delete()
    for rows in before.values():
        for row in rows.values():
            write(row)


def read(text: str) -> dict[type[Any], dict[Any, models.Model]]:
    """Rows that were written down, by kind and key, in their order."""
    found: dict[type[Any], dict[Any, models.Model]] = {}
    for one in serializers.deserialize("json", text):
        found.setdefault(type(one.object), {})[one.object.pk] = one.object
    return found


def write(row: models.Model) -> None:
    """A row as it was; one that went comes back under its own key."""
    fields = [one.attname for one in row._meta.concrete_fields if one.attname not in _STAYS]
    rows = row._meta.base_manager.filter(pk=row.pk)
    if not rows.update(**{name: getattr(row, name) for name in fields}):
        row.save_base(raw=True, force_insert=True)
