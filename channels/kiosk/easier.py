"""Makes the screen easier to use: by a page of its own, or without leaving the one that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from channels.kiosk import modes, visit
from channels.kiosk.devices import at_kiosk

if TYPE_CHECKING:
    from kiosks.models import Kiosk


@at_kiosk
def easier(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """What can be made easier; by POST one of it. `from` is the page that one came from."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    back = _page(request.POST.get("from", request.GET.get("from", "")))
    if request.method == "POST":
        modes.choose(request.session, request.POST.get("set", ""))
        return redirect(f"{reverse('kiosk:easier')}?{urlencode({'from': back})}")
    return visit.page(request, kiosk, "kiosk/easier.html", back=back)


def _page(address: str) -> str:
    """A page of this kiosk; its menu where it is none."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        found = None
    is_ours = found is not None and found.app_name == "kiosk" and found.url_name != "easier"
    return address if is_ours else reverse("kiosk:menu")
