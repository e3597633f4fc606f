"""Addresses of figures: every filter stands in them; what is asked wrongly is left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.http import urlencode

from metrics.queries import Chosen

LIST = "/desk/performance/enquiries/"
FILES = "/desk/performance/figures."
PLAIN = ("channel", "service", "organisation", "site", "team", "klass", "verdict", "reason")


def chosen_of(query: Mapping[str, str], since: date | None = None) -> Chosen:
    """What an address asks for; what it asks wrongly is left out. Its `to` is included."""
    until = _day(query.get("to", ""))
    return Chosen(
        since=_day(query.get("from", "")) or since,
        until=until + timedelta(days=1) if until else None,
        owner=query.get("owner", "")[:80],
        self_service=_yes_or_no(query.get("self_service", "")),
        recontacted=_yes_or_no(query.get("came_back", "")),
        closed_since=_day(query.get("decided_from", "")),
        **{name: query.get(name, "")[:80] for name in PLAIN},
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The last day that there is has none after it.
    return found if found < date.max else None


def _yes_or_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def query_of(chosen: Chosen) -> dict[str, str]:
    """The address that asks for this."""
    found = {name: getattr(chosen, name) for name in (*PLAIN, "owner")}
    found["from"] = chosen.since.isoformat() if chosen.since else ""
    found["to"] = (chosen.until - timedelta(days=1)).isoformat() if chosen.until else ""
    found["decided_from"] = chosen.closed_since.isoformat() if chosen.closed_since else ""
    for name, value in (("self_service", chosen.self_service), ("came_back", chosen.recontacted)):
        found[name] = "" if value is None else "yes" if value else "no"
    return {name: value for name, value in found.items() if value}


def href(query: Mapping[str, str], **more: str) -> str:
    """The enquiries behind a figure, narrowed as the page is."""
    return f"{LIST}?{urlencode({**query, **more})}"


def files(query: Mapping[str, str], by: str) -> list[dict[str, str]]:
    """Every figure of each part as a file, as exactly as the command prints it."""
    asked = urlencode({**query, "by": by} if by else query)
    return [{"text": kind.upper(), "href": f"{FILES}{kind}?{asked}"} for kind in ("csv", "xlsx")]
