"""Which contact came back about what: recontacts, the same need told twice, duplicate demand. Pure.

L1 is explicit; L2, L3 and L4 go by rule (`metrics.tiers`). Enquiries are walked in the order of
their first contacts, so that each is known to stand alone, or to be part of an earlier one, before
a later one is compared with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from metrics.cases import Case
from metrics.facts import STAGED, Event, Item, Ledger, Place
from metrics.sittings import Sitting, Sittings
from metrics.tiers import Found, Known, is_elsewhere, latest

NEUTRAL = frozenset({"new_information", "reply_to_us", "thanks"})
NOT_A_NEED = frozenset({"test", "spam", "out_of_partnership"})
CELL_METRES = 50.0
_LONGEST = 32
# What says that an enquiry is another one told again, and what takes that back.
_SAME = frozenset({"duplicate_of", "duplicate"})
_APART = frozenset({"unmerged", "unlinked"})


@dataclass(frozen=True, slots=True)
class Link:
    """A later contact tied to an earlier enquiry. Neutral ones are shown and do not count.

    `elsewhere`: it finished at another door what had been left: no recontact, another stop (R9).
    """

    contact: str
    tier: str
    at: datetime
    kind: str
    avoidable: str
    counts: bool
    item: str = ""
    elsewhere: bool = False


@dataclass(slots=True)
class Links:
    """What was found: recontacts of each enquiry, and enquiries that are not needs of their own."""

    of: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    same_need: dict[str, str] = field(default_factory=dict)
    duplicate: dict[str, str] = field(default_factory=dict)
    absorbed: set[str] = field(default_factory=set)

    def root(self, enquiry: str) -> str:
        """The enquiry that a need was first told in."""
        while enquiry in self.same_need:
            enquiry = self.same_need[enquiry]
        return enquiry


def find(
    ledger: Ledger, sittings: Sittings, cases: Mapping[str, Case], given: Mapping[str, bool]
) -> Links:
    """All links among the enquiries; of those `given` it is said whether they are duplicates."""
    return _Walk(ledger, sittings, cases, given).run()


def is_no_need(case: Case) -> bool:
    """Test, spam, silence, another partnership's: nothing that a need could be part of."""
    return case.is_abandoned or any(
        event.name in NOT_A_NEED or (event.name == "signposted" and not event.flag("inside"))
        for event in case.within()
    )


