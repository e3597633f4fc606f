"""The catalogue in steps of five: subject, group, service. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_noop as _

T = TypeVar("T")
A_SCREEN = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody who stands there would call it, and the catalogue's groups within.

    Name and note are shown through gettext; the groups are data.
    """

    slug: str
    name: str
    note: str
    groups: tuple[str, ...]


SUBJECTS = (
    Subject(
        "bins-and-streets",
        _("Bins, litter and streets"),
        _("Missed bins, fly-tipping, dogs, noise"),
        ("Bins and recycling", "Streets and litter", "Noise, pests and food"),
    ),
    Subject(
        "roads",
        _("Roads, parking and travel"),
        _("Potholes, street lights, permits, passes"),
        ("Roads and pavements", "Parking", "Travel passes"),
    ),
    Subject(
        "money-and-homes",
        _("Council tax, benefits and housing"),
        _("Bills, claims, repairs, somewhere to live"),
        ("Council tax", "Benefits and help with costs", "Housing"),
    ),
    Subject(
        "people",
        _("Family, care, health and safety"),
        _("Schools, births, care, crime"),
        (
            "Schools",
            "Children and families",
            "Adult social care",
            "Health",
            "Births, deaths and marriages",
            "Crime and safety",
        ),
    ),
)
# Holds every group that no subject names, so that a new group is never lost.
REST = Subject(
    "other", _("Planning, licences, leisure and more"), _("Libraries, voting, complaints"), ()
)


@dataclass(frozen=True, slots=True)
class Screen(Generic[T]):
    """At most five things, and whether there are screens before and after; 0 is none."""

    items: tuple[T, ...]
    number: int
    total: int
    before: int
    after: int


def number(text: str) -> int:
    """The number of a screen as an address has it; the first where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def screen(items: Sequence[T], wanted: int) -> Screen[T]:
    """The screen with this number; the nearest one that there is."""
    total = max(1, -(-len(items) // A_SCREEN))
    here = min(max(wanted, 1), total)
    start = (here - 1) * A_SCREEN
    return Screen(
        tuple(items[start : start + A_SCREEN]),
        here,
        total,
        here - 1,
        here + 1 if here < total else 0,
    )


def subject(slug: str) -> Subject | None:
    """One subject."""
    return next((one for one in (*SUBJECTS, REST) if one.slug == slug), None)


def groups_of(chosen: Subject, known: Sequence[str]) -> list[str]:
    """The groups of a subject that the catalogue has, in the subject's order."""
    if chosen is REST:
        named = {group for one in SUBJECTS for group in one.groups}
        return [group for group in known if group not in named]
    return [group for group in chosen.groups if group in known]


def subjects(known: Sequence[str]) -> list[Subject]:
    """The subjects that have something in them."""
    return [one for one in (*SUBJECTS, REST) if groups_of(one, known)]


def anchor(group: str) -> str:
    """A group in an address."""
    return "-".join("".join(c if c.isalnum() else " " for c in group.lower()).split())
