"""What a caller hears: the welcome, when somebody answers, and what happens when nobody does."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

import accounts.queries
from accounts.weeks import week
from enquiries.clocks import Calendar, london_date

# The voices that read each of our languages.
_VOICES = {"en-gb": "en-GB", "pl": "pl-PL"}


def language() -> str:
    """The language of the moment as the provider's voices are named."""
    return _VOICES.get((translation.get_language() or "").lower(), "en-GB")


def is_open(now: datetime) -> bool:
    """Whether somebody answers the telephone now, by the hub's own calendar."""
    calendar = Calendar.from_json(accounts.queries.hub().calendar)
    return any(opens <= now < closes for opens, closes in calendar.spans(london_date(now)))


def welcome() -> list[str]:
    """What everybody hears first."""
    first = settings.HUB_VOICE_WELCOME or _("You have reached %(hub)s.") % {
        "hub": settings.HUB_NAME
    }
    return [one for one in (first, settings.HUB_VOICE_NOTICE) if one]


def closed() -> list[str]:
    """Nobody is there: when somebody is, and what else there is."""
    hours = week(accounts.queries.hub().calendar)
    return [
        _("We are closed now. We answer calls %(hours)s.") % {"hours": hours},
        _("You can report or ask on our website at any time."),
        _("If a life is at risk, hang up and ring 999."),
    ]


def nobody_answered(*, rings_back: bool) -> list[str]:
    """Nobody took the call. A call back is promised only to whom we can ring."""
    if rings_back:
        return [
            _("Nobody can take your call just now. We have your number and will ring you back.")
        ]
    return [_("Nobody can take your call just now. Ring again later, or ask on our website.")]


def no_line() -> list[str]:
    """This number leads to nobody."""
    return [
        _("Nobody answers calls at this number. Ring %(phone)s.")
        % {"phone": _digit_by_digit(settings.HUB_PHONE)}
    ]


def _digit_by_digit(phone: str) -> str:
    """A number as it is read out: 0 1 6 3 2, 9 6 0 0 0 0."""
    return ", ".join(" ".join(part) for part in phone.split())
