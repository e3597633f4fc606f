"""Figures that are watched: how one stands, whether in its band, and what is news. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.sheets import Sheet

# So many days are looked at together: one busy day is no news.
DAYS = 28
# Of fewer than these a figure says more about chance than about work.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Watched:
    """A figure that can have a band: its name, whether it is a share, and where it stands.

    `decided`: it is of what was decided in the days, not of what began in them.
    """

    name: str
    is_share: bool
    decided: bool
    value: Callable[[Sheet], float | None]
    n: Callable[[Sheet], int]


FIGURES: Mapping[str, Watched] = {
    "osr": Watched(
        "One-stop rate", True, True, lambda of: of.measures.osr.linked,
        lambda of: of.measures.osr.n,
    ),
    "rcr": Watched(
        "Contacts that came back", True, True, lambda of: of.measures.rcr.value,
        lambda of: of.measures.rcr.denominator,
    ),
    "fcc": Watched(
        "Done in the first contact", True, True, lambda of: of.measures.fcc.value,
        lambda of: of.measures.fcc.denominator,
    ),
    "acr": Watched(
        "Avoidable contacts", True, False, lambda of: of.acr.share.value,
        lambda of: of.acr.share.denominator,
    ),
    "cpr": Watched(
        "Contacts for each need settled", False, False, lambda of: of.cpr.value,
        lambda of: of.cpr.denominator,
    ),
    "survey": Watched(
        "Got what they needed, they say", True, False, lambda of: of.surveyed.value,
        lambda of: of.surveyed.denominator,
    ),
}  # fmt: skip


class News(StrEnum):
    """What is told: once when it leaves its band, once when it is back."""

    LEFT = "left"
    BACK = "back"


def value(figure: str, sheet: Sheet) -> Decimal | None:
    """As a manager says it: hundredths, or contacts; None of too few to tell."""
    watched = FIGURES[figure]
    found = watched.value(sheet)
    if found is None or watched.n(sheet) < ENOUGH:
        return None
    return Decimal(f"{found * (100 if watched.is_share else 1):.2f}")


def is_outside(now: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    """Whether it lies below the one or above the other; the edges are in the band."""
    return (low is not None and now < low) or (high is not None and now > high)


def news(*, was_outside: bool, outside: bool) -> News | None:
    """What there is to tell; nothing while it stays where it was."""
    if outside == was_outside:
        return None
    return News.LEFT if outside else News.BACK


def said(figure: str, number: Decimal | None) -> str:
    """A number of a figure in words; "" where there is none."""
    if number is None:
        return ""
    text = f"{number.normalize():f}"
    return f"{text}%" if FIGURES[figure].is_share else text


def said_band(figure: str, low: Decimal | None, high: Decimal | None) -> str:
    """Between what it should stay."""
    if low is not None and high is not None:
        return f"{said(figure, low)} to {said(figure, high)}"
    return f"{said(figure, low)} or more" if low is not None else f"{said(figure, high)} or less"
