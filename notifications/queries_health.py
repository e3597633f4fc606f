"""How messages are getting on: carriers, what waits, how promptly, and what failed why."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet

from core.privacy import mask
from notifications.backends import registry
from notifications.lifecycle import WORDS, State
from notifications.models import Attempt, Carrier, CarrierHealth, HandoverDay, Notification
from notifications.models.carriers import KINDS

KIND_WORDS = dict(KINDS)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# What was asked for longer ago is not sent again from here: it would say what is no longer so.
FAILURES_OF = timedelta(days=7)
_RESULTS = ("handed", "refused", "later", "busy", "unclear")
ENDED_BADLY = (State.FAILED, State.EXPIRED)
TROUBLE = (*ENDED_BADLY, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CarrierNow:
    """One carrier and its last hour. `ill_since` None: it is well, as far as anybody knows.

    `handed`, `refused`, `later` and `unclear` count the hand-overs of an hour; `median_ms` and
    `slow_ms` (one in twenty took longer) are of those, None without any. `seen_at` is the last
    hand-over of a day.
    """

    slug: str
    name: str
    media: tuple[str, ...]
    ill_since: datetime | None
    probe_at: datetime | None
    why: str
    handed: int
    refused: int
    later: int
    unclear: int
    median_ms: int | None
    slow_ms: int | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of one medium has not gone: now due, held until later, or of unknown fate."""

    medium: str
    due: int
    held: int
    unknown: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Promptness:
    """Of `due` messages of a day `prompt` were handed over within ten seconds."""

    day: date
    due: int
    prompt: int

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing was due."""
        return self.prompt / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why messages did not arrive: what one carrier said, and how often. `words` are its own."""

    medium: str
    carrier: str
    code: str
    state: str
    words: str
    count: int
    latest: datetime


@dataclass(frozen=True, slots=True)
class Lost:
    """One message that did not arrive, as staff may see it in a list."""

    public_id: uuid.UUID
    event: str
    medium: str
    masked: str
    about: str
    at: datetime
    state_words: str
    trouble: str


def ill_for(*, now: datetime) -> dict[str, float]:
    """For how many seconds each carrier that ever was ill has been so; 0: it is well again."""
    return {
        row.carrier: max(0.0, (now - row.ill_since).total_seconds()) if row.ill_since else 0.0
        for row in CarrierHealth.objects.order_by("carrier")
    }


def carriers(*, now: datetime) -> list[CarrierNow]:
    """Every carrier that is set up, that carried something in a day, or that is ill."""
    rows = dict(Carrier.objects.filter(is_active=True).values_list("slug", "name"))
    named = {one.slug: KIND_WORDS.get(one.kind, one.slug) for one in registry.of_environment()}
    names = named | rows
    ill = {row.carrier: row for row in CarrierHealth.objects.all()}
    recent = Attempt.objects.filter(at__gte=now - DAY)
    seen: dict[str, tuple[datetime, set[str]]] = {}
    for slug, medium, at in recent.values("carrier", "medium").annotate(last=Max("at")).values_list(
        "carrier", "medium", "last"
    ):  # fmt: skip
        before = seen.get(slug)
        seen[slug] = (max(at, before[0]), before[1] | {medium}) if before else (at, {medium})
    hour = _of_an_hour(now)
    slugs = sorted({*rows, *ill, *seen}, key=lambda one: (one not in seen, names.get(one, one)))
    return [
        _carrier(slug, names, ill.get(slug), seen.get(slug), hour.get(slug, {})) for slug in slugs
    ]


