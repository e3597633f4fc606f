"""By which ways somebody may be told, the best first. Pure: facts in, ways out.

It stands with the people because nearly all that decides is about them: what they gave us, what
they proved, what they need and what they said. What it is about comes in as a `Wish`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from customers.adjusting import Need
from customers.contact import is_mobile

SMS, EMAIL, LETTER = "sms", "email", "letter"
MEDIA = [(SMS, "Text message"), (EMAIL, "Email"), (LETTER, "Letter")]
# Where nobody chose: what costs least and says most.
_USUAL = (EMAIL, SMS, LETTER)
_FORBIDS: dict[str, Need] = {
    SMS: Need.NO_TEXTS,
    EMAIL: Need.NO_EMAILS,
    LETTER: Need.NO_LETTERS,
}
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")


class Why(StrEnum):
    """Why a way was chosen, or why there is none."""

    CHOSEN = "chosen"  # for this enquiry
    STANDING = "standing"  # for all of theirs
    GIVEN = "given"  # they gave no other with it
    KNOWN = "known"  # theirs from before
    CALLS_ONLY = "calls_only"
    NOTHING_KNOWN = "nothing_known"
    NOTHING_USABLE = "nothing_usable"
    NO_CONSENT = "no_consent"


# For staff.
WHY_WORDS: dict[Why, str] = {
    Why.CHOSEN: "as they chose for this enquiry",
    Why.STANDING: "as they chose for all of theirs",
    Why.GIVEN: "the address that they gave with it",
    Why.KNOWN: "an address of theirs that we know",
    Why.CALLS_ONLY: "They only want to be rung",
    Why.NOTHING_KNOWN: "They left no address that we may write to",
    Why.NOTHING_USABLE: "Every address that we have refused us, or is not to be used",
    Why.NO_CONSENT: "They have not said yes to this",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A telephone number or an e-mail address of somebody, and what is known of it.

    `is_stopped`: they sent STOP from it. `for_one`: given about one enquiry alone.
    """

    kind: str
    value: str
    digest: str
    is_preferred: bool = False
    for_one: bool = False
    is_proved: bool = False
    is_stopped: bool = False
    is_unusable: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of how to tell somebody. `post` are the lines of a full postal address,
    `yes_to` the media by which they want news that is not about their enquiries."""

    points: tuple[Point, ...] = ()
    post: tuple[str, ...] = ()
    tell_by: str = ""
    needs: frozenset[str] = frozenset()
    yes_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is to be told about.

    `prefer` is the medium chosen for it and `first` the keyed hash of the address that comes
    first. `given` are those of all addresses given with it; None: nobody wrote them down, or staff
    spoke with the person, so that all that they gave us counts. `marketing` is what is not about
    an enquiry of theirs.
    """

    prefer: str = ""
    first: str = ""
    given: frozenset[str] | None = None
    marketing: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way: a medium, the address there, and why. `postal` are the lines of a letter."""

    medium: str
    to: str
    why: Why
    postal: tuple[str, ...] = ()
    large_print: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Where it leads, whyever it was chosen."""
        return self.medium, self.to


@dataclass(frozen=True, slots=True)
class Decision:
    """Ways, the best first, at most one of each medium; or why nobody may be told."""

    ways: tuple[Way, ...]
    why_none: Why | None = None

    @property
    def must_ring(self) -> bool:
        """Whether somebody has to ring them, because they want nothing in writing."""
        return self.why_none is Why.CALLS_ONLY

    def after(self, tried: Iterable[str]) -> Way | None:
        """The best way by a medium that was not tried."""
        gone = frozenset(tried)
        return next((way for way in self.ways if way.medium not in gone), None)


