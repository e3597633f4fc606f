"""The page of one device in words: what it was told, what was done to it, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import kb.queries
from core import audit
from core.audit import Line
from desk.performance_words import percent
from enquiries import clocks
from kiosks import queries_days, queries_figures
from kiosks.queries_days import Uptime
from kiosks.queries_figures import Figures, Left
from kiosks.queries_fleet import Device

DAYS = 30
KINDS = {
    "reload": "Start its page again",
    "clear": "Clear it, but not what it keeps for us",
    "update": "Look for a new release",
    "lock": "Lock it",
    "unlock": "Unlock it",
    "message": "Show a message",
    "silence": "Take the message away",
}
# A message without words: it takes away the one that stands there.
SILENCE = "silence"
DONE = {
    "kiosk.code_made": "A code was made",
    "kiosk.enrolled": "It was set up",
    "kiosk.revoked": "It was switched off for good",
    "kiosk.moved": "It was moved",
    "kiosk.arranged": "Its settings were changed",
    "kiosk.helped_unknown": "Staff helped by a code that was not good",
}
CHANGED = {
    "name": "name",
    "site": "site",
    "hidden_services": "services that are not offered",
    "languages": "languages",
    "opening": "opening hours",
    "printer": "printer",
    "paper": "receipts on a roll",
    "screen_mm": "width of the screen",
    "is_early": "early releases",
}
# Questions that every service has; those of its own form are said by their keys.
QUESTIONS = {
    "about": "What it is about",
    "where": "Where it is",
    "what": "What happened",
    "nearby": "Is it one of these?",
    "tell": "How we tell them",
    "email": "Their email address",
    "sms": "Their phone number",
    "check": "Check and send",
}
FIGURES = (
    ("starts", "Visits begun"),
    ("completions", "Sent something"),
    ("resets", "Left by silence"),
    ("resets_with_data", "of these, with something typed"),
    ("helps", "Calls for help"),
    ("assisted", "With staff beside them"),
    ("prints", "Receipts printed"),
)


def commands(device: Device, now: datetime) -> list[dict[str, Any]]:
    """What it was told lately, and what came of it."""
    return [
        {
            "words": _ordered(one.kind, one.words),
            "at": one.made_at,
            "by": (one.made_by.full_name or one.made_by.email) if one.made_by else "The hub",
            **_fate(one.sent_at, one.done_at, one.expires_at, now),
        }
        for one in queries_figures.commands(device.kiosk)
    ]


def _ordered(kind: str, words: str) -> str:
    if kind != "message":
        return KINDS.get(kind, kind)
    return f"{KINDS[kind]}: “{words}”" if words else KINDS[SILENCE]


def _fate(
    sent_at: datetime | None, done_at: datetime | None, expires_at: datetime, now: datetime
) -> dict[str, Any]:
    if done_at is not None:
        return {"fate": "Done", "tone": "kept", "when": done_at}
    if expires_at <= now:
        return {"fate": "Too late", "tone": "quiet", "when": None}
    if sent_at is not None:
        return {"fate": "Handed out", "tone": "moving", "when": sent_at}
    return {"fate": "Waits", "tone": "waiting", "when": None}


def history(device: Device) -> list[dict[str, Any]]:
    """What was done to it, by whom."""
    lines = audit.about(f"kiosk:{device.kiosk.public_id}")
    return [{"at": line.at, "by": line.by or "The hub", "words": _done(line)} for line in lines]


def _done(line: Line) -> str:
    kind = line.action.removeprefix("kiosk.command_")
    if kind in KINDS:
        return f"Told: {KINDS[kind][0].lower()}{KINDS[kind][1:]}"
    words = DONE.get(line.action, line.action.removeprefix("kiosk.").replace("_", " ").capitalize())
    changed = [CHANGED[name] for name in line.data if name in CHANGED]
    if line.action == "kiosk.helped_unknown":
        changed = [f"in {line.data.get('reference')}"]
    return f"{words} ({', '.join(changed)})" if changed else words


def figures(device: Device, now: datetime) -> dict[str, Any]:
    """Today beside the last thirty days."""
    today = timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    kiosk = device.kiosk
    day = queries_figures.counted(today, today, kiosk=kiosk).get(kiosk.pk, Figures())
    month = queries_figures.counted(since, today, kiosk=kiosk).get(kiosk.pk, Figures())
    uptime = {
        start: queries_days.uptimes([kiosk], hours=clocks.Calendar.from_json, since=start, now=now)[
            kiosk.pk
        ]
        for start in (today, since)
    }
    lines = [("Was there, of its opening hours", *(uptime_words(uptime[one]) for one in uptime))]
    lines += [(words, f"{day[name]:,}", f"{month[name]:,}") for name, words in FIGURES[:2]]
    lines += [("Of visits begun, sent something", share(day.share), share(month.share))]
    lines += [(words, f"{day[name]:,}", f"{month[name]:,}") for name, words in FIGURES[2:]]
    return {
        "lines": [
            [{"text": text}, *({"text": one, "numeric": True} for one in values)]
            for text, *values in lines
        ],
        "left": left_rows(queries_figures.left(since, today, among=[kiosk])),
        "outages": queries_figures.outages(kiosk),
    }


def share(part: float | None) -> str:
    """A share, or that there is none."""
    return "–" if part is None else percent(part)


def uptime_words(uptime: Uptime) -> str:
    """Rounded down: a hundred is said only where nothing was missed."""
    if uptime.share is None:
        return "–"
    return f"{int(uptime.share * 1000) / 10:g}%"


def left_rows(rows: Sequence[Left]) -> list[list[dict[str, Any]]]:
    """Where people left, as rows of a table."""
    names = {one.slug: one.name for one in kb.queries.services(ended=True)} if rows else {}
    return [
        [
            {"text": _question(row.question)},
            {"text": names.get(row.service, row.service) or "No service yet"},
            {"text": f"{row.count:,}", "numeric": True},
        ]
        for row in rows
    ]


def _question(key: str) -> str:
    if key in QUESTIONS:
        return QUESTIONS[key]
    words = key.replace("_", " ").replace("-", " ").strip() or "the first page"
    return words[0].upper() + words[1:]