class _Percentile(Aggregate):
    """The least value that so large a share of the values does not exceed."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


def _of_an_hour(now: datetime) -> dict[str, dict[str, Any]]:
    results = {word: Count("pk", filter=Q(result=word)) for word in _RESULTS}
    rows = (
        Attempt.objects.filter(at__gte=now - HOUR)
        .values("carrier")
        .annotate(
            **results,
            median=_Percentile("took_ms", share=0.5),
            slow=_Percentile("took_ms", share=0.95),
        )
    )
    return {row["carrier"]: dict(row) for row in rows}


def _carrier(
    slug: str,
    names: dict[str, str],
    health: CarrierHealth | None,
    seen: tuple[datetime, set[str]] | None,
    hour: dict[str, Any],
) -> CarrierNow:
    is_ill = health is not None and health.ill_since is not None
    return CarrierNow(
        slug=slug,
        name=names.get(slug, slug),
        media=tuple(sorted(seen[1])) if seen else (),
        ill_since=health.ill_since if health and is_ill else None,
        probe_at=health.probe_at if health and is_ill else None,
        why=health.why if health and is_ill else "",
        handed=hour.get("handed", 0),
        refused=hour.get("refused", 0),
        later=hour.get("later", 0) + hour.get("busy", 0),
        unclear=hour.get("unclear", 0),
        median_ms=hour.get("median"),
        slow_ms=hour.get("slow"),
        seen_at=seen[0] if seen else None,
    )


def waiting(*, now: datetime) -> list[Waiting]:
    """What has not gone yet, by medium; a medium of which nothing waits is not there."""
    held = Q(state=State.QUEUED, hold_until__gt=now)
    unknown = Q(state=State.UNKNOWN)
    free = Q(hold_until=None) | Q(hold_until__lte=now)
    due = Q(state=State.SENDING) | Q(free, state=State.QUEUED)
    rows = (
        Notification.objects.filter(state__in=[State.QUEUED, State.SENDING, State.UNKNOWN])
        .values("medium")
        .order_by("medium")
        .annotate(
            due=Count("pk", filter=due),
            held=Count("pk", filter=held),
            unknown=Count("pk", filter=unknown),
            oldest=Min("created_at", filter=due),
        )
    )
    return [
        Waiting(row["medium"], row["due"], row["held"], row["unknown"], row["oldest"])
        for row in rows
    ]


def promptness(*, since: date, until: date) -> list[Promptness]:
    """By day, newest first: messages due from `since` to before `until` and how many were prompt.

    Letters are not in it: a print room works by the day, not by the second.
    """
    sums: dict[date, tuple[int, int]] = {}
    rows = HandoverDay.objects.filter(day__gte=since, day__lt=until).exclude(medium="letter")
    for row in rows:
        due, prompt = sums.get(row.day, (0, 0))
        sums[row.day] = (due + row.due, prompt + row.prompt)
    return [Promptness(day, *sums[day]) for day in sorted(sums, reverse=True)]


def share_words(share: float | None) -> str:
    """0.99949 as 99.94%: never rounded up to a goal that was missed; "" where nothing was due."""
    return "" if share is None else f"{math.floor(share * 10_000 + 1e-6) / 100:.2f}%"


def failures(now: datetime) -> QuerySet[Notification]:
    """What of seven days did not arrive, and was not sent another time since.

    Also what was asked for long ago and failed only now: a letter comes back after weeks.
    """
    since = now - FAILURES_OF
    rows = Notification.objects.filter(
        Q(state__in=TROUBLE, created_at__gte=since)
        | Q(state__in=ENDED_BADLY, settled_at__gte=since)
    )
    return rows.exclude(Exists(Notification.objects.filter(instead_of=OuterRef("pk"))))


def reasons(*, now: datetime) -> list[Reason]:
    """Why messages of the last seven days did not arrive, commonest first."""
    rows = (
        failures(now)
        .values("medium", "provider", "error_code", "state")
        .annotate(count=Count("pk"), latest=Max("created_at"), words=Max("error"))
        .order_by("-count", "-latest", "medium", "provider", "error_code", "state")
    )
    return [
        Reason(
            row["medium"], row["provider"], row["error_code"], row["state"], row["words"],
            row["count"], row["latest"],
        )
        for row in rows
    ]  # fmt: skip


def of_reason(
    *, medium: str, carrier: str, code: str, state: str, now: datetime, limit: int = 200
) -> list[Lost]:
    """The messages of the last seven days behind one reason, newest first."""
    rows = failures(now).filter(medium=medium, provider=carrier, error_code=code, state=state)
    return [_lost(row) for row in rows.order_by("-created_at", "-pk")[:limit]]


def given_up(*, now: datetime) -> int:
    """How many messages were given up in the last seven days and not sent again since."""
    return failures(now).filter(state=State.EXPIRED).count()


def tested(key: str) -> Lost | None:
    """What became of a test message."""
    row = Notification.objects.filter(key=key).first()
    return _lost(row) if row else None


def _lost(row: Notification) -> Lost:
    return Lost(
        row.public_id, row.event, row.medium, mask(row.to), row.about, row.created_at,
        WORDS[State(row.state)], row.error,
    )  # fmt: skip
