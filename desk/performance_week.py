"""What broke the promise in the last seven days, by reason and by whose it is to mend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import metrics.queries
from accounts.permissions import Viewer
from desk import performance_words as words
from desk.performance_addresses import href, query_of
from desk.performance_rows import Cell, Names, number
from metrics.queries import DECIDED, Chosen

DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A sentence, where it leads, and the week's agenda; no rows where nothing broke."""

    message: str
    href: str
    rows: list[list[Cell]]


def week(viewer: Viewer, chosen: Chosen, *, names: Names, today: date) -> Week | None:
    """What was decided in seven days, however long ago it was asked; None where nothing was."""
    picked = replace(
        chosen, since=None, until=None, closed_since=today - DAYS,
        verdict=chosen.verdict or DECIDED,
    )  # fmt: skip
    found = metrics.queries.overall(viewer, picked)
    osr = found.osr
    if not osr.mature:
        return None
    query = query_of(picked)
    broke = osr.mature - osr.successes
    return Week(
        message=_said(broke, osr.mature),
        href=href(query, verdict=DECIDED),
        rows=[
            [
                {"text": words.REASONS.get(row.reason, row.reason)},
                {"text": words.owner(row.owner, names.organisations)},
                number(row.n, href(query, verdict="failure", reason=row.reason, owner=row.owner)),
                {"text": words.percent(row.n / osr.mature), "numeric": True},
            ]
            for row in found.failures
        ],
    )


def _said(broke: int, decided: int) -> str:
    """How many of the week's were not one stop."""
    when = "decided in the last seven days"
    if decided == 1:
        return f"The one enquiry {when} was {'not ' if broke else ''}one stop"
    if not broke:
        return f"All {decided:,} enquiries {when} were one stop"
    verb = "was" if broke == 1 else "were"
    return f"{broke:,} of the {decided:,} enquiries {when} {verb} not one stop"
