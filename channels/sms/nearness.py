"""Whether others told us already, asked once the place is known: before anything else is.

What is said of them is what the website shows (ADR 18), in few words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.formats import date_format

from channels.asking import nearby as known
from channels.asking.nearby import Report
from channels.asking.questions import Asking
from channels.sms import turns
from channels.sms.dialog import Dialog, Turn
from kb import tongues


def due(dialog: Dialog, asking: Asking, *, now: datetime) -> Dialog:
    """The conversation at what is asked now: whether it is the nearest report of others, where
    there is one that they were not asked about for this place."""
    journey, is_asked = dialog.journey, dialog.turn is Turn.NEARBY
    if not (is_asked or _is_next(dialog, asking)) or journey.nearby_for == known.mark(journey):
        return dialog
    found = known.nearest(journey, now=now)
    if found is not None:
        offered = ((_facts(found), found.token), ("", known.mark(journey)))
        at = dialog if is_asked else dialog.at(Turn.NEARBY, dialog.key)
        return replace(at, offered=offered)
    passed = replace(dialog, journey=known.passed(journey))
    return turns.onward(passed, replace(asking, journey=passed.journey)) if is_asked else passed


def _is_next(dialog: Dialog, asking: Asking) -> bool:
    """Not where they came back to a question, and not before anything is known."""
    is_onward = dialog.turn in (Turn.QUESTION, Turn.SUMMARY)
    is_open = dialog.key not in dialog.journey.done
    return is_onward and is_open and asking.service is not None and asking.is_known_next


def _facts(report: Report) -> str:
    one = report.shown
    day = date_format(one.reported_on, "j F")
    said = one.words or str(tongues.joined(one.said))
    facts = f"{one.where}, {day}. {one.status_words}."
    return f"{facts} {said}".strip()
