"""Which earlier enquiries a new one may be about by rule: L2, L3 and L4. Pure (R9, R15-R19)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from enquiries.clocks import plus_days
from metrics.cases import Case
from metrics.facts import STAGED, Item, Ledger, Place
from metrics.left_forms import A_DAY
from metrics.sittings import Sitting

HASH_DAYS = 7
_STAFFED = frozenset({"phone", "counter"})

Found = tuple[Case, str]


class Known:
    """Needs that were told, found again by who told them and what about."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._by_person: dict[tuple[str, str], list[Case]] = defaultdict(list)
        self._by_hash: dict[tuple[str, str], list[Case]] = defaultdict(list)

    def remember(self, case: Case) -> None:
        """A need that a later contact may turn out to be about."""
        for group in _groups(case):
            for person in case.first.persons:
                self._by_person[(person, group)].append(case)
            for digest in case.first.hashes:
                self._by_hash[(digest, group)].append(case)

    def find(
        self, case: Case, item: Item, sitting: Sitting, fits: Callable[[Case], bool]
    ) -> Found | None:
        """The strongest tier, then the latest first contact (R19); None where nothing fits."""
        if case.klass == STAGED or case.service is None:
            return None
        by_tier = (
            ("L2", self._same_place(case, sitting)),
            ("L3", self._same_family(case, item, sitting)),
            ("L4", self._same_hash(case, sitting)),
        )
        for tier, earlier in by_tier:
            found = [one for one in earlier if one.covers(sitting.start) and fits(one)]
            if found:
                return max(found, key=latest), tier
        return None

    def _same_place(self, case: Case, sitting: Sitting) -> Iterable[Case]:
        """L2: same person, same service, same place; of a form left without one any place (R9)."""
        place = self._place(case)
        for person in sitting.persons:
            for earlier in self._by_person[(person, f"s:{case.service_id}")]:
                theirs = self._place(earlier)
                if one_place(place, theirs) or (theirs is None and is_elsewhere(earlier, sitting)):
                    yield earlier

    def _same_family(self, case: Case, item: Item, sitting: Sitting) -> Iterable[Case]:
        """L3: same person and family, in the first half of W; the desk may have asked (R17)."""
        asked = item.desk_answer
        if asked == "no" or not (asked == "yes" or is_staffed(sitting)):
            return
        for person in sitting.persons:
            for earlier in self._by_person[(person, f"f:{case.family}")]:
                if case.family and sitting.start <= _half_way(earlier):
                    yield earlier

    def _same_hash(self, case: Case, sitting: Sitting) -> Iterable[Case]:
        """L4: one of the two is nobody known, a hash and the family agree, within 7 days (R18)."""
        for digest in sitting.hashes:
            for earlier in self._by_hash[(digest, f"f:{case.family}")]:
                both_known = earlier.first.persons and sitting.persons
                in_time = sitting.start <= plus_days(earlier.ended, HASH_DAYS)
                if case.family and in_time and not both_known:
                    yield earlier

    def _place(self, case: Case) -> Place | None:
        return self._ledger.enquiries[case.id].place


def _groups(case: Case) -> list[str]:
    return [f"s:{case.service_id}", *([f"f:{case.family}"] if case.family else [])]


def _half_way(case: Case) -> datetime:
    """The instant half-way in elapsed time between the end of the first contact and of W."""
    if case.window_end is None:
        return case.ended
    return case.ended + (case.window_end - case.ended) / 2


def latest(case: Case) -> tuple[datetime, str]:
    """By which of two enquiries of one tier the later one counts (R19)."""
    return case.first.start, case.id


def is_staffed(sitting: Sitting) -> bool:
    """Whether somebody of ours was there who could ask: phone, counter, assisted kiosk (R17)."""
    return sitting.channel in _STAFFED or sitting.assisted


def is_elsewhere(case: Case, sitting: Sitting) -> bool:
    """Whether a contact finished at another door, within 24 hours, what was left unsent (R9).

    A kiosk of another site is another door, also with staff who help (R56).
    """
    first = case.first
    if not first.closes < sitting.start <= first.closes + A_DAY:
        return False
    helped = not sitting.assists.isdisjoint(first.legs)
    moved = bool(first.site and sitting.site and first.site != sitting.site)
    if any(event.name == "channel_forced" and event.at < sitting.start for event in case.events):
        return False  # it was finished before; who comes now comes back
    is_other_door = sitting.channel != first.channel or helped or moved
    return is_other_door and (helped or case.is_unsent) and case.outcome(sitting.start) is None


def one_place(one: Place | None, other: Place | None) -> bool:
    """Two without a place agree; one with and one without do not (R16)."""
    if one is None or other is None:
        return one is other
    return one.agrees(other)
