"""The worker of a device's release, and the files that it keeps for when the line is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse

from channels.kiosk.devices import at_kiosk
from kiosks import building, queries_releases

if TYPE_CHECKING:
    from kiosks.models import Kiosk


@at_kiosk
def worker(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """The script of the release that this device should have."""
    return _answer(queries_releases.release_for(kiosk), building.WORKER)


@at_kiosk
def file(request: HttpRequest, kiosk: Kiosk, release: str, path: str) -> HttpResponse:
    """One file of a release."""
    return _answer(release, path)


def _answer(release: str, path: str) -> HttpResponse:
    found = queries_releases.file(release, path.replace("\x00", "")) if release else None
    if found is None:
        raise Http404
    return HttpResponse(found.body, content_type=found.kind)
