"""Which contacts came back about which enquiries, as the figures have it: for who checks them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from metrics.models import EnquiryFact
from metrics.queries import midnight

# Of more enquiries than this a part is looked through, and what is found stands for all.
MOST_LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """A later contact tied to an earlier enquiry (keys of rows), by which tier."""

    contact: int
    earlier: int
    tier: str


@dataclass(frozen=True, slots=True)
class Sampled:
    """All links that were looked through, and how many there are in the days as a whole."""

    pairs: tuple[LinkedPair, ...]
    total: int


def linked(since: date, until: date, *, seed: str) -> Sampled:
    """The links of enquiries that began in these London days (half-open).

    Of very many a random part is looked through, the same for the same seed.
    """
    rows = EnquiryFact.objects.filter(
        started_at__gte=midnight(since), started_at__lt=midnight(until)
    ).exclude(links=[])
    keys = sorted(rows.values_list("pk", flat=True))
    chosen = keys
    if len(keys) > MOST_LOOKED_THROUGH:
        chosen = random.Random(seed).sample(keys, MOST_LOOKED_THROUGH)  # noqa: S311  # a sample
    pairs = [
        LinkedPair(int(link["contact"]), key, str(link["tier"]))
        for key, links in EnquiryFact.objects.filter(pk__in=chosen).values_list("pk", "links")
        for link in links
        if str(link["contact"]).isdigit()
    ]
    share = len(chosen) / len(keys) if keys else 1
    return Sampled(tuple(pairs), round(len(pairs) / share))
