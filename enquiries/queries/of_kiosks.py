"""References, and the numbers that kiosks give by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import kiosks.queries_kept
from core import references
from enquiries.models import Enquiry


def taken(named: Sequence[str]) -> set[str]:
    """Those of some references that enquiries have."""
    rows = Enquiry.objects.filter(reference__in=named)
    return set(rows.values_list("reference", flat=True))


def given_or_fresh(given: str) -> str:
    """The reference that was given already, else one that nobody has.

    With a million enquiries one draw in 150 is taken already.
    """
    while True:
        drawn, given = given or references.new(), ""
        if not Enquiry.objects.filter(reference=drawn).exists():
            return drawn


def leads_to(reference: str) -> str:
    """The reference under which what has this number is found; mostly its own.

    A kiosk prints a number while the line is away. What came in by another way before is known by
    the reference that it got there, and the printed one leads to it.
    """
    if not references.is_of_kiosk(reference):
        return reference
    return kiosks.queries_kept.stands_for(reference) or reference
