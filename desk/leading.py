"""What a leader of a team sees of it: how it stands, without a league of names."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

import accounts.colleagues
import inbox.queries_calls
import metrics.queries
from accounts.permissions import Permission, Viewer
from desk.choices import Choices
from desk.performance_words import percent
from enquiries.queries import wallboard
from enquiries.queries.wallboard import InHand, Sitting
from metrics.queries import Chosen
from teamwork import queries_skills

_PURPOSE = "desk.colleague"
WEEK = timedelta(days=7)
NOTHING = InHand(0, 0)
# Long enough after the end of a window of 14 days that a week stands.
STANDS_AFTER = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure as components/stat.html shows it."""

    label: str
    value: str
    note: str
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One colleague, by name: what they are in and what they have. No score, no order by one."""

    key: uuid.UUID
    name: str
    sittings: tuple[Sitting, ...]
    in_hand: InHand
    agreed: int | None = None
    away_words: str = ""


def wall(who: Viewer, *, now: datetime) -> list[Stat]:
    """Waiting, oldest, breaching, callbacks and one-stop today, for the wall of a room."""
    found = wallboard.waiting(who, now=now)
    return [
        Stat(
            "Nobody has yet",
            _number(found.number),
            f"the oldest since {_ago(found.oldest, now)}" if found.oldest else "nothing waits",
            href="/desk/?view=unassigned",
        ),
        Stat(
            "Late",
            _number(found.late),
            "of those, past what was promised",
            tone="late" if found.late else "kept",
            href="/desk/?view=unassigned&late=on",
        ),
        Stat(
            "Late within two hours",
            _number(found.soon),
            "if nobody takes them",
            tone="soon" if found.soon else "kept",
            href="/desk/?view=unassigned",
        ),
        *_callbacks(who, now),
        _with_somebody(wallboard.sittings(who)),
        *_one_stop(who, now),
    ]


def _with_somebody(sittings: list[Sitting]) -> Stat:
    """How many colleagues are with somebody; whose it is stands on no wall."""
    talk, wrap, aside = (
        sum(one.stage == stage for one in sittings) for stage in ("talk", "wrap", "aside")
    )
    note = f"{wrap} more being wrapped up, {aside} put aside"
    return Stat("With somebody now", str(talk), note, href="/desk/team/#colleagues")


def _callbacks(who: Viewer, now: datetime) -> list[Stat]:
    if not who.may(Permission.HANDLE_CONTACTS):
        return []
    found = inbox.queries_calls.how_many_wait(who, now=now)
    note = "now: they rang in vain, or chose this time"
    if found.later:
        note += f". {found.later} more later, at a time that they chose"
    return [Stat("To be rung back", str(found.now), note, href="/desk/callbacks/")]


def _one_stop(who: Viewer, now: datetime) -> list[Stat]:
    today = timezone.localdate(now)
    begun = metrics.queries.overall(who, Chosen(since=today, until=today + timedelta(days=1))).osr
    first, last = today - STANDS_AFTER - WEEK, today - STANDS_AFTER - timedelta(days=1)
    week = Chosen(since=first, until=last + timedelta(days=1))
    stands = metrics.queries.overall(who, week).osr
    total = begun.mature + begun.pending
    held = begun.successes + begun.pending_unbroken
    return [
        Stat(
            "One stop today, so far",
            percent(begun.provisional) if total else "–",
            f"{held} of {total} begun today have had no second contact; "
            f"{begun.pending_unbroken} of those may still have one"
            if total
            else "nothing that counts was begun today",
            href=f"/desk/performance/?from={today}&to={today}",
        ),
        Stat(
            "One stop, last week that stands",
            percent(stands.linked) if stands.linked is not None else "–",
            f"{first:%-d %B} to {last:%-d %B}, the goal is 80%",
            href=f"/desk/performance/?from={first}&to={last}",
        ),
    ]


def colleagues(who: Viewer, *, now: datetime) -> list[Colleague]:
    """Everybody at the desk today by name, with what they are in and have."""
    in_hand = wallboard.in_hand(who, now=now)
    by: dict[int, list[Sitting]] = {}
    for sitting in wallboard.sittings(who):
        by.setdefault(sitting.staff, []).append(sitting)
    names: Mapping[int, str] = {one.pk: one.name for one in accounts.colleagues.of_the_desk()}
    gone = {pk: found[0].name for pk, found in by.items() if pk not in names}
    agreed, away = queries_skills.agreed(), queries_skills.away(on=timezone.localdate(now))
    return [
        Colleague(
            key_of(pk),
            name,
            tuple(by.get(pk, ())),
            in_hand.get(pk, NOTHING),
            agreed.get(pk),
            away_words(away[pk]) if pk in away else "",
        )
        for pk, name in sorted({**names, **gone}.items(), key=lambda one: (one[1], one[0]))
    ]


def to_whom(who: Viewer, whose: int, *, now: datetime) -> Choices:
    """Whom work can be given to, each with what they have; who is away says so, and comes last."""
    in_hand, away = wallboard.in_hand(who, now=now), queries_skills.away(on=timezone.localdate(now))
    agreed = queries_skills.agreed()
    others = [one for one in accounts.colleagues.of_the_desk() if one.pk != whose]
    named = [
        (one.pk, one.name, in_hand.get(one.pk, NOTHING).number, agreed.get(one.pk))
        for one in sorted(others, key=lambda one: one.pk in away)
    ]
    return [
        (str(pk), f"{name} ({_has(number, most, away.get(pk))})")
        for pk, name, number, most in named
    ]


def _has(number: int, most: int | None, away_until: date | None) -> str:
    has = f"{number} of {most} in hand" if most else f"{number} in hand"
    return f"{has}, {away_words(away_until)}" if away_until else has


def away_words(until: date) -> str:
    """away today; away until 3 May."""
    if until == timezone.localdate():
        return "away today"
    return f"away until {until:%-d %B}"


def key_of(staff: int) -> uuid.UUID:
    """What stands for a colleague in an address: no number of a row."""
    return uuid.UUID(bytes=salted_hmac(_PURPOSE, str(staff), algorithm="sha256").digest()[:16])


def colleague(key: uuid.UUID) -> accounts.colleagues.Colleague | None:
    """Who it stands for, of those at the desk today."""
    found = accounts.colleagues.of_the_desk()
    return next((one for one in found if key_of(one.pk) == key), None)


def _number(count: int) -> str:
    return f"{wallboard.MOST} or more" if count >= wallboard.MOST else str(count)


def _ago(moment: datetime, now: datetime) -> str:
    minutes = int((now - moment) / timedelta(minutes=1))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
