"""What is known already, on the website: read before anybody gives a name, and joined in one go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import journey, limits, places, questions, reading, spam, uploads
from channels.asking import nearby as known
from channels.asking.journey import Journey
from channels.asking.questions import Asking
from channels.web import ask, parsing, searching
from core.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nearby(request: HttpRequest, journey_id: str) -> HttpResponse:
    """Is it one of these? Notices and reports of others; one press says so, another goes on."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    asking = questions.of(current)
    if questions.ABOUT not in current.done or not asking.is_known_next:
        return ask.onward(current, asking)
    refusals = []
    if request.method == "POST":
        if "go_on" in request.POST:
            return _on(request, asking, known.passed(current))
        picked = known.chosen(
            current,
            report=request.POST.get("this", ""),
            notice=request.POST.get("notice", ""),
        )
        if picked is not None:
            return _on(request, asking, picked, to="told")
        refusals = [{"text": _("Choose one of these, or go on: yours is something else")}]
    screen = known.screen(current, now=timezone.now())
    if not screen:
        return ask.onward(current, asking)
    return ask.page(
        request,
        "web/ask/nearby.html",
        current,
        screen=screen,
        points=_points(screen),
        here=known.where(current),
        refusals=refusals,
        map=places.map_settings(),
        back=ask.asks(current, asking.last_answered),
    )


def _points(screen: known.Screen) -> list[dict[str, Any]]:
    """The reports as the map shows them, by the numbers of the list."""
    return [
        {
            "number": number,
            "lat": one.shown.latitude,
            "lon": one.shown.longitude,
            "words": f"{one.shown.status_words}. {one.shown.where}",
        }
        for number, one in enumerate(screen.reports, start=1)
    ]


def _on(request: HttpRequest, asking: Asking, said: Journey, *, to: str = "") -> HttpResponse:
    """Keeps what somebody says here as any answer is kept; what was done elsewhere stays."""
    if not ask.keep(request, questions.of(said, asking.service), at=asking.last_answered):
        return ask.onward(ask.load(request, said.id) or said)
    return redirect(ask.address(said, to)) if to else ask.onward(said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, journey_id: str) -> HttpResponse:
    """How do we tell you what comes of it; then it is sent."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    if not (current.joins or current.notice):
        return ask.onward(current)
    asking = questions.of(current)
    form, refusals = known.tell_form(current, request.POST or None), []
    if form.is_valid():
        current = known.told_by(current, form.cleaned_data)
        told_us = questions.of(current, asking.service)
        if not ask.keep(request, told_us, at=asking.key_of(questions.YOU)):
            newest = ask.load(request, journey_id) or current
            if newest != current:  # else the second of two clicks: intake knows its key
                return ask.already_sent(newest) if newest.is_sent else ask.onward(newest)
        try:
            limits.check(request, "send")
            return _send(request, current)
        except limits.TooMany as error:
            return error.page()
        except DomainError as error:
            refusals = [{"text": error.message}]
    return ask.page(
        request,
        "web/ask/told.html",
        current,
        form=form,
        question=asking.part(questions.YOU),
        refusals=refusals,
        on=_goes_on(current, asking),
        back=ask.address(current, "nearby"),
    )


def _goes_on(current: Journey, asking: Asking) -> str:
    """Where the form goes on for who sends it as their own after all."""
    turn = asking.first_open
    return ask.asks(current, turn.key) if turn is not None else ask.address(current, "check")


def _send(request: HttpRequest, current: Journey) -> HttpResponse:
    now = timezone.now()
    written = questions.of(current).written
    why = spam.suspicious(request, current.id, words=written, name=current.name)
    inbound = parsing.read(current, now=now, suspicion=why)
    inbound = reading.in_visit(request.session, inbound, now=now)
    sent, again, is_new = known.send(current, inbound, now=now)
    journey.save(request.session, sent)
    if is_new:
        spam.sent(request, words=written)
    uploads.forget_suggestion(request.session, current.id)
    searching.sent(request, current.id)
    return ask.already_sent(sent) if again else redirect(ask.address(sent, "sent"))
