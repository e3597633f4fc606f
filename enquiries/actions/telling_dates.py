"""What we tell citizens of dates: a new one, and that one is over. Once each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from enquiries import clocks
from enquiries.actions import telling
from enquiries.actions.telling import OLD_NEWS, day_words
from enquiries.lifecycle import ClockKind
from enquiries.models import Enquiry
from enquiries.queries import destinations


def new_date(
    enquiry: Enquiry,
    words: str,
    *,
    owner: str,
    is_later: bool,
    sequence: int,
    now: datetime,
) -> None:
    """ "It will be then", with the reason. Each new date once."""
    more = {"owner": owner} if owner else {}
    telling.citizen(
        enquiry,
        "new_date",
        key=f"new_date:{enquiry.pk}:{sequence}",
        now=now,
        words=words,
        is_later="yes" if is_later else "",
        **more,
    )
    day = enquiry.expected_on
    key = f"new_date:{sequence}"
    telling.followers(enquiry, lambda: _news_of_a_date(day), words, key=key, now=now)


def _news_of_a_date(day: date | None) -> str:
    return gettext("There is a new date: %(day)s.") % {"day": day_words(day)}


def told_until(enquiry: Enquiry) -> datetime | None:
    """When the day is over that the citizen was told last, for whoever promised it."""
    row = (
        enquiry.clocks.filter(kind=ClockKind.RESOLUTION.value)
        .select_related("organisation", "team")
        .first()
    )
    day = enquiry.expected_on or enquiry.promised_on
    if row is None or day is None:
        return None
    return clocks.closing_time(day, destinations.calendar_of(row.organisation, row.team))


def late(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It is late": said once for each day that was told, and only while it is news.

    Not before the day has ended that they were told: a case may be due sooner by our rules.
    """
    since = max((one for one in (enquiry.due_at, told_until(enquiry)) if one), default=None)
    if since is None or not timedelta(0) <= now - since <= OLD_NEWS:
        return
    day = enquiry.expected_on
    which = f"{enquiry.reopened_count}:{day.isoformat()}" if day else str(enquiry.reopened_count)
    told = day or enquiry.promised_on
    telling.citizen(
        enquiry,
        "late",
        key=f"late:{enquiry.pk}:{which}",
        now=now,
        promised=lambda: day_words(told),
    )
    telling.followers(enquiry, _news_of_lateness, "", key=f"late:{which}", now=now)


def _news_of_lateness() -> str:
    return gettext("It is later than we promised. Those who deal with it have been told.")
