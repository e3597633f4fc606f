"""Enquiries added up, so that every figure of them can be computed. Pure.

Fourteen sums for each class, channel and whether people helped themselves; and beside them what
failed or was left out, by reason. Sums of days are sums of a year: nothing here is a rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from metrics.one_stop import Judged, Kind

# As groups name them: looking a member up is slower than all else that is done with a row.
_SUCCESS, _FAILURE = Kind.SUCCESS.value, Kind.FAILURE.value
_PENDING, _EXCLUDED = Kind.PENDING.value, Kind.EXCLUDED.value


@dataclass(frozen=True, slots=True)
class Group:
    """Enquiries that every figure treats alike."""

    klass: str
    channel: str
    linkable: bool
    self_service: bool
    kind: str
    reason: str | None
    owner: str | None
    recontacted: bool
    broken: bool
    capped: bool
    fcc: bool | None
    rftr: bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many enquiries a group has, and how many recontacts they had together."""

    group: Group
    n: int
    recontacts: int = 0


class Key(NamedTuple):
    """What sums are kept apart by: class, channel, and whether people helped themselves."""

    klass: str
    channel: str
    self_service: bool


class Tally(NamedTuple):
    """How many enquiries. `mature` have a verdict, and so have all that are not told of otherwise.

    `fcc` and `rftr` are of `fcc_of` and `rftr_of`, of which it can be said at all, open ones too.
    """

    mature: int = 0
    linkable: int = 0
    linkable_success: int = 0
    # Of the linkable.
    recontacted: int = 0
    anonymous_success: int = 0
    pending: int = 0
    # Of the pending, without a break so far.
    unbroken: int = 0
    left_out: int = 0
    capped: int = 0
    recontacts: int = 0
    fcc: int = 0
    fcc_of: int = 0
    rftr: int = 0
    rftr_of: int = 0


class End(NamedTuple):
    """A failure or an exclusion: why, whose it is to mend, whether people helped themselves."""

    kind: str
    reason: str
    owner: str
    self_service: bool


Cells = Mapping[Key, Tally]
Ends = Mapping[End, int]
NOTHING = Tally()


def together(tallies: Iterable[Tally]) -> Tally:
    """Several as one."""
    return Tally._make(map(sum, zip(NOTHING, *tallies, strict=True)))


def joined(several: Iterable[Cells]) -> dict[Key, Tally]:
    """The cells of several sets as those of one."""
    found: dict[Key, list[Tally]] = {}
    for cells in several:
        for key, tally in cells.items():
            found.setdefault(key, []).append(tally)
    return {key: one[0] if len(one) == 1 else together(one) for key, one in found.items()}


@dataclass(slots=True)
class Sums:
    """Everything that figures of enquiries are made of; two of them can be added."""

    cells: dict[Key, Tally] = field(default_factory=dict)
    ends: Counter[End] = field(default_factory=Counter)

    def add(self, row: Counted) -> None:
        """Some more enquiries of one group."""
        group = row.group
        key = Key(group.klass, group.channel, group.self_service)
        self.cells[key] = together((self.cells.get(key, NOTHING), tally_of(row)))
        if group.kind in (_FAILURE, _EXCLUDED):
            end = End(group.kind, group.reason or "", group.owner or "", group.self_service)
            self.ends[end] += row.n

    def update(self, other: Sums) -> None:
        """All enquiries of another set."""
        self.cells = joined([self.cells, other.cells])
        self.ends.update(other.ends)


def of(counted: Iterable[Counted]) -> Sums:
    """Groups added up."""
    found = Sums()
    for row in counted:
        found.add(row)
    return found


def tally_of(row: Counted) -> Tally:
    """The sums of one group."""
    group, n = row.group, row.n
    is_excluded, is_pending = group.kind == _EXCLUDED, group.kind == _PENDING
    is_mature = not is_excluded and not is_pending
    is_success = group.kind == _SUCCESS
    return Tally(
        mature=n * is_mature,
        linkable=n * (is_mature and group.linkable),
        linkable_success=n * (is_success and group.linkable),
        recontacted=n * (is_mature and group.linkable and group.recontacted),
        anonymous_success=n * (is_success and not group.linkable),
        pending=n * is_pending,
        unbroken=n * (is_pending and not group.broken),
        left_out=n * is_excluded,
        capped=n * (is_mature and group.capped),
        recontacts=row.recontacts * is_mature,
        fcc=n * (not is_excluded and bool(group.fcc)),
        fcc_of=n * (not is_excluded and group.fcc is not None),
        rftr=n * (not is_excluded and bool(group.rftr)),
        rftr_of=n * (not is_excluded and group.rftr is not None),
    )


def group_of(judged: Judged) -> Group:
    """The group that an enquiry is counted in."""
    return Group(
        klass=judged.klass,
        channel=judged.channel,
        linkable=judged.linkable,
        self_service=judged.self_service,
        kind=judged.verdict.kind.value,
        reason=judged.verdict.reason,
        owner=judged.verdict.owner,
        recontacted=judged.recontacts > 0,
        broken=judged.broken,
        capped=judged.capped,
        fcc=judged.first_contact_resolved,
        rftr=judged.right_first_time,
    )
