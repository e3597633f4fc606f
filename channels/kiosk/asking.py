"""Where, what, who: one question a screen, then everything once more, then it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

import kb.queries
from channels.asking import contact, forms, limits, nearby, places, questions
from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from channels.kiosk import visit
from channels.kiosk.devices import at_kiosk
from core.audit import Actor
from core.errors import DomainError
from customers.contact import shown
from enquiries.channels import Channel
from enquiries.queries import tracking

if TYPE_CHECKING:
    from accounts.models import Kiosk
    from kb.models import Service

_SCREENS = {questions.WHERE: "where", questions.WHAT: "what", questions.YOU: "tell"}


def onward(current: Journey) -> HttpResponse:
    """To the next question without an answer, or to the check; before we ask who they are, to what
    is known already.
    """
    turn = questions.first_open(current, kb.queries.service(current.service))
    if turn in (None, questions.YOU) and nearby.is_due(current, now=timezone.now()):
        return redirect("kiosk:nearby")
    return redirect(_address(turn) if turn else "kiosk:check")


def _address(step: str) -> str:
    if step.startswith(questions.OWN):
        return reverse("kiosk:own", args=[step.removeprefix(questions.OWN)])
    return reverse(f"kiosk:{_SCREENS[step]}")


def _turn(request: HttpRequest, step: str) -> tuple[Journey | None, HttpResponse | None]:
    """The journey when it is this question's turn, else where to go instead."""
    current = visit.current(request)
    if current is None:
        return None, redirect("kiosk:home")
    if current.is_sent:
        return None, redirect("kiosk:sent")
    if "about" not in current.done:
        return None, redirect("kiosk:about")
    if not questions.may_answer(current, kb.queries.service(current.service), step):
        return None, onward(current)
    return current, None


def _back(current: Journey, step: str) -> str:
    order = questions.steps(kb.queries.service(current.service))
    at = order.index(step)
    return _address(order[at - 1]) if at else reverse("kiosk:about")


def _ask(
    request: HttpRequest,
    kiosk: Kiosk,
    current: Journey,
    step: str,
    form: Form,
    *,
    screen: str = "",
    back: str = "",
    **more: object,
) -> HttpResponse:
    service = kb.queries.service(current.service)
    context: dict[str, Any] = {
        "form": form,
        "journey": current,
        "urgent": questions.urgent(service),
        "back": back or _back(current, step),
        **more,
    }
    template = f"kiosk/{screen or _SCREENS[step]}.html"
    return visit.page(request, kiosk, template, typing=True, **context)


@at_kiosk
def own(request: HttpRequest, kiosk: Kiosk, key: str) -> HttpResponse:
    """One question that only this service asks: one touch."""
    step = f"{questions.OWN}{key}"
    current, elsewhere = _turn(request, step)
    if current is None:
        return elsewhere or redirect("kiosk:home")
    question = questions.own(kb.queries.service(current.service), step)
    if question is None:
        return onward(current)
    form = forms.OwnForm(
        request.POST if request.method == "POST" else None,
        question=question,
        initial=questions.known(current, step),
    )
    if form.is_valid():
        return _answered(request, current, step, form)
    return _ask(request, kiosk, current, step, form, screen="own")


