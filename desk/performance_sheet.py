"""Every figure as sections of a page, made of what `manage.py measures` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desk import performance_words as words
from desk.performance_rows import Names
from enquiries.lifecycle import CLOCK_WORDS
from metrics.definitions import DEFINITIONS, Definition
from metrics.spread import Number, Row

NOT_KNOWN = "–"
BESIDE = "beside"
OWN_COSTS = (
    "Costs are of the contacts that your own organisation took: what others pay is theirs to say."
)

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "one-stop",
        "One stop",
        (
            "osr", "osr_without_self_service", "mix_adjusted", "fcc", "rcr", "rftr", "staged",
            "failures",
        ),
    ),
    (
        "contacts",
        "Contacts",
        (
            "acr", "acr_by_reason", "cpr", "channels", "cost_per_contact", "abandonment",
            "signposting", "duplicate_demand",
        ),
    ),
    (
        "times",
        "How long it takes",
        ("first_response", "resolution", "final", "backlog", "sla", "ola", "offers"),
    ),
    ("said", "What people say", ("survey",)),
    (
        BESIDE,
        "Beside the enquiries, of the whole partnership",
        (
            "bvpi_157", "answers", "kiosk_uptime", "messages_within_10_s", "calls_within_20_s",
            "calls_given_up",
        ),
    ),
)  # fmt: skip
_CLOCKS: Mapping[str, str] = {kind.value: said for kind, said in CLOCK_WORDS.items()}
_MEASURES: Mapping[str, str] = {
    "linked": "Headline",
    "upper": "At most",
    "lower": "At least",
    "n": "Counted",
    "wilson_low": "Chance, from",
    "wilson_high": "Chance, to",
    "successes": "One stop",
    "mature": "Decided",
    "pending": "Still open",
    "capped_without_outcome": "Time was over before the promise",
    "borrowed_weight": "Similar ones spoke for",
    "provisional": "So far, if no open one breaks",
    "expected": "So far, if open ones do as the last eight weeks",
    "out_of_order": "Headline outside its bounds",
    "weight": "Weighted with",
    "median": "Median",
    "p90": "90th percentile",
    "median_with_open": "Median with open",
    "p90_with_open": "90th percentile with open",
    "oldest": "Oldest",
    "share": "Met of decided",
    "met": "Met",
    "missed": "Missed",
    "running": "Running",
    "void": "Void",
    "shift": "Shift",
    "without_cost": "Without a cost",
    "contacts": "Contacts",
    "total": "Pounds",
    "gap": "Above or below one stop",
    "opened": "Opened",
    "unknown": "Said nothing",
    "day": "Counted on",
    "ended_without_outcome": "Ended without an outcome",
    "with_outcome": "With an outcome",
    "value": "Is",
    "numerator": "Counted",
    "denominator": "Of",
}
_MINUTES = frozenset({"median", "p90", "median_with_open", "p90_with_open", "oldest"})
_SHARES = frozenset(
    {"linked", "upper", "lower", "wilson_low", "wilson_high", "provisional", "expected", "share"}
)
# The number that people ask for, where it is not the first.
_MAIN: Mapping[str, str] = {
    "first_response": "median",
    "resolution": "median",
    "final": "median",
}
# What a number is called in one figure alone.
_LABELS: Mapping[tuple[str, str], str] = {
    ("backlog", "n"): "All",
    ("staged", "n"): "All",
    ("first_response", "n"): "Answered",
    ("resolution", "n"): "With an outcome",
    ("final", "n"): "Ended again",
    ("cost_per_contact", "numerator"): "All of them together",
    ("cost_per_contact", "denominator"): "Contacts with a cost",
    ("kiosk_uptime", "numerator"): "There",
    ("kiosk_uptime", "denominator"): "Open",
}
_SECONDS = frozenset({("kiosk_uptime", "numerator"), ("kiosk_uptime", "denominator")})
# As many parts as are open by themselves.
_FEW = 8
_ENQUIRIES = frozenset({("backlog", "n"), ("staged", "n")})
_POINTS = frozenset({"gap", "shift"})
# Ratios that may exceed one, so that they are no share of anything.
_TIMES_OVER = frozenset({"cpr"})


@dataclass(frozen=True, slots=True)
class Told:
    """One number as people read it; `exact` is what the files and the command say."""

    label: str
    key: str
    exact: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure by its name, and its numbers."""

    name: str
    numbers: list[Told]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the number people ask for, those behind it, its parts and its definition."""

    id: str
    definition: Definition
    main: Told | None
    numbers: list[Told]
    parts: list[Part] = field(default_factory=list)

    @property
    def says_which(self) -> bool:
        """Whether its number needs the word for what it is: a median is no share."""
        return self.id in _MAIN

    @property
    def is_parts_alone(self) -> bool:
        """Whether it is nothing but a few parts, so that they are open."""
        return self.main is None and len(self.parts) <= _FEW


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    id: str
    name: str
    figures: list[Figure]
    # What is counted of the whole partnership alone, where a part of it is shown.
    untold: list[str] = field(default_factory=list)

    @property
    def untold_words(self) -> str:
        """That these cannot be told of one organisation; "" where there are none."""
        if not self.untold:
            return ""
        return (
            f"Counted of the whole partnership alone, so not told here: {'; '.join(self.untold)}."
        )


def sections(rows: Sequence[Row], names: Names) -> list[Section]:
    """The page, of rows of `metrics.spread`; a figure that is not among them is not on it."""
    by_figure: dict[str, list[Row]] = {}
    for row in rows:
        by_figure.setdefault(row.figure, []).append(row)
    return [
        Section(
            anchor,
            name,
            [_figure(key, by_figure[key], names) for key in keys if key in by_figure],
            _untold(anchor, keys, by_figure),
        )
        for anchor, name, keys in SECTIONS
    ]


def _untold(anchor: str, keys: Sequence[str], shown: Mapping[str, object]) -> list[str]:
    """The names of what stands beside the enquiries and is not shown to who sees a part alone."""
    if anchor != BESIDE or any(key in shown for key in keys):
        return []
    return [DEFINITIONS[key].name for key in keys]


def _figure(key: str, rows: Sequence[Row], names: Names) -> Figure:
    own = sorted(
        (_told(row) for row in rows if not row.part),
        key=lambda one: one.key != f"{key}//{_MAIN.get(key, '')}",
    )
    parts: dict[str, list[Told]] = {}
    for row in rows:
        if row.part:
            parts.setdefault(row.part, []).append(_told(row))
    return Figure(
        id=key,
        definition=DEFINITIONS[key],
        main=own[0] if own else None,
        numbers=own[1:],
        parts=[Part(part_name(key, part, names), numbers) for part, numbers in parts.items()],
    )


def _told(row: Row) -> Told:
    own = "" if row.part else _LABELS.get((row.figure, row.measure), "")
    label = own or _MEASURES.get(row.measure)
    return Told(
        label=label or row.measure.replace("_", " ").capitalize(),
        key=row.key,
        exact=exact(row.value),
        text=_text(row.figure, row.measure, row.value),
    )


def exact(value: Number) -> str:
    """A number as the files write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _text(figure: str, measure: str, value: Number) -> str:
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value if isinstance(value, str) else _number(figure, measure, value)


