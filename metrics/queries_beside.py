"""What stands beside the figures of enquiries: answers, kiosks, messages, what can be done online.

None of it is a fact of an enquiry; each room counts its own by London day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import inbox.call_days
import kb.queries_readers
import kiosks.queries_days
import notifications.queries_health
from accounts.permissions import Permission, Viewer
from enquiries.clocks import london_date
from metrics import online
from metrics.figures import Share
from metrics.models import UnitCost
from metrics.value import Electronic, Read

_FIRST = date(1970, 1, 1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """Of the chosen days: `kiosks` in seconds there of seconds open, `messages` prompt of due.

    `calls_prompt`: calls answered within 20 seconds of all that rang while somebody could answer;
    `calls_given_up`: callers who gave up and did not ring again, of these and those answered.
    """

    online: list[Electronic]
    articles: list[Read]
    kiosks: Share
    messages: Share
    calls_prompt: Share
    calls_given_up: Share


def beside(since: date | None, until: date | None, *, now: datetime) -> Beside:
    """What other rooms counted in these London days (half-open), and before a moment's end."""
    tomorrow = london_date(now) + timedelta(days=1)
    last = min(until, tomorrow) if until else tomorrow
    first = since or _FIRST
    prompt = notifications.queries_health.promptness(since=first, until=last)
    rang = inbox.call_days.days(first, last)
    there = kiosks.queries_days.written(first, min(last, london_date(now)))
    return Beside(
        online=online.known(last - timedelta(days=1)),
        articles=[
            Read(one.slug, one.opened, one.yes, one.no)
            for one in kb.queries_readers.read(first, last)
        ],
        kiosks=Share(
            max(0, there.open_for // _SECOND - there.silent_for // _SECOND),
            there.open_for // _SECOND,
        ),
        messages=Share(sum(day.prompt for day in prompt), sum(day.due for day in prompt)),
        calls_prompt=Share(sum(day.prompt for day in rang), sum(day.rang for day in rang)),
        calls_given_up=Share(
            sum(day.given_up for day in rang), sum(day.given_up + day.answered for day in rang)
        ),
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """What one contact of a channel costs an organisation, in pounds, from a day on."""

    organisation: str
    channel: str
    since: date
    pounds: Decimal
    entered_by: str


def costs(viewer: Viewer) -> list[Entered]:
    """What was entered, by organisation and channel, the newest first; a partner's is its own."""
    if not viewer.may(Permission.ENTER_COSTS):
        return []
    rows = UnitCost.objects.order_by("organisation__slug", "channel", "-since")
    if not viewer.is_hub:
        rows = rows.filter(organisation__slug=viewer.organisation_slug)
    names = ("organisation__slug", "channel", "since", "pounds", "entered_by")
    return [Entered(*row) for row in rows.values_list(*names)]
