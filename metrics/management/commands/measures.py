"""`manage.py measures`: the figures of the performance page as JSON, by the same code."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.permissions import SYSTEM_VIEWER
from enquiries.clocks import LONDON
from metrics import (
    exports,
    one_stop,
    online,
    printed,
    projection,
    queries,
    queries_printed,
    queries_sheets,
    recount,
)
from metrics.cutting import UNITS
from metrics.queries import Chosen
from metrics.sheets import Sheet


class Command(BaseCommand):
    """Prints the one-stop rate and its companions, or the verdict of every enquiry."""

    help = "One-stop rate and companions as JSON (docs/measures.md); --verdicts for every enquiry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="since", help="first day of first contacts, e.g. 2026-01-01"
        )
        parser.add_argument("--to", dest="until", help="the day after the last one")
        parser.add_argument("--by", choices=[*sorted(queries.DIMENSIONS), *UNITS])
        parser.add_argument(
            "--as-of", help="as known at this moment, e.g. 2026-03-01 or 2026-03-01T09:00+00:00"
        )
        parser.add_argument(
            "--verdicts", action="store_true", help="one line for each enquiry instead"
        )

    def handle(self, *args: object, **options: Any) -> None:
        chosen = Chosen(
            since=_day(options["since"], "--from"), until=_day(options["until"], "--to")
        )
        moment = _moment(options["as_of"])
        projection.refresh(now=timezone.now())
        if options["verdicts"]:
            for line in _verdicts(chosen, moment):
                self.stdout.write(json.dumps(line))
            return
        now = moment or timezone.now()
        online.keep(timezone.now())
        whole, slices = _figures(chosen, moment, options["by"], now)
        found = {**printed.sheet(whole), **queries_printed.beside(chosen, now=now)}
        found["period"] = {"from": options["since"], "to": options["until"]}
        found["as_of"] = now.isoformat()
        if options["by"]:
            parts = {key: printed.sheet(part) for key, part in slices.items()}
            for part in parts.values():
                del part["not_yet"]  # said once, for the whole
            found["by"] = parts
        self.stdout.write(json.dumps(found, indent=2))


def _figures(
    chosen: Chosen, moment: datetime | None, dimension: str | None, now: datetime
) -> tuple[Sheet, Mapping[str, Sheet]]:
    """All figures of the whole, and of each part where parts are asked for."""
    cuts = ("", dimension) if dimension else ("",)
    if moment is not None:
        judged = recount.as_of(moment)
        found = [recount.by(judged, chosen, cut, moment=moment) for cut in cuts]
    else:
        found = [queries_sheets.by(SYSTEM_VIEWER, chosen, cut, now=now) for cut in cuts]
    return found[0][""], found[1] if dimension else {}


def _verdicts(chosen: Chosen, moment: datetime | None) -> Iterator[dict[str, object]]:
    if moment is not None:
        lines = one_stop.lines(recount.within(recount.as_of(moment), chosen))
    else:
        lines = queries.verdict_lines(SYSTEM_VIEWER, chosen)
    yield from exports.opened_verdicts(lines)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option}: write a day as 2026-01-31, not {text!r}") from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time.min, LONDON)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--as-of: write a moment as 2026-01-31T09:00, not {text!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
