"""What somebody takes away from a kiosk: a receipt, its square, a message with the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

import kiosks.actions_counts
import kiosks.actions_staff
from channels.asking import limits
from channels.asking.forms import AddressForm
from channels.asking.journey import NOBODY
from channels.kiosk import assist, visit
from channels.kiosk.devices import at_kiosk
from enquiries.actions import telling_link
from enquiries.inbound import LANGUAGE

if TYPE_CHECKING:
    from channels.asking.journey import Journey
    from kiosks.models import Kiosk

_TRACK = "/track/"


def square(address: str) -> str:
    """A QR code of an address as an image that stands in the page."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"))


def paper(kiosk: Kiosk, current: Journey, reference: str) -> dict[str, Any]:
    """What the page that says "we have it" shows besides, and prints. Its square leads to where
    number and postcode are asked: who finds the paper has neither a link nor a name."""
    query = urlencode({"reference": reference})
    return {
        **printed_at(kiosk),
        "square": square(f"{settings.HUB_BASE_URL}{_TRACK}?{query}"),
        "short": f"{urlsplit(settings.HUB_BASE_URL).netloc}{_TRACK}",
        "may_send": current.tell_by == NOBODY,
    }


def printed_at(kiosk: Kiosk) -> dict[str, Any]:
    """By which device, on what, and when."""
    return {"printer": kiosk.printer, "kiosk_name": kiosk.name, "now": timezone.now()}


def code_paper(kiosk: Kiosk) -> dict[str, Any]:
    """What the page with the code of a saved form prints besides: never the code in the square."""
    address = "/ask/return/"
    return {
        **printed_at(kiosk),
        "square": square(f"{settings.HUB_BASE_URL}{address}"),
        "short": f"{urlsplit(settings.HUB_BASE_URL).netloc}{address}",
    }


@at_kiosk
def send_me(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Number and link in one message, to an address that is forgotten with the visit."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if not current.is_sent or current.tell_by != NOBODY:
        return redirect("kiosk:sent" if current.is_sent else "kiosk:menu")
    form, told = AddressForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        to = form.cleaned_data["address"]
        try:
            limits.check(request, "link", kiosk, to=to)
        except limits.TooMany:
            form.add_error("address", too_many())
        else:
            telling_link.send_to(
                reference=current.reference,
                secret=current.secret,
                kind=form.kind,
                to=to,
                language=translation.get_language() or LANGUAGE,
                now=timezone.now(),
            )
            told = visit.veiled_way(form.kind, to)
    back = reverse("kiosk:sent")
    return visit.page(
        request,
        kiosk,
        "kiosk/send_me.html",
        typing=True,
        journey=current,
        form=form,
        told=told,
        back=back,
    )


def too_many() -> str:
    """Why an address gets nothing more just now."""
    return _("We have sent several messages there already. Note the number, or print it")


@at_kiosk
def printed(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """One more that was printed; told by the page's script."""
    if request.method == "POST" and visit.current(request) is not None:
        kiosks.actions_counts.count(kiosk, "prints", now=timezone.now())
    return HttpResponse(status=204)


@at_kiosk
def paper_in(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Somebody of the staff has put paper in: what was printed counts from nothing again."""
    helper = assist.helper(request, kiosk)
    if request.method == "POST" and helper is not None:
        kiosks.actions_staff.paper_in(kiosk=kiosk, viewer=helper, now=timezone.now())
        return redirect(f"{reverse('kiosk:staff')}?paper=1")
    return redirect("kiosk:staff")
