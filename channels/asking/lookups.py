"""What people look for: something by words, an enquiry by its reference and a postcode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from channels.asking import limits
from channels.asking.forms import TrackForm
from core import references
from enquiries.queries import tracking
from enquiries.queries.tracking import Tracked

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# One answer for a wrong proof and for a reference that never was: nobody learns which.
NOT_FOUND = gettext_lazy(
    "We cannot find that reference with that postcode or number. The reference stands in our "
    "message; the postcode or number is the one that you gave us"
)


def words(request: HttpRequest, *, longest: int) -> str:
    """The words of a search as they stand in the address, at most so many characters."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:longest]


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
        form.add_error("reference", NOT_FOUND)
    return form, found


def _canonical(typed: str) -> str:
    """One reference, however it was typed; nothing for what cannot be one."""
    try:
        return references.parse(typed)
    except references.BadReference:
        return ""
