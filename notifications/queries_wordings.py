"""What messages say now and said before, for who writes it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from notifications import facts, gsm, live, rendering, saying, shipped
from notifications import wording_checks as checks
from notifications.actions_wordings import Place, check_place, languages_of
from notifications.events import EMAIL, EVENTS, LETTER, SMS
from notifications.models import Wording, WordingState, WordingVersion
from notifications.rendering import Rendered
from notifications.shipped import Source

MEDIUM_WORDS = {SMS: "Text", EMAIL: "Email", LETTER: "Letter"}


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the list: whose words it says now, and whether somebody works on others."""

    event: str
    medium: str
    language: str
    name: str
    when: str
    group: str
    whose: str
    has_draft: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact that the words may use."""

    name: str
    meaning: str
    example: str
    is_required: bool
    is_flag: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a wording."""

    number: int
    state: str
    state_words: str
    source: Source
    edition: int
    written_by: str
    written_at: datetime
    published_by: str
    published_at: datetime | None
    retired_by: str
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text becomes, and what it costs."""

    encoding: str
    units: int
    segments: int
    pence: str
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Words with facts, as they are sent."""

    subject: str
    body: str
    html: str
    size: Size | None


def rows(organisation_id: int | None, *, medium: str, language: str) -> list[Row]:
    """Every message that a body, or the partnership, writes by a medium in a language."""
    found: dict[tuple[str, int | None], set[str]] = {}
    names: dict[str, list[str]] = {}
    kept = WordingVersion.objects.filter(
        Q(state=WordingState.LIVE) | Q(state=WordingState.DRAFT),
        wording__medium=medium, wording__language=language,
    ).select_related("wording__organisation")  # fmt: skip
    for version in kept:
        of = version.wording
        found.setdefault((of.event, of.organisation_id), set()).add(version.state)
        if of.organisation is not None and version.state == WordingState.LIVE:
            names.setdefault(of.event, []).append(of.organisation.short_name)
    return [
        _row(event, medium, language, organisation_id, found, names)
        for event, known in EVENTS.items()
        if medium in known.media
        and event not in saying.WITHOUT_WORDS
        and language in languages_of(event)
        and (organisation_id is None or event in saying.OF_A_BODY)
    ]


def _row(
    event: str,
    medium: str,
    language: str,
    organisation_id: int | None,
    found: Mapping[tuple[str, int | None], set[str]],
    names: Mapping[str, list[str]],
) -> Row:
    own = found.get((event, organisation_id), set())
    ours = found.get((event, None), set())
    if WordingState.LIVE in own:
        whose = "Your own" if organisation_id is not None else "The partnership’s"
    elif organisation_id is not None and WordingState.LIVE in ours:
        whose = "The partnership’s"
    else:
        whose = "As supplied"
    what = saying.of(event)
    return Row(
        event, medium, language, what.name, what.when, what.group, whose,
        WordingState.DRAFT in own,
        tuple(sorted(names.get(event, ()))) if organisation_id is None else (),
    )  # fmt: skip


def versions(place: Place) -> list[Version]:
    """All versions of a wording, the newest first. Raises NoSuchWords."""
    check_place(place)
    of = Wording.objects.filter(event=place.event, medium=place.medium, language=place.language)
    whose = Q(organisation=None)
    if place.organisation_id is not None:
        whose = Q(organisation_id=place.organisation_id)
    found = WordingVersion.objects.filter(wording__in=of.filter(whose))
    return [_version(one) for one in found]


def _version(row: WordingVersion) -> Version:
    return Version(
        row.number, row.state, str(WordingState(row.state).label), Source(row.subject, row.body),
        row.edition, row.written_by, row.written_at, row.published_by, row.published_at,
        row.retired_by, row.retired_at,
    )  # fmt: skip


def inherited(place: Place) -> tuple[str, Source]:
    """What is said where there are no words of one's own, and whose that is."""
    if place.organisation_id is not None:
        of_all = Place(place.event, place.medium, place.language)
        for one in versions(of_all):
            if one.state == WordingState.LIVE:
                return "the partnership", one.source
    return "as supplied", check_place(place)


def variables(event: str, medium: str) -> list[Variable]:
    """The facts that the words of an event may use."""
    needed = checks.required(event, medium)
    found = []
    for name in checks.allowed(event):
        known = facts.known(name)
        is_flag = known.kind == facts.FLAG
        found.append(Variable(name, known.meaning, _here(known.example), name in needed, is_flag))
    return found


def examples(event: str) -> dict[str, str]:
    """Invented facts, one of each that an event has."""
    return {name: _here(facts.known(name).example) for name in EVENTS[event].keys}


def longest(event: str, **real: str) -> dict[str, str]:
    """Facts as long as they get. `real` are the longest that the reader's own data has."""
    found = {}
    for name in EVENTS[event].keys:
        known = facts.known(name)
        words = known.longest or known.example
        if known.kind == facts.WORDS:
            words = ("w" * 9 + " ") * 40 if not known.longest else words
        found[name] = real.get(name) or _here(words)
    return found


def _here(example: str) -> str:
    """An example with the address of this hub, which may be longer than the one that is made up."""
    return example.replace(facts.BASE, settings.HUB_BASE_URL)


def shown(place: Place, source: Source, given: Mapping[str, str]) -> Shown:
    """Words with facts, as they would be sent. Raises wording.Unreadable."""
    said = live.read(source, place.language)
    known = rendering.event_of(place.event, place.medium)
    filled: Rendered = rendering.fill(said, known, place.medium, given)
    size = measured(filled.body) if place.medium == SMS else None
    return Shown(filled.subject, filled.body, filled.html, size)


def cannot_be_sent(place: Place, source: Source) -> bool:
    """Whether anything is wrong with words, so that they cannot even be shown."""
    return bool(checks.faults(place.event, place.medium, source))


def remarks(event: str, source: Source) -> list[str]:
    """What in words is perhaps not meant."""
    return checks.remarks(event, source)


def measured(text: str) -> Size:
    """How a text travels, and its price by HUB_TEXT_PENCE."""
    size = gsm.measure(text)
    tenths = round(size.segments * float(settings.HUB_TEXT_PENCE) * 10)
    pence = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return Size(size.encoding, size.units, size.segments, pence, named(gsm.outside(text)))


def named(signs: str) -> tuple[str, ...]:
    """Signs with their names, for who cannot tell them apart."""
    return tuple(f"{sign} ({unicodedata.name(sign, 'without a name').lower()})" for sign in signs)


def outside_of_words(source: Source) -> tuple[str, ...]:
    """The signs in written words that a text cannot hold at its usual price."""
    return named(gsm.outside(gsm.plain(source.body)))


def languages() -> list[tuple[str, str]]:
    """The languages that have words, with their names."""
    names = dict(settings.LANGUAGES)
    return [(code, str(names.get(code, code))) for code in shipped.languages()]


__all__ = [
    "MEDIUM_WORDS",
    "Row",
    "Shown",
    "Size",
    "Variable",
    "Version",
    "cannot_be_sent",
    "examples",
    "inherited",
    "languages",
    "longest",
    "measured",
    "outside_of_words",
    "remarks",
    "rows",
    "shown",
    "variables",
    "versions",
]
