"""How messages are getting on: providers, what waits, how promptly, what failed; send it again."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import limits
from desk.answers import carried_out, go, sent
from desk.forms_messages import AgainForm, TestForm
from notifications import queries_health, repeating

HOME = "/desk/settings/messages/"
DAYS = 30
# The share that is to go within ten seconds, of each day.
GOAL = 0.999
MEDIA = {"sms": "Texts", "email": "Email", "letter": "Letters"}
ONE = {"sms": "Text", "email": "Email", "letter": "Letter"}
STATES = {"failed": "Not delivered", "expired": "Given up", "unknown": "Sent, perhaps"}


def _looker(request: HttpRequest) -> Viewer:
    """Messages of the whole partnership are looked after by the hub."""
    who = viewer(request)
    if not who.is_hub:
        raise Http404
    return who


@requires(Permission.SEE_PERFORMANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """The state of things on one page."""
    who, now = _looker(request), timezone.now()
    today = timezone.localdate()
    found = queries_health.promptness(
        since=today - timedelta(days=DAYS - 1), until=today + timedelta(days=1)
    )
    days = [(one, queries_health.share_words(one.share), (one.share or 0) >= GOAL) for one in found]
    waiting = queries_health.waiting(now=now)
    context = {
        "nav_here": "settings" if who.may(Permission.ADMINISTER) else "performance",
        "may_act": who.may(Permission.ADMINISTER),
        "now": now,
        "carriers": [
            (one, ", ".join(MEDIA[medium].lower() for medium in one.media))
            for one in queries_health.carriers(now=now)
        ],
        "waiting": [(MEDIA[one.medium], one) for one in waiting],
        "oldest": min((one.oldest for one in waiting if one.oldest), default=None),
        "due": sum(one.due for one in waiting),
        "today": next((one for one in days if one[0].day == today), None),
        "days": days,
        "short_of_goal": sum(1 for *_, kept in days if not kept),
        "reasons": [_reason(one) for one in queries_health.reasons(now=now)],
        "given_up": queries_health.given_up(now=now),
        "form": TestForm(),
    }
    return render(request, "desk/messages/overview.html", context)


def _reason(one: queries_health.Reason) -> dict[str, Any]:
    query = {"medium": one.medium, "carrier": one.carrier, "code": one.code, "state": one.state}
    return {
        "one": one,
        "medium": MEDIA[one.medium],
        "state": STATES.get(one.state, one.state),
        "href": f"{HOME}lost/?{urlencode(query)}",
    }


@requires(Permission.SEE_PERFORMANCE)
def days_csv(request: HttpRequest) -> HttpResponse:
    """The share of each day of the last year, as a table to keep."""
    _looker(request)
    today = timezone.localdate()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="messages-within-10-seconds.csv"'
    table = csv.writer(response)
    table.writerow(["day", "due", "within_10_seconds", "share"])
    for one in queries_health.promptness(
        since=today - timedelta(days=365), until=today + timedelta(days=1)
    ):
        share = "" if one.share is None else f"{one.share:.6f}"
        table.writerow([one.day.isoformat(), one.due, one.prompt, share])
    return response


@requires(Permission.ADMINISTER)
def lost(request: HttpRequest) -> HttpResponse:
    """The messages that failed for one reason, and the press that sends them again."""
    _looker(request)
    chosen = AgainForm(request.GET)
    if not chosen.is_valid_reason():
        return go(HOME)
    return _lost(request, AgainForm(initial=dict(chosen.reason())))


def _lost(request: HttpRequest, form: AgainForm) -> HttpResponse:
    reason = form.reason()
    now = timezone.now()
    rows = queries_health.of_reason(**reason, now=now)
    context = {
        "nav_here": "settings",
        "form": form,
        "medium": MEDIA[reason["medium"]],
        "state": STATES[reason["state"]],
        "carrier": reason["carrier"],
        "code": reason["code"],
        "rows": rows,
        "words": next((one.trouble for one in rows if one.trouble), ""),
        # The newest stands first.
        "is_old": bool(rows) and rows[0].at < now - queries_health.FAILURES_OF,
        "is_unknown": reason["state"] == "unknown",
        "at_once": repeating.AT_ONCE,
    }
    return render(request, "desk/messages/lost.html", context)


@requires(Permission.ADMINISTER)
@sent
def again(request: HttpRequest) -> HttpResponse:
    """Sends again what failed for one reason; where one of it is named, that one alone."""
    who = _looker(request)
    form = AgainForm(request.POST)
    if not form.is_valid_reason():
        return go(HOME)
    one = form.cleaned_data.get("message")
    done: list[repeating.Repeated] = []

    def work(data: Any, now: datetime) -> None:
        if one:
            repeating.send_one_again(**form.reason(), message=one, actor=who.actor, now=now)
        else:
            done.append(repeating.send_all_again(**form.reason(), actor=who.actor, now=now))

    if not carried_out(form, work, about=f"again:{one.hex}" if one else "messages-again"):
        form.renew()
        return _lost(request, form)
    if one:
        messages.success(request, "1 message goes again")
        return go(f"{HOME}lost/", **form.reason())
    if done:
        messages.success(request, _said(done[0]))
    return go(HOME)


def _said(done: repeating.Repeated) -> str:
    words = [f"{done.again} {'message goes' if done.again == 1 else 'messages go'} again"]
    if not done.again:
        words = ["Nothing was sent"]
        if not (done.stopped or done.stale):
            words[0] += ": these messages are on their way already, or cannot go again"
    if done.left:
        words.append(f"{done.left} more are left: send them with another press")
    if done.stopped:
        words.append(f"Left out, as their readers want no texts: {done.stopped}")
    if done.stale:
        words.append(f"Left out, as newer news went since: {done.stale}")
    return ". ".join(words)


@requires(Permission.ADMINISTER)
def test(request: HttpRequest) -> HttpResponse:
    """One message to oneself or to a colleague; afterwards what became of it."""
    who = _looker(request)
    if request.method != "POST":
        key = request.GET.get("sent", "")
        found = queries_health.tested(f"test:{key}") if key else None
        if key and found is None:
            raise Http404
        return _test(request, TestForm(), found)
    form = TestForm(request.POST)
    door = limits.allow(door="test_message", who={"person": who.actor.name}, now=timezone.now())
    if not door:
        form.add_error(None, "You have sent many test messages. Wait an hour and try again")
        return _test(request, form, None)

    def work(data: Any, now: datetime) -> None:
        repeating.test(
            key=f"test:{data['key']}", medium=data["medium"], to=data["address"],
            actor=who.actor, now=now,
        )  # fmt: skip

    if carried_out(form, work, about="messages-test"):
        return go(f"{HOME}test/", sent=str(form.cleaned_data["key"]))
    form.renew()
    return _test(request, form, None)


def _test(request: HttpRequest, form: TestForm, found: queries_health.Lost | None) -> HttpResponse:
    context = {
        "nav_here": "settings",
        "form": form,
        "found": found,
        "medium": ONE[found.medium] if found else "",
    }
    return render(request, "desk/messages/test.html", context)
