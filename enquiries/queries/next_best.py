"""Which case is the best for somebody to take next, and why, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, QuerySet

from accounts import areas
from accounts.permissions import Permission, Viewer
from core.statements import Given, Statement, statement
from enquiries.lifecycle import LIVE, PRIORITY_WORDS, Priority, Status
from enquiries.models import Enquiry
from enquiries.queries import promise_hours
from enquiries.queries.queue_filters import free
from enquiries.queries.queue_names import Names
from enquiries.queries.queue_rows import UNKNOWN
from enquiries.queries.timeleft import NO_DATE, TimeLeft

# So many of those due first are weighed, and so many due first in each language that one speaks.
WEIGHED, WEIGHED_IN_A_LANGUAGE = 40, 10
ENGLISH = "en-gb"
_CLOCKS = {"late": 0, "soon": 1}
_PRESSES = {Priority.EMERGENCY.value: 0, Priority.URGENT.value: 1}
_SPEAKS, _DOES_NOT = 4, -6


@dataclass(frozen=True, slots=True)
class Fit:
    """What somebody can do: each by its key with a level of 1 to 3. `languages` are those beside
    English with their names; `areas` codes of districts and wards."""

    languages: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[int, int] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[int, int] = field(default_factory=dict)


ANYTHING = Fit()


class Candidate(NamedTuple):
    """What is weighed of a case."""

    pk: int
    reference: str
    service_id: int | None
    status: str
    due_at: datetime | None
    priority: str
    owner_id: int | None
    team_id: int | None
    language: str
    district_code: str
    ward_code: str
    assignee_id: int | None
    of_clock: dict[str, Any] | None


_FIELDS = Candidate._fields


class _Takes(NamedTuple):
    """What somebody may take: anything, of which organisation, without which services."""

    any: bool
    hub_id: int | None
    unread: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NextCase:
    """The case to go on with. `why` says it in a few words, joined by semicolons."""

    reference: str
    service: str
    is_mine: bool
    why: str
    clock: TimeLeft


def _open_to(takes: _Takes) -> QuerySet[Enquiry]:
    """What nobody has and such a viewer may take."""
    if not takes.any:
        return Enquiry.objects.none()
    rows = free(Enquiry.objects.order_by(), takes.hub_id)
    rows = rows.exclude(status=Status.WAITING.value)
    return rows.exclude(service_id__in=takes.unread)


def weighed(
    viewer: Viewer,
    fit: Fit,
    known: Names,
    *,
    without: Collection[int] = (),
    with_own: bool = False,
) -> list[Candidate]:
    """Those due first, and those due first in the languages that the viewer speaks; `with_own` the
    first that they have in hand as well. One statement, whose parts end by themselves, each read
    by an index."""
    sensitive = (key for key, one in known.services.items() if one.is_sensitive)
    unread = () if viewer.reads_sensitive else tuple(sorted(sensitive))
    may = viewer.is_hub and viewer.may(Permission.TRIAGE)
    takes = _Takes(may, viewer.organisation_id, unread)
    made = _statement.__wrapped__ if without else _statement
    asked = made(takes, tuple(fit.languages), tuple(without), with_own=with_own)
    return [Candidate(*row) for row in asked.rows(staff=viewer.id)]


@lru_cache(maxsize=512)
def _statement(
    takes: _Takes, languages: tuple[str, ...], without: tuple[int, ...], *, with_own: bool
) -> Statement:
    rows = _open_to(takes)
    if without:
        rows = rows.exclude(pk__in=without)
    spoken = [rows.filter(language=code) for code in languages]
    parts = [_first(rows, WEIGHED), *(_first(one, WEIGHED_IN_A_LANGUAGE) for one in spoken)]
    if with_own:
        mine = Enquiry.objects.filter(
            status__in=list(LIVE), assignee_id=Given("staff", BigIntegerField())
        )
        parts.append(_first(mine.exclude(status=Status.WAITING.value), 1))
    both = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    return statement(both, prepared=not without)


def _first(rows: QuerySet[Enquiry], most: int) -> Any:
    return read(rows.order_by("due_at", "pk"))[:most]


def read(rows: QuerySet[Enquiry]) -> Any:
    """What is weighed of these cases: rows for `Candidate`."""
    return rows.annotate(of_clock=promise_hours.of_case()).values_list(*_FIELDS)


def best(
    viewer: Viewer, fit: Fit, known: Names, *, now: datetime, opened: Collection[str] = ()
) -> NextCase | None:
    """What the viewer should go on with: what presses most of what they have in hand and what
    nobody has; theirs where both press alike. One statement."""
    found = weighed(viewer, fit, known, with_own=viewer.id is not None)
    mine = [one for one in found if one.assignee_id is not None]
    free_ones = [one for one in found if one.assignee_id is None]
    both = mine[:1] + ranked(free_ones, fit, known, now=now, opened=opened)[:1]
    if not both:
        return None
    one = min(both, key=lambda one: (_urgency(one, known, now), one.assignee_id is None))
    return said(one, fit, known, now=now, is_mine=one.assignee_id is not None)


def ranked(
    found: Collection[Candidate],
    fit: Fit,
    known: Names,
    *,
    now: datetime,
    opened: Collection[str] = (),
) -> list[Candidate]:
    """The best first. What somebody has open comes after all that nobody has."""
    return sorted(
        found,
        key=lambda one: (
            one.reference in opened,
            *_urgency(one, known, now),
            -_fits(one, fit),
            one.due_at is None,
            one.due_at or now,
            one.pk,
        ),
    )


def _urgency(one: Candidate, known: Names, now: datetime) -> tuple[int, int]:
    return _PRESSES.get(one.priority, 2), _CLOCKS.get(_clock(one, known, now).state, 2)


def _clock(one: Candidate, known: Names, now: datetime) -> TimeLeft:
    hours = known.hours(one.owner_id, one.of_clock)
    return promise_hours.left(one.due_at, one.status, now, hours)


def _fits(one: Candidate, fit: Fit) -> int:
    """How well a case fits: a language counts most, for nobody else may be able to answer."""
    points = fit.services.get(one.service_id or 0, 0) + fit.teams.get(one.team_id or 0, 0)
    points += max(fit.areas.get(one.ward_code, 0), fit.areas.get(one.district_code, 0))
    if one.language != ENGLISH:
        points += _SPEAKS if one.language in fit.languages else _DOES_NOT
    return points


def said(
    one: Candidate, fit: Fit, known: Names, *, now: datetime, is_mine: bool = False
) -> NextCase:
    """A case with why it comes next: "breaches in 40 working minutes; you speak Polish"."""
    service = known.services.get(one.service_id or 0)
    clock = _clock(one, known, now)
    words = ["it is yours"] if is_mine else []
    if one.priority != Priority.NORMAL.value:
        words.append(f"it is {_article(PRIORITY_WORDS[Priority(one.priority)].lower())}")
    words.append(_clock_words(clock))
    if not is_mine:
        words += _fit_words(one, fit, known)
    return NextCase(
        reference=one.reference,
        service=service.name if service else UNKNOWN,
        is_mine=is_mine,
        why="; ".join(words),
        clock=clock,
    )


def _article(priority: str) -> str:
    return "an emergency" if priority == "emergency" else priority


def _clock_words(clock: TimeLeft) -> str:
    if clock.state == "late":
        return clock.words[0].lower() + clock.words[1:]
    if clock.state == "soon":
        return f"breaches in {clock.words.removesuffix(' left')}"
    return "nothing more urgent waits" if clock is NO_DATE else f"due first, {clock.words}"


def _fit_words(one: Candidate, fit: Fit, known: Names) -> list[str]:
    words = []
    if one.language in fit.languages:
        words.append(f"you speak {fit.languages[one.language]}")
    service = known.services.get(one.service_id or 0)
    if service is not None and service.pk in fit.services:
        words.append(f"you know {service.name.lower()}")
    code = next((code for code in (one.ward_code, one.district_code) if code in fit.areas), "")
    named: Any = areas.named().get(code)
    if named is not None:
        words.append(f"you know {named.name}")
    if one.team_id in fit.teams:
        words.append("it is your team’s")
    return words
