"""What became of the work that organisations were offered. Pure; sums over groups (R57)."""

from collections.abc import Mapping
from dataclasses import dataclass

# How an offer stands, and what that is called where all of one organisation's are counted.
NAMES = {
    "offered": "waiting",
    "accepted": "at_work",
    "completed": "completed",
    "rejected": "rejected",
    "returned": "returned",
    "expired": "expired",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Offers that are counted together: to whom, and how they stand (a word of NAMES)."""

    organisation: str
    result: str


def by_organisation(counted: Mapping[Offer, int]) -> dict[str, dict[str, int]]:
    """Each organisation's offers: `n` of all, and how many of them stand how."""
    found: dict[str, dict[str, int]] = {}
    for organisation in sorted({offer.organisation for offer in counted}):
        numbers = {
            name: counted.get(Offer(organisation, result), 0) for result, name in NAMES.items()
        }
        found[organisation] = {"n": sum(numbers.values()), **numbers}
    return found