class _Walk:
    def __init__(
        self,
        ledger: Ledger,
        sittings: Sittings,
        cases: Mapping[str, Case],
        given: Mapping[str, bool],
    ) -> None:
        self._ledger = ledger
        self._given = given
        self._sittings = sittings
        self._cases = cases
        self._links = Links()
        self._ruled = _rulings(ledger)
        self._chosen: dict[str, list[str]] = defaultdict(list)
        for (item, earlier), linked in self._ruled.items():
            if linked:
                self._chosen[item].append(earlier)
        self._said: dict[str, list[Item]] = defaultdict(list)
        self._known = Known(ledger)
        self._by_place: dict[tuple[str, str], list[Case]] = defaultdict(list)

    def run(self) -> Links:
        items = [
            (sitting.start, sitting.id, _opens_last(item, self._cases), item.id, item, sitting)
            for item in self._ledger.items
            if (sitting := self._sittings.of(item.contact)) is not None
            and item.enquiry in self._cases
        ]
        for *_, item, sitting in items:
            self._said[sitting.id].append(item)
        for *_, item, sitting in sorted(items, key=lambda row: row[:4]):
            case = self._cases[item.enquiry]
            if case.opening.id == item.id:
                self._open(case, item, sitting)
            elif case.first.id != sitting.id:
                self._return(case, item, sitting)
        return self._links

    def _return(self, case: Case, item: Item, sitting: Sitting) -> None:
        """A contact about an enquiry that is known: its item names it, or an agent does (R52)."""
        chosen = self._corrected(item, sitting, set())
        own = self._cases[self._links.root(case.id)]
        if chosen is None and own.covers(sitting.start) and not self._is_refused(item, case.id):
            chosen = own
        if chosen is not None:
            self._note(chosen, item, sitting, "L1")

    def _is_refused(self, item: Item, earlier: str) -> bool:
        """Whether the last word of an agent is that an item is not about an enquiry (R52)."""
        said = self._ruled.get((item.id, earlier))
        if said is None:
            said = self._ruled.get((item.id, self._links.root(earlier)))
        return said is False

    def _corrected(self, item: Item, sitting: Sitting, carried: set[str]) -> Case | None:
        """What an agent said that an item is about."""
        return self._latest(self._chosen.get(item.id, ()), item, sitting, carried)

    def _latest(
        self, named: Iterable[str], item: Item, sitting: Sitting, carried: set[str]
    ) -> Case | None:
        """Of the enquiries that are named, the latest need that the contact may be about."""
        found = [
            root
            for earlier in named
            if earlier in self._cases
            and not self._is_refused(item, earlier)
            and (root := self._cases[self._links.root(earlier)]).covers(sitting.start)
            and root.id not in carried
            and not is_no_need(root)
        ]
        return max(found, key=latest, default=None)

    def _open(self, case: Case, item: Item, sitting: Sitting) -> None:
        """A contact that opens an enquiry: is it a need of its own?"""
        carried = {said.enquiry for said in self._said[sitting.id]}
        if self._is_absorbed(case, sitting):
            whole = [
                other
                for other in sorted(carried - {case.id})
                if self._cases[other].first.id == sitting.id
                and not self._is_absorbed(self._cases[other], sitting)
            ]
            self._links.absorbed.add(case.id)
            if whole:
                self._links.same_need[case.id] = whole[0]
            return
        found = self._explicit(case, item, sitting, carried)
        if found is None and (one := self._at_once(case, item, sitting)) is not None:
            self._links.same_need[case.id] = one.id
            return
        found = found or self._known.find(
            case,
            item,
            sitting,
            lambda earlier: earlier.id not in carried and not self._is_refused(item, earlier.id),
        )
        if found is not None:
            root, tier = found
            self._note(root, item, sitting, tier)
            self._links.same_need[case.id] = root.id
            return
        twin = self._duplicate_of(case)
        if twin is not None:
            self._links.duplicate[case.id] = twin
        self._remember(case)

    def _is_absorbed(self, case: Case, sitting: Sitting) -> bool:
        """Whether every leg that speaks of it was absorbed by a redial or a repeated form (R40)."""
        absorbed = self._sittings.absorbed
        if absorbed.isdisjoint(sitting.legs):
            return False
        legs = {item.contact for item in self._said[sitting.id] if item.enquiry == case.id}
        return legs <= absorbed

    def _note(self, root: Case, item: Item, sitting: Sitting, tier: str) -> None:
        before = (link for link in self._links.of[root.id] if link.elsewhere)
        is_first = all(link.contact == sitting.id for link in before)
        elsewhere = is_first and item.kind != "thanks" and is_elsewhere(root, sitting)
        self._links.of[root.id].append(
            Link(
                contact=sitting.id,
                tier=tier,
                at=sitting.start,
                kind=item.kind,
                avoidable=item.avoidable,
                counts=item.kind not in NEUTRAL and not elsewhere,
                elsewhere=elsewhere,
                item=item.id,
            )
        )

    def _explicit(
        self, case: Case, item: Item, sitting: Sitting, carried: set[str]
    ) -> Found | None:
        """L1: a correction, the citizen's own words, or their own earlier report (R21, R52)."""
        named = [target for target in _reported_as(case) if self._is_own(target, sitting)]
        if item.about and (item.evidence or item.kind != "new"):
            named.append(item.about)
        found = self._corrected(item, sitting, carried) or self._latest(
            named, item, sitting, carried
        )
        return None if found is None else (found, "L1")

    def _at_once(self, case: Case, item: Item, sitting: Sitting) -> Case | None:
        """What it was merged into, where both were told before that one's first contact ended.

        It is one need (R14) and nobody had to come back for it.
        """
        for target in _reported_as(case):
            ruled = self._ruled.get((item.id, target))
            is_theirs = self._is_own(target, sitting) or ruled is True
            if target in self._cases and ruled is not False and is_theirs:
                root = self._cases[self._links.root(target)]
                if root.id != case.id and root.first.start <= sitting.start <= root.opened:
                    return root
        return None

    def _duplicate_of(self, case: Case) -> str | None:
        """Another party's report of the same place and service, still in its window (R20)."""
        if (known := self._given.get(case.id)) is not None:
            return "duplicate" if known else None
        for target in _reported_as(case):
            if not self._is_own(target, case.first):
                return target or "duplicate"
        apart = _taken_back(case)
        place = self._place(case)
        if case.service is None or case.service.subject != "place":
            return None
        if place is None or not place.is_exact:
            return None  # one postcode is many places
        for key in cells(place, around=True):
            for earlier in self._by_place[(case.service.id, key)]:
                if (
                    earlier.window_end is not None
                    and earlier.first.start <= case.first.start <= earlier.window_end
                    and earlier.first.id != case.first.id
                    and earlier.id not in apart
                    and not earlier.first.same_party(case.first)
                    and one_spot(place, self._place(earlier))
                ):
                    return earlier.id
        return None

    def _is_own(self, earlier: str, sitting: Sitting) -> bool:
        return earlier in self._cases and self._cases[earlier].first.same_party(sitting)

    def _remember(self, case: Case) -> None:
        if case.klass == STAGED or is_no_need(case) or case.service is None:
            return
        self._known.remember(case)
        place = self._place(case)
        if place is None or case.id in self._links.duplicate or _is_withdrawn(case):
            return  # not in E, so nobody else's report can be a duplicate of it
        for key in cells(place):
            self._by_place[(case.service.id, key)].append(case)

    def _place(self, case: Case) -> Place | None:
        return self._ledger.enquiries[case.id].place


