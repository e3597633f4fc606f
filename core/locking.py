"""What a row says of other rows, once it is held.

PostgreSQL looks again at the row that somebody else was changing when a lock was asked for, and
not at those that were joined to it: a row that points at another owner now comes back with the new
key and with no owner at all.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def as_it_is(row: Row) -> Row:
    """The same row without the joined rows that it pointed at before somebody changed it; those
    are read when they are asked for. No statement where nobody did."""
    cache = row._state.fields_cache  # noqa: SLF001  # Django's own place for what select_related brought
    for name, there in list(cache.items()):
        field = row._meta.get_field(name)
        key = getattr(row, field.attname) if isinstance(field, models.ForeignKey) else None
        if key is not None and (there is None or there.pk != key):
            del cache[name]
    return row
