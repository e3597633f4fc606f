"""Opening hours in the words of whoever reads or hears them: Monday to Friday 8am to 6pm. Pure but
for the language, which is that of the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import calendars
from accounts.hours import DAYS


def week(hours: Mapping[str, Any]) -> str:
    """The hours of a week, days that are alike together."""
    if calendars.is_round_the_clock(hours):
        return _("every day, at any hour")
    parts = []
    for spans, group in groupby(DAYS, key=lambda day: [list(span) for span in hours.get(day, ())]):
        if spans:
            parts.append(f"{_days(list(group))} {', '.join(map(_span, spans))}")
    return ", ".join(parts) or _("closed")


def _days(days: Sequence[str]) -> str:
    if len(days) == 1:
        return _alone(days[0])
    if len(days) == 2:
        return _("%(first)s and %(last)s") % {"first": _alone(days[0]), "last": _alone(days[1])}
    return _("%(first)s to %(last)s") % {"first": _ranging(days[0]), "last": _ranging(days[-1])}


def _span(span: Sequence[str]) -> str:
    opens, closes = (_clock(one) for one in span)
    if (translation.get_language() or "en").startswith("en"):
        return f"{opens} to {closes}"
    return f"{opens}–{closes}"  # as hours are written


def _clock(text: str) -> str:
    if not (translation.get_language() or "en").startswith("en"):
        return text.removeprefix("0")
    hour, minute = int(text[:2]) % 24, text[3:]
    if minute == "00" and hour in (0, 12):
        return "midday" if hour else "midnight"
    minutes = "" if minute == "00" else f":{minute}"
    return f"{hour % 12 or 12}{minutes}{'am' if hour < 12 else 'pm'}"


def _alone(day: str) -> str:
    return {
        "mon": pgettext("a day with its hours", "Monday"),
        "tue": pgettext("a day with its hours", "Tuesday"),
        "wed": pgettext("a day with its hours", "Wednesday"),
        "thu": pgettext("a day with its hours", "Thursday"),
        "fri": pgettext("a day with its hours", "Friday"),
        "sat": pgettext("a day with its hours", "Saturday"),
        "sun": pgettext("a day with its hours", "Sunday"),
    }[day]


def _ranging(day: str) -> str:
    return {
        "mon": pgettext("from one day to another", "Monday"),
        "tue": pgettext("from one day to another", "Tuesday"),
        "wed": pgettext("from one day to another", "Wednesday"),
        "thu": pgettext("from one day to another", "Thursday"),
        "fri": pgettext("from one day to another", "Friday"),
        "sat": pgettext("from one day to another", "Saturday"),
        "sun": pgettext("from one day to another", "Sunday"),
    }[day]