@at_kiosk
def where(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Which postcode; the line about the spot is asked with it."""
    current, elsewhere = _turn(request, questions.WHERE)
    if current is None:
        return elsewhere or redirect("kiosk:home")
    words = questions.where(kb.queries.service(current.service))
    initial = {"postcode": current.postcode, "address": current.address}
    sent = request.POST if request.method == "POST" else None
    service = kb.queries.service(current.service)
    lists = service is not None and service.location == "address"
    form = places.PlaceForm(sent, words=words, lists=lists, initial=initial)
    if form.is_valid():
        return _answered(request, current, questions.WHERE, form)
    return _ask(request, kiosk, current, questions.WHERE, form, words=words)


@at_kiosk
def what(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """What happened."""
    current, elsewhere = _turn(request, questions.WHAT)
    if current is None:
        return elsewhere or redirect("kiosk:home")
    service = kb.queries.service(current.service)
    form = forms.WhatForm(
        request.POST if request.method == "POST" else None,
        prompt=service.prompt if service else "",
        initial={"description": current.description},
    )
    if form.is_valid():
        return _answered(request, current, questions.WHAT, form)
    return _ask(request, kiosk, current, questions.WHAT, form)


@at_kiosk
def tell(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """How we tell the person what happens: one touch."""
    current, elsewhere = _turn(request, questions.YOU)
    if current is None:
        return elsewhere or redirect("kiosk:home")
    service = kb.queries.service(current.service)
    form = forms.YouForm(
        request.POST if request.method == "POST" else None, anonymous_ok=_anonymous_ok(service)
    )
    chosen = request.POST.get("tell_by", "")
    if chosen in (EMAIL, SMS):
        return redirect("kiosk:you", way=chosen)
    if form.is_valid():
        return _answered(request, current, questions.YOU, form)
    return _ask(request, kiosk, current, questions.YOU, form, anonymous=_anonymous_ok(service))


@at_kiosk
def you(request: HttpRequest, kiosk: Kiosk, way: str) -> HttpResponse:
    """The address of the way that was chosen, and a name."""
    current, elsewhere = _turn(request, questions.YOU)
    if current is None:
        return elsewhere or redirect("kiosk:home")
    service = kb.queries.service(current.service)
    form = forms.YouForm(
        {**request.POST.dict(), "tell_by": way} if request.method == "POST" else None,
        anonymous_ok=_anonymous_ok(service),
        initial={"name": current.name, "email": current.email, "phone": current.phone},
    )
    if form.is_valid():
        return _answered(request, current, questions.YOU, form)
    return _ask(
        request,
        kiosk,
        current,
        questions.YOU,
        form,
        screen="you",
        way=way,
        back=reverse("kiosk:tell"),
    )


def _anonymous_ok(service: Service | None) -> bool:
    return service.anonymous_ok if service else False


def _answered(request: HttpRequest, current: Journey, step: str, form: Form) -> HttpResponse:
    current = questions.answered(current, step, form.cleaned_data)
    visit.keep(request, current)
    return onward(current)


@at_kiosk
def check(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Everything once more; then it goes."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent:
        return redirect("kiosk:sent")
    service = kb.queries.service(current.service)
    if "about" not in current.done or questions.first_open(current, service) is not None:
        return redirect("kiosk:about") if "about" not in current.done else onward(current)
    expected, refusal = contact.expected(current, now=timezone.now()), ""
    is_theirs = expected is not None and expected.outside is not None
    if request.method == "POST" and is_theirs <= ("to_us" in request.POST):
        try:
            limits.check(request, "send", kiosk)
            return _send(request, kiosk, current, to_us=is_theirs)
        except limits.TooMany as error:
            return error.page()
        except DomainError as error:
            refusal = error.message
    return visit.page(
        request,
        kiosk,
        "kiosk/check.html",
        rows=_rows(current, service),
        expected=expected,
        refusals=[{"text": refusal}] if refusal else [],
        urgent=questions.urgent(service),
        back=reverse("kiosk:tell"),
    )


def _send(request: HttpRequest, kiosk: Kiosk, current: Journey, *, to_us: bool) -> HttpResponse:
    now = timezone.now()
    inbound = contact.read(
        current,
        channel=Channel.KIOSK,
        now=now,
        site=kiosk.site.slug,
        actor=Actor("kiosk", kiosk.pk, kiosk.name, kiosk.site.organisation_id),
        to_us=to_us,
    )
    sent, _ = nearby.send(current, inbound, now=now)
    visit.keep(request, sent)
    return redirect("kiosk:sent")


@at_kiosk
def sent(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """We have it: the reference, large, and what happens next. Can be printed."""
    current = visit.current(request)
    if current is None or not current.is_sent:
        return redirect("kiosk:home")
    tracked = tracking.track(current.reference, current.secret, now=timezone.now())
    if tracked is None:
        return redirect("kiosk:home")
    return visit.page(
        request,
        kiosk,
        "kiosk/sent.html",
        journey=current,
        phone=shown(current.phone) if current.phone else "",
        tracked=tracked,
        owner=current.owner or tracked.owner,
    )


def _rows(current: Journey, service: Service | None) -> list[dict[str, Any]]:
    """What was answered, each with the way back."""

    def row(key: str, value: str, name: str, said: bool = False) -> dict[str, Any]:
        return {"key": key, "value": value, "href": reverse(f"kiosk:{name}"), "said": said}

    rows = [row("What it is about", current.service_name or "Not sure", "about")]
    rows += [
        {"key": words, "value": value, "href": _address(step), "said": False}
        for step, words, value in questions.said(current, service)
    ]
    if questions.WHERE in current.done:
        rows.append(row("Postcode", current.postcode or "Not given", "where"))
        if current.address:
            rows.append(row("Place", current.address, "where", said=True))
    rows.append(row("What happened", current.description, "what", said=True))
    if current.tell_by == NOBODY:
        rows.append(row("We tell you by", "Nothing: you stay anonymous", "tell"))
    else:
        by_email = current.tell_by == EMAIL
        way = f"Email to {current.email}" if by_email else f"Text to {shown(current.phone)}"
        rows += [row("We tell you by", way, "tell", said=True)]
        rows += [row("Your name", current.name, "tell", said=True)]
    return rows
