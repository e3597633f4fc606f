"""What people look for: something by words, an enquiry by its reference and a postcode."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from channels.asking.forms import TrackForm
from enquiries.queries import tracking
from enquiries.queries.tracking import Tracked

# One answer for a wrong postcode and for a reference that never was: nobody learns which.
NOT_FOUND = "We cannot find that reference with that postcode. Check both against our message"


def words(request: HttpRequest, *, longest: int) -> str:
    """The words of a search as they stand in the address, at most so many characters."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:longest]


def enquiry(request: HttpRequest) -> tuple[TrackForm, Tracked | None]:
    """The form for the two, and what they open; one that opens nothing says so."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form, None
    found = tracking.track(
        form.cleaned_data["reference"], form.cleaned_data["postcode"], now=timezone.now()
    )
    if found is None:
        form.add_error("reference", NOT_FOUND)
    return form, found
