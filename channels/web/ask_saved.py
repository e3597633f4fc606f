"""Save and come back later: a code now, sent if somebody likes, and the form again, anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import journey, limits, questions, saved, spam
from channels.asking.forms import AddressForm
from channels.asking.journey import Journey
from channels.asking.returning import CodeForm
from channels.asking.saved import Shown
from channels.web import ask
from customers.contact import shown
from enquiries.channels import Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, journey_id: str) -> HttpResponse:
    """What saving means; by POST the code, shown once, and sent to who wants it sent."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    kept = saved.shown_again(current, request.POST.get("kept", ""))
    if kept is not None:
        return _send(request, current, kept)
    code = _code(current) if request.method == "POST" else ""
    form = AddressForm() if code else None
    return _page(request, current, saved.shown(current, code) if code else None, form=form)


def _code(current: Journey) -> str:
    now = timezone.now()
    code = saved.give_code(current, now=now)
    if not code and questions.ABOUT in current.done:
        # Only the browser has it until now: often just what it is about.
        saved.keep(questions.of(current), at=current.done[-1], channel=Channel.WEB, now=now)
        code = saved.give_code(current, now=now)
    return code


def _send(request: HttpRequest, current: Journey, kept: Shown) -> HttpResponse:
    """The same page with its code; the same answer whatever the address."""
    form, told = AddressForm(request.POST), ""
    if form.is_valid():
        to = form.cleaned_data["address"]
        try:
            limits.check(request, "form_code", to=to)
        except limits.TooMany as error:
            form.add_error("address", _wait(error.retry_after))
            return _page(
                request, current, kept, form=form, status=429, retry_after=error.retry_after
            )
        if not saved.send_code(kept.code, kind=form.kind, to=to, now=timezone.now()):
            return _page(request, current, None)
        told, form = shown(to) if form.kind == "phone" else to, AddressForm()
    return _page(request, current, kept, form=form, told=told)


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "We have sent several messages already. Try again in %(minutes)s minute, or write the "
        "code down: it works",
        "We have sent several messages already. Try again in %(minutes)s minutes, or write the "
        "code down: it works",
        minutes,
    ) % {"minutes": minutes}


def _page(
    request: HttpRequest,
    current: Journey,
    kept: Shown | None,
    *,
    status: int = 200,
    retry_after: int = 0,
    **context: object,
) -> HttpResponse:
    turn = questions.of(current).first_open
    back = ask.asks(current, turn.key) if turn is not None else ask.address(current, "check")
    page = ask.page(request, "web/ask/save.html", current, shown=kept, back=back, **context)
    page.status_code = status
    if retry_after:
        page.headers["Retry-After"] = str(retry_after)
    return page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: HttpRequest) -> HttpResponse:
    """The form that a code opens, at its first open question."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            limits.must_have_room(request, "return")
            found = saved.by_code(form.cleaned_data["code"], now=timezone.now())
            if found is not None:
                journey.save(request.session, found)
                spam.came_back(request, found.id)
                return ask.onward(found)
            limits.wrong(request, "return")
            form.refuse()
    except limits.TooMany as error:
        return error.page()
    return render(request, "web/ask/return.html", {"form": form, "nav_here": "ask"})
