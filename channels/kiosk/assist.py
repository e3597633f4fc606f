"""Staff at a kiosk: a code that says who helps, until the visit ends. It gives no right here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

import kiosks.actions_counts
import kiosks.actions_help
import kiosks.actions_staff
from channels.asking import limits
from channels.kiosk import helping, visit
from channels.kiosk.devices import at_kiosk

if TYPE_CHECKING:
    from accounts.permissions import Viewer
    from kiosks.models import Kiosk

_DOOR, _FROM = "staff_code", "staff_from"


class StaffForm(forms.Form):
    """Eight digits."""

    code = forms.CharField(
        label=_("Your code for kiosks"),
        max_length=20,
        help_text=_("Eight digits. You get them on the desk, under Help at kiosks"),
        error_messages={
            "required": _("Enter your code"),
            "max_length": _("Enter the eight digits of your code"),
        },
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "inputmode": "numeric",
                "data-keyboard": "number",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )


@at_kiosk
def staff(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A page for staff: says who helps in this visit, or in the one that begins with it."""
    form, now = StaffForm(request.POST if request.method == "POST" else None), timezone.now()
    _remember(request)
    try:
        if form.is_valid():
            limits.must_have_room(request, _DOOR, kiosk)
            code = form.cleaned_data["code"]
            viewer = kiosks.actions_staff.who(code, kiosk.site, now)
            if viewer is not None:
                return _helped(request, kiosk, viewer, code)
            limits.wrong(request, _DOOR, kiosk)
            form.add_error("code", str(_("That code is not good here today. Make a new one")))
    except limits.TooMany as error:
        return error.page()
    return visit.page(
        request,
        kiosk,
        "kiosk/staff.html",
        typing=True,
        form=form,
        has_paper=bool(kiosk.printer),
        is_in="paper" in request.GET,
        back=request.session.get(_FROM) or "",
    )


def _remember(request: HttpRequest) -> None:
    """Where the person whom staff come to was: staff come to them, not to a new beginning."""
    came = urlsplit(request.headers.get("Referer", "")).path
    if request.method == "GET" and visit.current(request) is not None:
        request.session[_FROM] = helping.back(request) if came == reverse("kiosk:help") else ""


def _helped(request: HttpRequest, kiosk: Kiosk, viewer: Viewer, code: str) -> HttpResponse:
    now = timezone.now()
    there = visit.current(request)
    if there is None:
        visit.begin(request)
        kiosks.actions_counts.count(kiosk, "starts", now=now)
    else:
        kiosks.actions_help.there(kiosk=kiosk, visit=there.id, viewer=viewer, now=now)
    if visit.ASSIST not in request.session:
        kiosks.actions_counts.count(kiosk, "assisted", now=now)
    request.session[visit.ASSIST] = {
        "code": code,
        "name": (viewer.name.split() or [viewer.name])[0],
        "at": now.isoformat(),
    }
    return redirect(request.session.get(_FROM) or "kiosk:menu")


def helper(request: HttpRequest, kiosk: Kiosk) -> Viewer | None:
    """Who of the staff helps in this visit; whose code was good when they typed it."""
    kept: dict[str, Any] = request.session.get(visit.ASSIST) or {}
    since = parse_datetime(str(kept.get("at", "")))
    if since is None:
        return None
    return kiosks.actions_staff.who(str(kept.get("code", "")), kiosk.site, since)
