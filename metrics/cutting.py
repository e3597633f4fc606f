"""Which facts are counted, for whom, and by what: whole, by a dimension, by week or by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Trunc

from accounts.permissions import Viewer
from enquiries.clocks import LONDON
from metrics import choosing, rolled, rollups
from metrics.choosing import DIMENSIONS, Chosen
from metrics.models import EnquiryFact
from metrics.rolled import Rolled
from metrics.tallying import NONE, Cut

UNITS = rolled.UNITS


@dataclass(frozen=True, slots=True)
class Cutting:
    """Whose facts, which of them, by what, as it stands at `now`.

    Of what was chosen only days and dimensions hold for contacts, needs and clocks: a verdict or
    a reason chooses enquiries alone.
    """

    viewer: Viewer
    chosen: Chosen
    now: datetime
    dimension: str = ""

    @property
    def cut(self) -> Cut:
        """The same days and parts as a recount knows them."""
        return Cut(self.chosen.since, self.chosen.until, self.dimension)

    @property
    def plain(self) -> Chosen:
        """The chosen days and dimensions alone."""
        none = Chosen()
        return replace(
            self.chosen, verdict=none.verdict, reason=none.reason, owner=none.owner,
            self_service=None, recontacted=None, closed_since=None,
        )  # fmt: skip

    def part(self, moment: str) -> Combinable:
        """What a row of facts is counted by; `moment` names when it happened."""
        if self.dimension in UNITS:
            return Trunc(moment, self.dimension, tzinfo=LONDON, output_field=DateTimeField())
        return F(DIMENSIONS[self.dimension]) if self.dimension else Value("")

    def facts(self, since: date | None, until: date | None) -> QuerySet[EnquiryFact]:
        """The facts of the chosen dimensions, by other days of the first contact or by none."""
        chosen = replace(self.plain, since=since, until=until)
        return choosing.chosen_facts(self.viewer, chosen)

    def rolled(self, since: date | None, until: date | None) -> Rolled | None:
        """What was counted before of the chosen dimensions, by these days; None where nothing."""
        chosen = replace(self.plain, since=since, until=until)
        level = rolled.level_of(self.viewer, chosen, self.dimension)
        if level is None or not rollups.are_kept():
            return None
        return Rolled(level, chosen, self.dimension)

    def key(self, part: Any) -> str:
        """How a part is called; a week or month by its first day."""
        if self.dimension in UNITS:
            if isinstance(part, datetime):
                part = part.astimezone(LONDON).date()
            return part.isoformat() if part is not None else NONE
        return (str(part) if part else NONE) if self.dimension else ""


def between(rows: QuerySet[Any], moment: str, chosen: Chosen) -> QuerySet[Any]:
    """Rows whose moment lies in the chosen London days."""
    if chosen.since is not None:
        rows = rows.filter(**{f"{moment}__gte": choosing.midnight(chosen.since)})
    if chosen.until is not None:
        rows = rows.filter(**{f"{moment}__lt": choosing.midnight(chosen.until)})
    return rows
