"""Where a rule belongs in a list, what room it has there, and how two lists differ. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from enquiries.rule_rows import RuleRow

STEP = 10


@dataclass(frozen=True, slots=True)
class Differences:
    """What a later list has more, less or otherwise. `moved` are rules that only changed places."""

    added: tuple[RuleRow, ...]
    removed: tuple[RuleRow, ...]
    changed: tuple[tuple[RuleRow, RuleRow], ...]
    moved: int

    @property
    def none(self) -> bool:
        """Whether both lists say the same in the same order."""
        return not (self.added or self.removed or self.changed or self.moved)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a place in the order rests on: the tier of each service, what each area lies in."""

    tiers: Mapping[str, str]
    parents: Mapping[str, str]

    def chain(self, area: str) -> tuple[str, ...]:
        """An area and all that it lies in, smallest first."""
        found: list[str] = []
        while area and area not in found:
            found.append(area)
            area = self.parents.get(area, "")
        return tuple(found)


# -- Where ---------------------------------------------------------------------------------------


def place_for(new: RuleRow, rows: Sequence[RuleRow], ground: Ground) -> int:
    """The index before which a new rule belongs: the first less specific one that it overlaps.

    After all others where there is none.
    """
    mine = _specificity(new, ground)
    for at, row in enumerate(rows):
        if _specificity(row, ground) < mine and _overlap(new, row, ground):
            return at
    return len(rows)


def _specificity(row: RuleRow, ground: Ground) -> tuple[int, ...]:
    """Larger for a rule about less: the service first, then the answers, then the place."""
    return (
        bool(row.service),
        bool(row.owner_tier or row.service),
        len(row.answers),
        -sum(len(values) for _, values in row.answers),
        len(ground.chain(row.area_code)),
        bool(row.priority) + bool(row.channels) + bool(row.languages),
        bool(row.valid_from or row.valid_until),
    )


def _overlap(one: RuleRow, other: RuleRow, ground: Ground) -> bool:
    """Whether one case can be a case of both."""
    return (
        _same_services(one, other, ground)
        and _same_places(one, other, ground)
        and _same_days(one, other)
        and (not one.priority or not other.priority or one.priority == other.priority)
        and _share(one.channels, other.channels)
        and _share(one.languages, other.languages)
        and all(_share(values, dict(other.answers).get(key, ())) for key, values in one.answers)
    )


def _same_services(one: RuleRow, other: RuleRow, ground: Ground) -> bool:
    if one.service and other.service:
        return one.service == other.service
    tiers = [row.owner_tier or ground.tiers.get(row.service or "", "") for row in (one, other)]
    return not all(tiers) or tiers[0] == tiers[1]


def _same_places(one: RuleRow, other: RuleRow, ground: Ground) -> bool:
    if not one.area_code or not other.area_code:
        return True
    return one.area_code in ground.chain(other.area_code) or other.area_code in ground.chain(
        one.area_code
    )


def _same_days(one: RuleRow, other: RuleRow) -> bool:
    starts = [row.valid_from for row in (one, other) if row.valid_from]
    ends = [row.valid_until for row in (one, other) if row.valid_until]
    return not starts or not ends or max(starts) <= min(ends)


def _share(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or bool(set(one) & set(other))


# -- Room ----------------------------------------------------------------------------------------


def room(positions: Sequence[int], index: int) -> tuple[int, dict[int, int]]:
    """The number of a rule that is put before the index, and which others have to move up.

    A ten where one is free, else what lies between; where nothing does, those after it go on by
    tens as far as they must.
    """
    before = positions[index - 1] if index else 0
    ten = before - before % STEP + STEP
    if index == len(positions) or ten < positions[index]:
        return ten, {}
    if positions[index] - before > 1:
        return (before + positions[index]) // 2, {}
    moves, last = {}, ten
    for position in positions[index:]:
        if position > last:
            break
        last += STEP
        moves[position] = last
    return ten, moves


# -- Differences ---------------------------------------------------------------------------------


def differences(before: Sequence[RuleRow], after: Sequence[RuleRow]) -> Differences:
    """What became of one list: rules that are gone, new, say something else, stand elsewhere."""
    old, new = [row.said for row in before], [row.said for row in after]
    both = Counter(old) & Counter(new)
    removed, stayed = _apart(before, both)
    added, _ = _apart(after, both)
    changed: list[tuple[RuleRow, RuleRow]] = []
    for alike in (_scope, _place):
        removed, added = _paired(removed, added, alike, changed)
    return Differences(
        added=tuple(added),
        removed=tuple(removed),
        changed=tuple(sorted(changed, key=lambda pair: pair[1].position)),
        moved=_moved([row.said for row in stayed], new),
    )


def _apart(rows: Sequence[RuleRow], both: Counter[RuleRow]) -> tuple[list[RuleRow], list[RuleRow]]:
    """Rows that the other list does not have, and those that it has."""
    left = both.copy()
    alone, shared = [], []
    for row in rows:
        if left[row.said] > 0:
            left[row.said] -= 1
            shared.append(row)
        else:
            alone.append(row)
    return alone, shared


def _scope(row: RuleRow) -> object:
    return row.scope


def _place(row: RuleRow) -> object:
    """Where it stands, with what it is about: an edited rule keeps at least these."""
    return row.position, row.service, row.owner_tier


def _paired(
    removed: list[RuleRow],
    added: list[RuleRow],
    alike: Callable[[RuleRow], object],
    changed: list[tuple[RuleRow, RuleRow]],
) -> tuple[list[RuleRow], list[RuleRow]]:
    waiting: dict[object, list[RuleRow]] = defaultdict(list)
    for row in removed:
        waiting[alike(row)].append(row)
    rest = []
    for row in added:
        if found := waiting[alike(row)]:
            changed.append((found.pop(0), row))
        else:
            rest.append(row)
    gone = [row for rows in waiting.values() for row in rows]
    return sorted(gone, key=lambda row: row.position), rest


def _moved(stayed: Sequence[RuleRow], new: Sequence[RuleRow]) -> int:
    """How many of those that stayed would have to be put elsewhere: all but the longest row
    of them that kept its order."""
    at: dict[RuleRow, list[int]] = defaultdict(list)
    for index, row in enumerate(new):
        at[row].append(index)
    ends: list[int] = []
    for row in stayed:
        index = at[row].pop(0)
        found = bisect_left(ends, index)
        ends[found : found + 1] = [index]
    return len(stayed) - len(ends)
