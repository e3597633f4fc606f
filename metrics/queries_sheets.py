"""Every figure at once, for people: of what was chosen, whole or by part."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts.permissions import Viewer
from metrics import counting, counting_contacts, sheets, value, yardsticks
from metrics.cutting import Cutting
from metrics.queries import Chosen
from metrics.sheets import Counts, Sheet, Yardsticks


def whole(viewer: Viewer, chosen: Chosen, *, now: datetime) -> Sheet:
    """All figures of what was chosen, as it stands now."""
    return by(viewer, chosen, "", now=now)[""]


def by(viewer: Viewer, chosen: Chosen, dimension: str, *, now: datetime) -> dict[str, Sheet]:
    """The same for each value of a dimension, or each "week" or "month", in the order of its name.

    `dimension` "": the whole, under "". Costs are, for a partner, of the contacts that it took.
    """
    how = Cutting(viewer, chosen, now, dimension)
    parts = counting.counts(how)
    if not dimension:
        parts.setdefault("", Counts())
    common = Yardsticks(breaks=yardsticks.breaks(how), costs=yardsticks.costs(now))
    found = sheets.of_parts(
        parts, common, yardsticks.mixes(how), counting_contacts.contacts_before(how)
    )
    if viewer.is_hub:
        return found
    own = viewer.organisation_slug
    return {key: replace(one, cost=value.only(one.cost, own)) for key, one in found.items()}
