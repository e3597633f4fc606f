"""What the kiosk's own pages say where an answer is none: words for static/js/kiosk/rules.

The same words as at every door (kb.forms.answers, channels.asking, accounts.areas), in the
language of the page. The codes are those of the rules in JavaScript.
"""

from __future__ import annotations

from typing import Any

from django.utils.dates import MONTHS_ALT
from django.utils.translation import gettext as _


def words() -> dict[str, Any]:
    """Patterns by code, what a date is made of, and the months as they stand after a day."""
    return {
        "wrong": {**_answers(), **_nothing(), **_dates(), **_places(), **_people()},
        "parts": {"day": _("a day"), "month": _("a month"), "year": _("a year")},
        "months": [str(MONTHS_ALT[number]) for number in range(1, 13)],
    }


def _answers() -> dict[str, str]:
    return {
        "unknown": _("Write an answer"),
        "not_text": _("Write it as text"),
        "too_long": _("Use %(longest)s characters or fewer. You wrote %(written)s"),
        "write": _("Write an answer"),
        "choose_one": _("Choose one from the list"),
        "choose": _("Choose from the list"),
        "choose_some": _("Choose one or more"),
        "choose_more": _("Choose %(number)s or more"),
        "choose_fewer": _("Choose %(number)s or fewer"),
        "no_number": _("Enter a number, for example 3"),
        "too_small": _("Enter %(number)s or more"),
        "too_big": _("Enter %(number)s or less"),
    }


def _nothing() -> dict[str, str]:
    write = _("Write an answer to “%(question)s”")
    return {
        "nothing_told": _("Tell us what happened, in a few words"),
        "nothing_known": _("Choose one, or “I do not know”, for “%(question)s”"),
        "nothing_several": _("Choose one or more for “%(question)s”"),
        "nothing_choice": _("Choose one for “%(question)s”"),
        "nothing_yes_no": _("Choose yes or no for “%(question)s”"),
        "nothing_date": _("Enter a date for “%(question)s”"),
        "nothing_number": _("Enter a number for “%(question)s”"),
        "nothing_text": write,
        "nothing_words": write,
    }


def _dates() -> dict[str, str]:
    return {
        "no_date": _("Enter a real date, for example 27 3 2026"),
        "too_early": _("The date must be %(day)s or later"),
        "too_late": _("The date must be %(day)s or before"),
        "in_future": _("The date must be today or before"),
        "date_without": _("The date must include %(part)s"),
        "date_without_both": _("The date must include %(one)s and %(other)s"),
        "date_not_real": _("The date must be a real date, for example 27 3 2026"),
        "year": _("The year must have 4 numbers, for example 2026"),
    }


def _places() -> dict[str, str]:
    return {
        "postcode": _("Enter a full postcode, like WR1 3EZ"),
        "postcode_unknown": _(
            "We do not know %(postcode)s in %(county)s. Check it, use a postcode nearby, or %(ask)s"
        ),
        "postcode_outside": _(
            "%(postcode)s is outside %(county)s. Check the postcode, or ask the council "
            "for that area. If you are not sure, %(ask)s"
        ),
        "postcode_missing": _("Enter a postcode"),
        "place_missing": _("Enter a postcode, or choose “%(label)s”"),
        "address_missing": _("Enter the house number or name, and the street"),
        "address_too_long": _("Use 300 characters or fewer. Say more on the next page"),
        "reference": _(
            "Enter a reference like WH7-K3MP-4X. You can find it in the message we sent you."
        ),
        "reference_mistyped": _(
            "Check the reference. One of its letters or numbers is not as we gave it to you."
        ),
    }


def _people() -> dict[str, str]:
    return {
        "tell_by": _("Choose how we should tell you what happens"),
        "email": _("Enter an email address, like name@example.com"),
        "email_missing": _("Enter your email address"),
        "phone": _("Enter a phone number, like 07700 900123"),
        "phone_missing": _("Enter your mobile number"),
        "phone_landline": _("Enter a mobile number. We cannot send a text to this one"),
        "name_missing": _("Enter your full name"),
        "name_too_long": _("Use 200 characters or fewer for the name"),
    }
