"""Lines of a ledger that was taken in, with our keys in the place of its names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from enquiries.models import ToldLine, ToldTie

Line = dict[str, Any]
# Under this key of a line stands what the file said itself.
TOLD = "told"
# Lines that belong to no enquiry, and are found by what they name.
_BESIDE = ("person", "merge", "unmerge", "outbound")


def is_any() -> bool:
    """Whether anything of this hub was told by another ledger."""
    return ToldLine.objects.exists()


def frame(*kinds: str) -> list[Line]:
    """Lines of these kinds as the file said them, in its order."""
    return [_own(row) for row in ToldLine.objects.filter(kind__in=kinds).order_by("number")]


class Told:
    """What another hub's ledger said of some rows of ours, which stands for what we would say.

    `beside` are its lines that bear on their contacts, `corrections` those of their items.
    """

    def __init__(
        self, contacts: Collection[int], items: Collection[int], enquiries: Collection[int]
    ) -> None:
        self._lines: dict[tuple[str, int], list[Line]] = {}
        if is_any():
            self._lines = _of_rows(contacts, items, enquiries)
        spoken = [one for key in contacts for one in self._lines.get(("contact", key), ())]
        self.beside = _beside(spoken) if spoken else []
        self.corrections = [
            line for key in enquiries for line in self._lines.get(("correction", key), ())
        ]

    def instead(self, kind: str, lines: Iterable[Line]) -> Iterator[Line]:
        """These lines, or what was told of the same rows."""
        for line in lines:
            yield from self._lines.get((kind, line["id"]), (line,))


def _of_rows(
    contacts: Collection[int], items: Collection[int], enquiries: Collection[int]
) -> dict[tuple[str, int], list[Line]]:
    """What was told of these rows, by kind and key; corrections under the enquiry's."""
    rows = ToldLine.objects.filter(
        Q(kind="contact", key__in=contacts)
        | Q(kind="item", key__in=items)
        | Q(kind__in=["enquiry", "correction"], key__in=enquiries)
    )
    found: dict[tuple[str, int], list[Line]] = {}
    for row in rows.order_by("number"):
        found.setdefault((row.kind, row.key or 0), []).append(_own(row))
    return found


def _beside(contacts: Iterable[Line]) -> list[Line]:
    """People, merges, our messages and contacts without a word, that bear on these contacts."""
    fresh = {tie for line in contacts for tie in ties(line)}
    ties_met: set[str] = set()
    found: set[int] = set()
    while fresh:
        met = ToldTie.objects.filter(tie__in=fresh).order_by().values_list("line_id", flat=True)
        new = set(met) - found
        found |= new
        ties_met |= fresh
        of_new = ToldTie.objects.filter(line__in=new).order_by().values_list("tie", flat=True)
        fresh = set(of_new) - ties_met
    return [_own(row) for row in ToldLine.objects.filter(pk__in=found).order_by("number")]


def all_beside() -> Iterator[Line]:
    """Every such line, in the order of the file."""
    silent = Exists(ToldTie.objects.filter(line=OuterRef("pk")))
    rows = ToldLine.objects.filter(Q(kind__in=_BESIDE) | Q(silent, kind="contact"))
    for row in rows.order_by("number").iterator(chunk_size=2_000):
        yield _own(row)


def names(kind: str, keys: Collection[int]) -> dict[int, str]:
    """What the file calls these rows of ours."""
    rows = ToldLine.objects.filter(kind=kind, key__in=keys)
    return {key or 0: name for key, name in rows.values_list("key", "name")}


def ties(line: Mapping[str, Any]) -> list[str]:
    """Under what a line of a contact is found by others that belong to it."""
    named = (
        ("c", line.get("id")), ("c", line.get("leg_of")), ("c", line.get("assists")),
        ("p", line.get("person")), ("a", line.get("address")), ("s", line.get("session")),
        ("t", line.get("thread")),
    )  # fmt: skip
    return [f"{kind}:{value}" for kind, value in named if value not in (None, "")]


def _own(row: ToldLine) -> Line:
    return {**row.line, **row.own, TOLD: row.line}
