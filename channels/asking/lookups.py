"""What people look for: something by words, an enquiry by its reference and a postcode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from channels.asking import limits
from channels.asking.forms import TrackForm
from core import references
from enquiries.queries import tracking
from enquiries.queries.tracking import Tracked
from kiosks import queries_kept

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# One answer for a wrong proof and for a reference that never was: nobody learns which.
NOT_FOUND = gettext_lazy(
    "We cannot find that reference with that postcode or number. The reference stands in our "
    "message; the postcode or number is the one that you gave us"
)

# Of a number that a kiosk gave while its line was away.
_NOT_YET = gettext_lazy(
    "This number was given at %(site)s. What was told there has not reached us yet, "
    "because the kiosk has no line to us. It comes by itself as soon as there is one: you need do "
    "nothing."
)
_NEVER = gettext_lazy(
    "This number was given at %(site)s. What was told there on %(day)s never reached us: "
    "the kiosk had no line to us for too long. We are sorry. Please tell us again."
)

_OFF = gettext_lazy(
    "This number was given at %(site)s. What was told there has not reached us, and that kiosk was "
    "switched off since. Please tell us again, or call us."
)


def words(said: Mapping[str, str], *, longest: int) -> str:
    """The words of a search, of the address or as posted; at most so many characters."""
    return said.get("q", "").replace("\x00", "").strip()[:longest]


def enquiry(request: HttpRequest, kiosk: Kiosk | None = None) -> tuple[TrackForm, Tracked | None]:
    """The form for the two, and what they open; one that opens nothing says so.

    Raises limits.TooMany after many wrong tries, also for what would be right: nobody learns
    whether there is such a reference.
    """
    named = {"reference": request.GET.get("reference", "").replace("\x00", "")[:40]}
    form = TrackForm(request.POST if request.method == "POST" else None, initial=named)
    if not form.is_valid():
        return form, None
    typed = _canonical(form.cleaned_data["reference"])
    limits.must_have_room(request, "track", kiosk, reference=typed)
    found = tracking.track(
        form.cleaned_data["reference"], form.cleaned_data["postcode"], now=timezone.now()
    )
    if found is None:
        limits.wrong(request, "track", kiosk, reference=typed)
        form.on_its_way = _on_its_way(typed)
        if not form.on_its_way:
            form.add_error("reference", NOT_FOUND)
    return form, found


def _on_its_way(typed: str) -> str:
    """What to say of a number that a kiosk gave and that leads nowhere yet; "" for any other.

    Nothing that anybody told us stands behind such a number, so there is nothing to guess.
    """
    number = queries_kept.on_its_way(typed) if references.is_of_kiosk(typed) else None
    if number is None:
        return ""
    if number.is_off:
        return _OFF % {"site": number.site}
    if number.gone is None:
        return _NOT_YET % {"site": number.site}
    day = date_format(timezone.localtime(number.gone), "j F Y")
    return _NEVER % {"site": number.site, "day": day}


def _canonical(typed: str) -> str:
    """One reference, however it was typed; nothing for what cannot be one."""
    try:
        return references.parse(typed)
    except references.BadReference:
        return ""