def _number(figure: str, measure: str, value: float) -> str:
    """A number with its unit."""
    if figure == "cost_per_contact" and measure in ("value", "numerator", "total"):
        return f"£{value:,.2f}"
    if (figure, measure) in _SECONDS:
        return f"{value / 3600:,.0f} hours"
    if (figure, measure) in _ENQUIRIES:
        return f"{value:,} {'enquiry' if value == 1 else 'enquiries'}"
    if measure in _MINUTES:
        return minutes(value)
    if measure in _POINTS:
        return f"{value:+.1f} points".replace("-", "−")
    if measure in _SHARES or (measure == "value" and figure not in _TIMES_OVER):
        return f"{value * 100:.1f}%"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def minutes(value: float) -> str:
    """How long something took, in the largest unit that says it."""
    for unit, size in (("days", 1440), ("hours", 60)):
        if value >= 2 * size:
            return f"{value / size:,.1f} {unit}"
    return f"{value:,.0f} minutes"


def part_name(figure: str, part: str, names: Names) -> str:
    """What a part is called: a reason, an owner, an organisation, a channel, a clock, an age."""
    said = [_one(figure, one, names) for one in part.split("/")]
    return ", ".join(word for word in said if word)


def _one(figure: str, text: str, names: Names) -> str:
    if text in ("by", "bands", "open", "excluded"):
        return {"open": "Open now", "excluded": "Left out"}.get(text, "")
    for known in (words.REASONS, _CLOCKS, names.organisations):
        if text in known:
            return known[text]
    if text in words.EXCLUSIONS:
        return words.EXCLUSIONS[text][0]
    if figure == "answers":
        return names.articles.get(text, text)
    if figure in ("channels", "cost_per_contact"):
        return words.channel(text)
    if text == "-":
        return "Not yet known"
    return words.owner(text, names.organisations) if figure == "failures" else text
