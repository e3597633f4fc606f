"""What one can get done at a site: keys of the tables, and what they say to people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

OFFERS: Mapping[str, object] = {
    "advice": _("Ask anything, in person"),
    "pay": _("Pay a bill"),
    "council-tax": _("Council tax and benefits"),
    "housing": _("Housing and homelessness"),
    "kiosk": _("A kiosk to do it yourself"),
    "computer": _("A computer to use"),
    "print": _("Print and copy"),
    "private-room": _("A private room to talk"),
    "interpreter": _("An interpreter, by phone or booked"),
    "hearing-loop": _("A hearing loop"),
    "step-free": _("A way in without steps"),
}


def words(keys: Iterable[str]) -> list[str]:
    """What a site offers, in the order in which it is always said."""
    wanted = set(keys)
    return [str(said) for key, said in OFFERS.items() if key in wanted]
