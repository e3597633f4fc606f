"""Save and come back later: a code now, and the form again with it, anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import journey, limits, questions, saved, spam
from channels.asking.returning import CodeForm
from channels.web import ask
from enquiries.channels import Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, journey_id: str) -> HttpResponse:
    """What saving means; by POST the code, shown once."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    code = ""
    if request.method == "POST":
        now = timezone.now()
        code = saved.give_code(current, now=now)
        if not code and questions.ABOUT in current.done:
            # Nothing was answered yet but what it is about: that is kept too.
            asking = questions.of(current)
            saved.keep(asking, at=questions.ABOUT, channel=Channel.WEB, now=now)
            code = saved.give_code(current, now=now)
    asking = questions.of(current)
    turn = asking.first_open
    back = ask.asks(current, turn.key) if turn is not None else ask.address(current, "check")
    return ask.page(request, "web/ask/save.html", current, code=code, back=back)


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
