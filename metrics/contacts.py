"""Contacts as figures count them: each item with who took it, and whether it was avoidable. Pure.

A contact is counted by the item that `heads` it, so that sums over items count contacts too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from metrics import breaks
from metrics.cases import Case
from metrics.facts import Item, Ledger
from metrics.linking import Links
from metrics.sittings import Sitting, Sittings

CHASE = "chase"
# What is nobody's contact: in no figure about contacts (R44).
_NOBODYS = frozenset({"test", "spam"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """One item of a contact.

    `at` is when its contact began, `taken_by` and `team` who took it, `site` where. `avoidable` is
    the reason for which it need not have been, "" where it was worth something to the citizen.
    `left_out`: of a test or spam. Exactly one item of each contact that counts `heads` it.
    """

    item: str
    sitting: str
    at: datetime
    channel: str
    site: str | None
    taken_by: str | None
    team: str | None
    kind: str
    avoidable: str
    heads: bool
    left_out: bool


def spoken(
    ledger: Ledger, sittings: Sittings, built: Mapping[str, Case], links: Links
) -> dict[str, tuple[Spoken, ...]]:
    """The items of every enquiry, in the order of their contacts (R44).

    An item was avoidable if a reason was tapped, if it is a chase, or if its contact is a
    recontact that S3 counts.
    """
    came_back = {
        link.item: breaks.why(built[root], link)
        for root, found in links.of.items()
        for link in found
        if link.counts
    }
    front_door = next((key for key, org in ledger.orgs.items() if org.role == "front_door"), None)
    nobodys = {key for key, case in built.items() if _is_nobodys(case)}
    found: dict[str, list[Spoken]] = defaultdict(list)
    for sitting, items in _by_sitting(ledger, sittings, built):
        head = next((item.id for item in items if item.enquiry not in nobodys), None)
        taken_by, team = _taken_by(ledger, sitting)
        for item in items:
            found[item.enquiry].append(
                Spoken(
                    item=item.id,
                    sitting=sitting.id,
                    at=sitting.start,
                    channel=sitting.channel,
                    site=sitting.site,
                    taken_by=taken_by or front_door,
                    team=team,
                    kind=item.kind,
                    avoidable=_avoidable(item, came_back),
                    heads=item.id == head,
                    left_out=item.enquiry in nobodys,
                )
            )
    return {key: tuple(sorted(rows, key=lambda row: row.at)) for key, rows in found.items()}


def _by_sitting(
    ledger: Ledger, sittings: Sittings, built: Mapping[str, Case]
) -> Iterable[tuple[Sitting, list[Item]]]:
    """Each contact with its items, the earliest said first."""
    items: dict[str, list[Item]] = defaultdict(list)
    for item in ledger.items:
        sitting = sittings.of(item.contact)
        if sitting is not None and item.enquiry in built:
            items[sitting.id].append(item)
    for key, said in items.items():
        said.sort(key=lambda item: (ledger.contacts[item.contact].start, len(item.id), item.id))
        yield sittings.by_id[key], said


def _is_nobodys(case: Case) -> bool:
    return any(event.name in _NOBODYS for event in case.within())


def _taken_by(ledger: Ledger, sitting: Sitting) -> tuple[str | None, str | None]:
    """Who took it: the organisation and the team of its first leg that names them."""
    legs = [ledger.contacts[leg] for leg in sitting.legs]
    return (
        next((leg.org for leg in legs if leg.org), None),
        next((leg.team for leg in legs if leg.team), None),
    )


def _avoidable(item: Item, came_back: Mapping[str, str]) -> str:
    if item.avoidable:
        return item.avoidable
    return "progress_chasing" if item.kind == CHASE else came_back.get(item.id, "")


def settled(built: Mapping[str, Case], links: Links) -> dict[str, datetime]:
    """When each need had its first outcome; a second ticket's counts for the first (R14, R44)."""
    found: dict[str, datetime] = {}
    for key, case in built.items():
        root = links.root(key)
        if root in links.absorbed:
            continue
        first = next((event.at for event in case.events if event.is_outcome), None)
        if first is not None:
            found[root] = min(first, found.get(root, first))
    return found
