"""References and the numbers that kiosks give by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from enquiries.models import Enquiry


def taken(references: Sequence[str]) -> set[str]:
    """Those of some references that enquiries have."""
    rows = Enquiry.objects.filter(reference__in=references)
    return set(rows.values_list("reference", flat=True))
