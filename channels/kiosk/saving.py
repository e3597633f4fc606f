"""A form for later, or one from before: a code to take away, and a code that was brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from channels.asking import limits, questions, saved
from channels.asking.returning import CodeForm
from channels.kiosk import asking, visit
from channels.kiosk.devices import at_kiosk
from enquiries.channels import Channel

if TYPE_CHECKING:
    from kiosks.models import Kiosk


@at_kiosk
def save(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A code that opens this form elsewhere: with staff here, on the phone, at home."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent or questions.ABOUT not in current.done:
        return asking.onward(current)
    code, now = "", timezone.now()
    begun = questions.of(current, files=False)
    if request.method == "POST":
        code = saved.give_code(current, now=now)
        if not code:
            site = kiosk.site.slug
            saved.keep(begun, at=current.done[-1], channel=Channel.KIOSK, site=site, now=now)
            code = saved.give_code(current, now=now)
    turn = begun.first_open
    back = asking.address(turn) if turn is not None else reverse("kiosk:check")
    return visit.page(request, kiosk, "kiosk/save.html", code=code, back=back)


@at_kiosk
def take_up(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """The form that a code opens."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            limits.must_have_room(request, "return", kiosk)
            found = saved.by_code(form.cleaned_data["code"], now=timezone.now())
            if found is not None:
                visit.keep(request, found)
                return asking.onward(found)
            limits.wrong(request, "return", kiosk)
            form.refuse()
    except limits.TooMany as error:
        return error.page()
    back = reverse("kiosk:menu")
    return visit.page(request, kiosk, "kiosk/return.html", typing=True, form=form, back=back)
