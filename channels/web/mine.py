"""My enquiries: a link to an address that we know opens all that was asked with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import customers.actions
import customers.queries
from channels.asking import limits, own_link
from channels.web.forms_mine import AddressForm, TellingForm
from customers import actions_telling, links, queries_telling
from customers.links import Visit
from enquiries.actions.telling import EVERY_STEP, THE_END
from enquiries.queries import mine

Page = Callable[[HttpRequest, Visit], HttpResponse]


def _cookie_name() -> str:
    """The cookie of a visit: not the session of staff; bound to the host where there is https."""
    return "__Host-my" if settings.HTTPS else "my"


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(_cookie_name(), "")[:100]


def _visit(request: HttpRequest) -> Visit | None:
    return links.visit(token=_token(request), now=timezone.now())


def _proved(view: Page) -> Callable[[HttpRequest], HttpResponse]:
    """Lets a visit in; who has none, or none any more, is asked for the address again."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        found = _visit(request)
        if found is None:
            return redirect("/my/?ended=yes" if _token(request) else "/my/")
        return view(request, found)

    return never_cache(guarded)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Asks for an address. The answer is the same for known and unknown ones."""
    if request.method != "POST" and _visit(request) is not None:
        return redirect("/my/enquiries/")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            limits.check(request, "magic_link", to=address)
        except limits.TooMany as stop:
            return stop.page()
        own_link.ask(kind=form.kind, value=address, now=timezone.now())
        return redirect(f"/my/sent/?by={form.kind}")
    context = {"form": form, "nav_here": "track", "ended": "ended" in request.GET}
    return render(request, "web/mine.html", context)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What to do now, and what if nothing comes."""
    context = {"by_text": request.GET.get("by") == "phone", "nav_here": "track"}
    return render(request, "web/mine_sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the message. Looking at it, as scanners of mail do, uses nothing up."""
    now = timezone.now()
    if request.method != "POST":
        is_open = links.is_open(token=token, now=now)
        return _button(request, is_open=is_open)
    raw = links.use(token=token, before=_token(request), now=now)
    if raw is None:
        return _button(request, is_open=False)
    rotate_token(request)
    response = redirect("/my/enquiries/")
    response.set_cookie(
        _cookie_name(), raw, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def _button(request: HttpRequest, *, is_open: bool) -> HttpResponse:
    context = {"is_open": is_open, "nav_here": "track"}
    return render(request, "web/mine_open.html", context, status=200 if is_open else 410)


@require_safe
@_proved
def enquiries(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything that was asked with this address, newest first."""
    number = request.GET.get("page", "1")
    page = mine.of_visit(
        visit,
        today=timezone.localdate(),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    context = {
        "page": page,
        "going": [row for row in page.rows if not (row.is_done or row.is_private)],
        "private": [row for row in page.rows if row.is_private],
        "done": [row for row in page.rows if row.is_done],
        "previous": f"?page={page.number - 1}" if page.number > 1 else "",
        "next": f"?page={page.number + 1}" if page.has_next else "",
        "nav_here": "track",
    }
    return render(request, "web/mine_enquiries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_proved
def telling(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How much they want to hear of all of these, and by what; and no more news, who had some."""
    people = visit.person_ids
    if request.method == "POST" and "no_news" in request.POST:
        actions_telling.no_more_news(person_ids=people, now=timezone.now())
        return redirect("/my/telling/?kept=yes")
    much, by = customers.queries.how_much(people), queries_telling.tell_by(people)
    initial = {
        "how_much": THE_END if much == {THE_END} else EVERY_STEP,
        "tell_by": by.pop() if len(by) == 1 else "",
    }
    form = TellingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        chosen = form.cleaned_data
        customers.actions.choose_how_much(person_ids=people, how_much=chosen["how_much"])
        actions_telling.choose(person_ids=people, medium=chosen["tell_by"], now=timezone.now())
        return redirect("/my/telling/?kept=yes")
    context = {
        "form": form,
        "kept": "kept" in request.GET,
        "has_news": queries_telling.wants_news(people),
        "nav_here": "track",
    }
    return render(request, "web/mine_telling.html", context)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the visit: whoever uses this browser next sees nothing."""
    links.leave(token=_token(request), now=timezone.now())
    response = redirect("/my/?ended=yes")
    response.delete_cookie(_cookie_name(), path="/", samesite="Lax")
    return response
