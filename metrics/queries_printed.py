"""What `manage.py measures` prints, for the command, the page and the files alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.permissions import Viewer
from metrics import printed, queries_beside, queries_sheets
from metrics.queries import Chosen


def printed_for(viewer: Viewer, chosen: Chosen, *, now: datetime) -> dict[str, Any]:
    """Every figure of what was chosen; what other rooms count beside it is for the hub alone."""
    found = printed.sheet(queries_sheets.whole(viewer, chosen, now=now))
    return {**found, **beside(chosen, now=now)} if viewer.is_hub else found


def parts(viewer: Viewer, chosen: Chosen, by: str, *, now: datetime) -> dict[str, dict[str, Any]]:
    """The same of each part, as `--by` prints it; of the whole under "" where `by` is empty."""
    if not by:
        return {"": printed_for(viewer, chosen, now=now)}
    found = queries_sheets.by(viewer, chosen, by, now=now)
    return {key: printed.sheet(part) for key, part in found.items()}


def beside(chosen: Chosen, *, now: datetime) -> dict[str, Any]:
    """What stands beside the figures of enquiries, of the whole partnership."""
    found = queries_beside.beside(chosen.since, chosen.until, now=now)
    return {
        "bvpi_157": printed.online(found.online),
        "answers": printed.articles(found.articles),
        "kiosk_uptime": printed.share(found.kiosks),
        "calls_within_20_s": printed.share(found.calls_prompt),
        "calls_given_up": printed.share(found.calls_given_up),
        "messages_within_10_s": printed.share(found.messages),
    }
