"""Tells those who look after sites which devices fell silent, are back, or need somebody.

What is found and that it was told stand in one transaction with the messages: cut off anywhere,
it is done again, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import accounts.colleagues
import notifications.actions
from accounts.queries import digest
from enquiries import clocks
from enquiries.actions import once
from kiosks import actions_days, actions_demonstration, actions_watch, queries_alarms

if TYPE_CHECKING:
    from kiosks.models import Kiosk, Outage

FLEET = "/desk/settings/kiosks/"
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One device in a mail, and what is said of it."""

    key: str
    kiosk: Kiosk
    words: str

    @property
    def said(self) -> str:
        """As it stands in the mail."""
        return f"{self.kiosk.where}: {self.words}"


def look(*, now: datetime) -> None:
    """One look at all devices, and what ended is written down once it is known who was silent."""
    if watch(now=now):
        actions_days.write(hours=clocks.Calendar.from_json, now=now)


def watch(*, now: datetime) -> bool:
    """Who fell silent, is back or needs somebody. Just after the hub was away it looks, and judges
    nobody; whether it did."""
    if settings.HUB_DEMO:
        actions_demonstration.alive(now=now)
    since = actions_watch.ready(now=now)
    if since is None:
        return False
    actions_watch.watch(hours=clocks.Calendar.from_json, since=since, now=now)
    with transaction.atomic():
        _tell_silent(now)
        _tell_back(now)
        _tell_need(now)
    return True


def _tell_silent(now: datetime) -> None:
    gone = actions_watch.to_tell(hours=clocks.Calendar.from_json, now=now)
    lines = [Line(f"{row.pk}", row.kiosk, f"silent since {_clock(row.began_at)}") for row in gone]
    nobody = bool(gone) and actions_watch.nobody_is_heard(now=now)
    _send("kiosks_silent", lines, now, perhaps_us="yes" if nobody else "")
    actions_watch.told(gone, now=now)


def _tell_back(now: datetime) -> None:
    rows = actions_watch.back(now=now)
    lines = [Line(f"kiosk-back:{row.pk}", row.kiosk, _back_words(row)) for row in rows]
    _send("kiosks_back", _fresh(lines, now), now)


def _back_words(row: Outage) -> str:
    ended = row.ended_at or row.began_at
    return f"was silent from {_clock(row.began_at)} to {_clock(ended)}"


def _tell_need(now: datetime) -> None:
    lines = [Line(one.key, one.kiosk, one.words) for one in queries_alarms.alarms(now=now)]
    _send("kiosks_need", _fresh(lines, now), now)


def _fresh(lines: Sequence[Line], now: datetime) -> list[Line]:
    """Those that were not said before."""
    fresh = once.first_of([line.key for line in lines], now=now)
    return [line for line in lines if line.key in fresh]


def _clock(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B}"


def _send(event: str, lines: Sequence[Line], now: datetime, **more: str) -> None:
    """One mail to each who looks after any of these, with those alone that are theirs."""
    if not lines:
        return
    theirs: dict[str, dict[str, Line]] = {}
    people = accounts.colleagues.in_charge()
    # The page of all devices is the hub's alone.
    hub = {person.email for person in people if person.is_hub}
    for person in people:
        own = {line.key: line for line in lines if person.of(line.kiosk.site)}
        theirs.setdefault(person.email, {}).update(own)
    for email, own in theirs.items():
        if own:
            url = f"{settings.HUB_BASE_URL}{FLEET}" if email in hub else ""
            _mail(event, email, list(own.values()), now, {"desk_url": url, **more})


def _mail(event: str, to: str, own: Sequence[Line], now: datetime, more: dict[str, str]) -> None:
    said = [line.said for line in own[:MOST_LINES]]
    if len(own) > MOST_LINES:
        said.append(f"and {len(own) - MOST_LINES} more")
    notifications.actions.send(
        key=f"{event}:{digest('|'.join([to, *(line.key for line in own)]))[:40]}",
        event=event,
        medium="email",
        to=to,
        context={
            "kiosks": _which(own),
            "lines": "\n\n".join(said),
            **more,
        },
        about="",
        now=now,
    )


def _which(own: Sequence[Line]) -> str:
    """The device, or all of a site, or how many."""
    sites = {line.kiosk.site.name for line in own}
    if len(own) == 1:
        return own[0].kiosk.where
    return f"{len(own)} kiosks" + (f" at {sites.pop()}" if len(sites) == 1 else "")