def _reported_as(case: Case) -> list[str]:
    """Of what somebody said that this is a duplicate, and nobody took it back."""
    named: dict[str, None] = {}
    for event in case.events:
        target = event.text("target")
        if event.name in _APART:
            # Whenever it is recorded: a correction of a link, not something that happened (R32).
            named.pop(target, None)
        elif event.name in _SAME and (case.window_end is None or event.at <= case.window_end):
            named[target] = None
    return list(named)


def _taken_back(case: Case) -> set[str]:
    """Of what somebody said that this is no duplicate after all."""
    apart: set[str] = set()
    for event in case.events:
        if event.name in _APART:
            apart.add(event.text("target"))
        elif event.name in _SAME:
            apart.discard(event.text("target"))
    return apart


def _rulings(ledger: Ledger) -> dict[tuple[str, str], bool]:
    """The last correction of each pair (R52); of one moment, the one that takes a link away."""
    ordered = sorted(ledger.corrections, key=lambda line: (line.recorded, line.at, not line.linked))
    return {(line.item, line.earlier): line.linked for line in ordered}


def _opens_last(item: Item, cases: Mapping[str, Case]) -> bool:
    """Within one contact, what it says about known enquiries is read before what it opens."""
    return cases[item.enquiry].opening.id == item.id


def one_spot(one: Place, other: Place | None) -> bool:
    """Whether two parties can only mean one place: a UPRN of both, or points known to the metre."""
    if other is None or not other.is_exact:
        return False
    both_numbered = bool(one.uprn and other.uprn)
    return one.agrees(other) and (both_numbered or not (one.approx or other.approx))


def _is_withdrawn(case: Case) -> bool:
    return is_withdrawn(case.within())


def is_withdrawn(events: Iterable[Event]) -> bool:
    """Whether it stands withdrawn by its citizen: who took it up again has said nothing (R34)."""
    stands = False
    for event in events:
        if is_withdrawal(event.name, event.fields):
            stands = True
        elif takes_withdrawal_back(event):
            stands = False
    return stands


def takes_withdrawal_back(event: Event) -> bool:
    """A citizen's second thought, which is no failure of ours."""
    return event.name == "reopened" and event.text("takes_back") == "withdrawn"


def is_withdrawal(name: str, fields: Mapping[str, object]) -> bool:
    """Withdrawn by the citizen in a recorded contact (R34)."""
    return name == "withdrawn" and fields.get("by") == "citizen" and bool(fields.get("contact"))


def cells(place: Place, *, around: bool = False) -> list[str]:
    """Keys that two reports of one place share: its UPRN, and squares of 50 m."""
    keys = [f"u{_short(place.uprn)}"] if place.uprn else []
    if place.e is None or place.n is None:
        return keys
    east, north = int(place.e // CELL_METRES), int(place.n // CELL_METRES)
    reach = (-1, 0, 1) if around else (0,)
    return keys + [f"{east + dx}:{north + dy}" for dx in reach for dy in reach]


def _short(name: str) -> str:
    """Names from elsewhere may be long; a key has room for one of ours."""
    return name if len(name) <= _LONGEST else sha256(name.encode()).hexdigest()[:_LONGEST]