def postal_lines(*, name: str, address: str, postcode: str) -> tuple[str, ...]:
    """The lines of an address that a letter would reach; () where it is not whole.

    Whole is a name, since a letter about somebody's enquiry is for them alone, a line that says
    which house, and a full postcode.
    """
    code = " ".join(postcode.upper().split())
    parts = [" ".join(part.split()) for part in re.split(r"[,\n]", address)]
    lines = [
        part for part in parts if part and part.upper().replace(" ", "") != code.replace(" ", "")
    ]
    which = any(re.search(r"\d", line) for line in lines) or len(lines) >= 2
    if not name.strip() or not which or not _POSTCODE.fullmatch(code):
        return ()
    if " " not in code:
        code = f"{code[:-3]} {code[-3:]}"
    # A window has room for seven lines.
    return (
        (" ".join(name.split()), *lines[:4], ", ".join(lines[4:]), code)
        if len(lines) > 5
        else (" ".join(name.split()), *lines, code)
    )


def decide(known: Known, wish: Wish) -> Decision:
    """Every way by which somebody may be told, the best first."""
    if Need.CALLS_ONLY in known.needs:
        return Decision((), Why.NO_CONSENT if wish.marketing else Why.CALLS_ONLY)
    open_to = [medium for medium in _USUAL if _FORBIDS[medium] not in known.needs]
    if wish.marketing:
        open_to = [medium for medium in open_to if medium in known.yes_to]
        if not open_to:
            return Decision((), Why.NO_CONSENT)
    usable = [point for point in known.points if _may(point, wish)]
    found: dict[str, tuple[tuple[int, ...], Way]] = {}
    for number, point in enumerate(usable):
        medium = EMAIL if point.kind == "email" else SMS
        if medium not in open_to:
            continue
        rank = _rank(point, medium, number, known, wish)
        if medium not in found or rank < found[medium][0]:
            found[medium] = rank, Way(medium, point.value, _why(point, medium, known, wish))
    if known.post and LETTER in open_to:
        found[LETTER] = _letter(known, wish)
    ways = tuple(way for _rank, way in sorted(found.values(), key=lambda one: one[0]))
    if ways:
        return Decision(ways)
    anything = bool(known.post) or any(_is_theirs(point, wish) for point in known.points)
    return Decision((), Why.NOTHING_USABLE if anything else Why.NOTHING_KNOWN)


def _is_theirs(point: Point, wish: Wish) -> bool:
    """Whether it may be written to about this, so far as it is theirs.

    What nobody proved may be somebody else's: it is written to about what it was given with.
    """
    if wish.marketing:
        return point.is_proved and not point.for_one
    if point.digest == wish.first or (wish.given is not None and point.digest in wish.given):
        return True
    return not point.for_one and (point.is_proved or wish.given is None)


def _may(point: Point, wish: Wish) -> bool:
    if point.is_stopped or point.is_unusable or not _is_theirs(point, wish):
        return False
    return point.kind == "email" or is_mobile(point.value)


def _rank(point: Point, medium: str, number: int, known: Known, wish: Wish) -> tuple[int, ...]:
    """Smaller is better. What was given with it comes before all that is only known."""
    given = wish.given is None or point.digest == wish.first or point.digest in wish.given
    return (
        0 if given else 1,
        _place(medium, known, wish),
        0 if point.digest == wish.first else 1,
        0 if point.is_preferred else 1,
        0 if point.is_proved else 1,
        number,
    )


def _place(medium: str, known: Known, wish: Wish) -> int:
    return [wish.prefer, known.tell_by, *_USUAL].index(medium)


def _why(point: Point, medium: str, known: Known, wish: Wish) -> Why:
    if medium == wish.prefer:
        return Why.CHOSEN
    if medium == known.tell_by:
        return Why.STANDING
    if point.digest == wish.first or (wish.given is not None and point.digest in wish.given):
        return Why.GIVEN
    return Why.KNOWN


def _letter(known: Known, wish: Wish) -> tuple[tuple[int, ...], Way]:
    """Last, since it takes days and costs most; first for who chose letters."""
    is_chosen = LETTER in (wish.prefer, known.tell_by if not wish.prefer else "")
    why = Why.CHOSEN if wish.prefer == LETTER else Why.STANDING if is_chosen else Why.KNOWN
    rank = (-1,) if is_chosen else (9,)
    large = Need.LARGE_PRINT in known.needs
    return rank, Way(LETTER, known.post[-1], why, known.post, large)
