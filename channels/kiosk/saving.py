"""A form for later, or one from before: a code to take away, and a code that was brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

import kb.queries
from channels.asking import limits, questions, saved
from channels.asking.forms import AddressForm
from channels.asking.journey import Journey
from channels.asking.returning import CodeForm
from channels.asking.saved import Shown
from channels.kiosk import asking, offered, receipt, visit
from channels.kiosk.devices import at_kiosk

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
    kept = saved.shown_again(current, request.POST.get("kept", ""))
    if kept is not None:
        return _send(request, kiosk, current, kept)
    code = _code(kiosk, current) if request.method == "POST" else ""
    form = AddressForm() if code else None
    return _page(request, kiosk, current, saved.shown(current, code) if code else None, form=form)


def _code(kiosk: Kiosk, current: Journey) -> str:
    now = timezone.now()
    code = saved.give_code(current, now=now)
    if code:
        return code
    asking.keep(kiosk, questions.of(current, files=False), at=current.done[-1])
    return saved.give_code(current, now=now)


def _send(request: HttpRequest, kiosk: Kiosk, current: Journey, kept: Shown) -> HttpResponse:
    """The same page with its code; the same answer whatever the address."""
    form, told = AddressForm(request.POST), ""
    if form.is_valid():
        to = form.cleaned_data["address"]
        try:
            limits.check(request, "form_code", kiosk, to=to)
        except limits.TooMany:
            form.add_error("address", receipt.too_many())
        else:
            if not saved.send_code(kept.code, kind=form.kind, to=to, now=timezone.now()):
                return _page(request, kiosk, current, None)
            told, form = visit.veiled_way(form.kind, to), AddressForm()
    return _page(request, kiosk, current, kept, form=form, told=told)


def _page(
    request: HttpRequest, kiosk: Kiosk, current: Journey, kept: Shown | None, **more: object
) -> HttpResponse:
    turn = questions.of(current, files=False).first_open
    context: dict[str, Any] = {
        "shown": kept,
        "back": asking.address(turn) if turn is not None else reverse("kiosk:check"),
        **receipt.code_paper(kiosk),
        **more,
    }
    return visit.page(request, kiosk, "kiosk/save.html", typing=kept is not None, **context)


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
                return _taken_up(request, kiosk, found)
            limits.wrong(request, "return", kiosk)
            form.refuse()
    except limits.TooMany as error:
        return error.page()
    back = reverse("kiosk:menu")
    return visit.page(request, kiosk, "kiosk/return.html", typing=True, form=form, back=back)


def _taken_up(request: HttpRequest, kiosk: Kiosk, found: Journey) -> HttpResponse:
    """Goes on with it, if this device offers what it is about; else it stays as it is."""
    service = kb.queries.service(found.service) if found.service else None
    if service is not None and not offered.is_offered(kiosk, service.slug):
        return offered.kept_elsewhere(request, kiosk, service)
    visit.keep(request, found)
    return asking.onward(found)
