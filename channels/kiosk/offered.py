"""What a device offers: an administrator may leave services out, and it says where else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

import kb.queries
from channels.kiosk import visit

if TYPE_CHECKING:
    from kb.models import Service
    from kiosks.models import Kiosk

Starts = tuple[tuple[str, str], ...]


def is_offered(kiosk: Kiosk, slug: str) -> bool:
    """Whether a service can be asked for at this device."""
    return slug not in kiosk.hidden_services


def by_group(kiosk: Kiosk) -> dict[str, list[Service]]:
    """The catalogue as this device offers it; a group of which nothing is left is not there."""
    found = {
        group: [row for row in rows if is_offered(kiosk, row.slug)]
        for group, rows in kb.queries.by_group()
    }
    return {group: rows for group, rows in found.items() if rows}


def starts(kiosk: Kiosk, known: Starts) -> Starts:
    """The buttons of an answer that lead to what is offered here."""
    return tuple((words, href) for words, href in known if is_offered(kiosk, _service(href)))


def _service(href: str) -> str:
    return next(iter(parse_qs(urlsplit(href).query).get("service", [])), "")


def elsewhere(request: HttpRequest, kiosk: Kiosk, service: Service) -> HttpResponse:
    """A service that is not offered here, and where it is."""
    return visit.page(
        request,
        kiosk,
        "kiosk/elsewhere.html",
        service=service,
        address=site_address(),
        back=reverse("kiosk:about"),
    )


def kept_elsewhere(request: HttpRequest, kiosk: Kiosk, service: Service) -> HttpResponse:
    """A saved form of such a service: it stays saved, and its code opens it in other places."""
    return visit.page(
        request,
        kiosk,
        "kiosk/elsewhere.html",
        service=service,
        kept=f"{site_address()}/ask/return/",
        back=reverse("kiosk:menu"),
    )


def site_address() -> str:
    """Where the hub is on the web, as one types it."""
    return urlsplit(settings.HUB_BASE_URL).netloc or settings.HUB_BASE_URL
