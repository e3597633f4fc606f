"""Makes the packs that are due, and tells who wants them: each once, however often it is tried."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction

import accounts.colleagues
import accounts.queries
import kb.queries_readers
import notifications.actions
import notifications.queries
from accounts.permissions import SYSTEM_VIEWER, Permission, Viewer
from core import failpoints
from desk import choices, packs
from desk.performance_rows import Names
from metrics import actions_packs, pack_periods, queries_packs
from metrics.actions_packs import Made
from metrics.pack_periods import MONTHLY, WEEKLY, Period
from metrics.queries_packs import Kept
from notifications import typesetting

TEMPLATE = Path(__file__).resolve().parent / "pack.typ"
WHOLE = ""
# A run begins no pack after so many seconds; the next run goes on with the rest.
SECONDS = 20
# Whoever is told later than this has no use for it any more.
TOLD_FOR = timedelta(days=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a pack: where, and of whose figures."""

    pk: int
    email: str
    organisation: str


def send_due(*, now: datetime, seconds: float = SECONDS) -> int:
    """Makes and sends what is due of the newest week and month. Returns how many packs it made.

    The whole week is always made, all else where somebody is to get it. Nothing is made before the
    ledger is read to the end of the period's last day.
    """
    until = time.monotonic() + seconds
    made = 0
    for period in (pack_periods.week(now), pack_periods.month(now)):
        if not queries_packs.is_read(period.until):
            continue
        readers = _readers(period)
        wanted = {one.organisation for one in readers}
        wanted |= {WHOLE} if period.kind == WEEKLY else set()
        kept = queries_packs.kept(period.kind, period.since)
        for organisation in sorted(wanted - set(kept)):
            if time.monotonic() > until:
                break
            made += _make(period, organisation, now=now)
            failpoints.reach("packs.made")
        _tell(period, readers, now=now)
    return made


def _readers(period: Period) -> list[Reader]:
    """Who may see figures today, and asked for it in time, or manages and did not say no."""
    chose = queries_packs.choices(period.kind, before=period.due_at)
    unasked = (
        accounts.colleagues.hubs_managers()
        if period.kind == WEEKLY
        else accounts.colleagues.partners_managers()
    )
    mail = accounts.colleagues.mail_of((chose.yes | set(unasked)) - chose.no)
    found = []
    for user in sorted(mail):
        viewer = accounts.queries.viewer_by_id(user)
        if viewer is None or not viewer.may(Permission.SEE_PERFORMANCE):
            continue
        whose = WHOLE if viewer.is_hub else viewer.organisation_slug
        found.append(Reader(user, mail[user], whose))
    return found


def _make(period: Period, organisation: str, *, now: datetime) -> bool:
    """One pack, computed, set and kept; False where somebody was quicker, or it cannot be set."""
    viewer, whose = _as(organisation)
    names = Names(
        dict(choices.services()),
        dict(choices.organisations()),
        articles=kb.queries_readers.titles(),
    )
    found = packs.pack(viewer, period, whose=whose, names=names, now=now)
    told = {**found.told, "sender": accounts.queries.hub().name}
    try:
        paper = typesetting.document(TEMPLATE, told, at=now)
    except typesetting.CannotPrint:
        # Nobody else waits for it; the next run tries it again.
        log.exception("packs.not_printed", kind=period.kind, organisation=organisation)
        return False
    made = Made(paper.pdf, paper.pages, found.said)
    return actions_packs.keep(period, organisation, made, now=now)


def _as(organisation: str) -> tuple[Viewer, str]:
    """Whose eyes the figures are seen with, and how that is said."""
    body = accounts.queries.organisation(organisation) if organisation else None
    if body is None:
        return SYSTEM_VIEWER, "the whole partnership"
    viewer = Viewer(
        kind="system",
        id=None,
        name=SYSTEM_VIEWER.name,
        organisation_id=body.pk,
        organisation_slug=body.slug,
        organisation_name=body.name,
        organisation_kind=body.kind,
        permissions=frozenset({Permission.SEE_PERFORMANCE}),
    )
    return viewer, body.name


def _tell(period: Period, readers: Iterable[Reader], *, now: datetime) -> None:
    """A mail to each reader whose pack is there, each in a transaction of its own."""
    if now > period.due_at + TOLD_FOR:
        return
    kept = queries_packs.kept(period.kind, period.since)
    due = {
        f"pack:{kept[one.organisation].public_id}:{one.pk}": one
        for one in readers
        if one.organisation in kept
    }
    told = notifications.queries.asked_for(due)
    for key, reader in due.items():
        if key not in told:
            _send(key, reader, kept[reader.organisation], period, now=now)
            failpoints.reach("packs.told")


@transaction.atomic
def _send(key: str, reader: Reader, pack: Kept, period: Period, *, now: datetime) -> None:
    notifications.actions.send(
        key=key,
        event="pack",
        medium="email",
        to=reader.email,
        context=_context(pack, period),
        about="",
        now=now,
    )


def _context(pack: Kept, period: Period) -> Mapping[str, str]:
    kind = "month" if period.kind == MONTHLY else "week"
    first, *more = pack.said
    return {
        "period": f"{kind}, {period.words}",
        "answer": first,
        "lines": "\n\n".join(more),
        "desk_url": f"{settings.HUB_BASE_URL}/desk/performance/packs/{pack.public_id}/",
        "pack": str(pack.public_id),
    }
