"""Working calendars: what each body and team keeps; a change is shown before it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import actions_calendars, calendars
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.audit import Actor
from core.errors import DomainError
from desk import calendars as pages
from desk.answers import carried_out, go, refuse, sent
from desk.calendars import Shown
from desk.forms import KeyedForm
from desk.forms_calendars import ClosureForm, HolidayForm, HoursForm, OpenForm, SeenForm
from enquiries import clocks

HOME = "/desk/settings/calendars/"
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One change to a calendar. `after` is what it would make of it, for those that are checked."""

    form: type[SeenForm]
    call: Callable[[Shown, Data, Actor, datetime], int]
    done: str
    title: str = ""
    button: str = ""
    after: Callable[[Shown, Data], calendars.Calendar] | None = None


def _set_hours(shown: Shown, data: Data, actor: Actor, now: datetime) -> int:
    return actions_calendars.set_hours(
        whose=shown.whose, week=data["week"], seen=data["seen"], actor=actor, now=now
    )


def _close(shown: Shown, data: Data, actor: Actor, now: datetime) -> int:
    return actions_calendars.close(
        whose=shown.whose,
        first=data["first"],
        last=data["last"],
        why=data["why"],
        seen=data["seen"],
        actor=actor,
        now=now,
    )


def _open(shown: Shown, data: Data, actor: Actor, now: datetime) -> int:
    return actions_calendars.open_again(
        whose=shown.whose,
        first=data["first"],
        last=data["last"],
        seen=data["seen"],
        actor=actor,
        now=now,
    )


def _own(shown: Shown, data: Data, actor: Actor, now: datetime) -> int:
    return actions_calendars.own_hours(whose=shown.whose, seen=data["seen"], actor=actor, now=now)


def _shared(shown: Shown, data: Data, actor: Actor, now: datetime) -> int:
    return actions_calendars.shared_hours(
        whose=shown.whose, seen=data["seen"], actor=actor, now=now
    )


def _closed(shown: Shown, data: Data) -> calendars.Calendar:
    actions_calendars.check_closure(data["first"], data["last"], data["why"])
    return calendars.closing(shown.calendar, data["first"], data["last"], data["why"])


ACTS = {
    "hours": Act(
        HoursForm,
        _set_hours,
        "The hours are saved",
        "Check the new hours",
        "Save these hours",
        lambda shown, data: calendars.with_hours(shown.calendar, data["week"]),
    ),
    "close": Act(
        ClosureForm, _close, "The closed days are saved", "Check the closed days",
        "Close these days", _closed,
    ),
    "open": Act(OpenForm, _open, "The days are open again"),
    "own": Act(SeenForm, _own, "The team has hours of its own now. Change them below"),
    "shared": Act(
        SeenForm, _shared, "The team keeps its organisation’s hours again",
        "Check what the team would keep", "Keep the organisation’s hours",
        lambda shown, _data: shown.body.calendar,
    ),
}  # fmt: skip


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """Every calendar, and the bank holidays that all of them keep."""
    return _overview(request, HolidayForm())


def _overview(request: HttpRequest, form: HolidayForm) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        {
            "shown": body,
            "closures": body.closures(today)[:2],
            "teams": [team for team in teams if not team.is_shared],
        }
        for body, teams in pages.every()
    ]
    context = {
        "nav_here": "settings",
        "rows": rows,
        "form": form,
        "bank_holidays": pages.bank_holidays(today),
        "missing": clocks.bank_holidays_missing(today),
    }
    return render(request, "desk/calendars/overview.html", context)


@requires(Permission.ADMINISTER)
@sent
def holiday(request: HttpRequest) -> HttpResponse:
    """Closes everybody on a day that was proclaimed a holiday."""
    who, form = viewer(request), HolidayForm(request.POST)
    if form.is_valid() and not form.cleaned_data["sure"]:
        day, why, today = form.cleaned_data["day"], form.cleaned_data["why"], timezone.localdate()
        try:
            actions_calendars.check_closure(day, day, why)
        except DomainError as error:
            refuse(form, error)
            return _overview(request, form)
        number = pages.would_close_everywhere(who, day, today=today)
        return _check(
            request, form, HOME, "Check the holiday", "Close everybody on this day",
            effect=pages.effect_words(number), closures=[calendars.Closure(day, day, why)],
            name="Every organisation, and every team with hours of its own",
        )  # fmt: skip

    def close(data: Data, now: datetime) -> None:
        bodies = actions_calendars.close_everywhere(
            day=data["day"], why=data["why"], actor=who.actor, now=now
        )
        for body in bodies:
            actions_calendars.changed(organisation_id=body, now=now)

    if carried_out(form, close, about="calendar-holiday"):
        messages.success(request, "Everybody is closed on that day. Due dates are counted again")
        return go(HOME)
    form.renew()
    return _overview(request, form)


def _found(body: str, team: str) -> Shown:
    shown = pages.find(body, team)
    if shown is None:
        raise Http404
    return shown


@requires(Permission.ADMINISTER)
def calendar(request: HttpRequest, body: str, team: str = "") -> HttpResponse:
    """One calendar: hours, closed days, and for a body its teams."""
    return _page(request, _found(body, team))


def _page(request: HttpRequest, shown: Shown, refused: SeenForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    initial = {"seen": shown.seen}
    hours = HoursForm(initial={**initial, **HoursForm.showing(shown.calendar)})
    context = {
        "nav_here": "settings",
        "shown": shown,
        "refused": refused,
        "hours": refused if isinstance(refused, HoursForm) else hours,
        "closing": refused if isinstance(refused, ClosureForm) else ClosureForm(initial=initial),
        "switch": SeenForm(initial=initial),
        "closures": [
            (one, OpenForm(initial={**initial, "first": one.first, "last": one.last}))
            for one in shown.closures(today)
        ],
        "teams": pages.teams_of(shown.body) if shown.team is None else [],
        "bank_holidays": pages.bank_holidays(today),
    }
    return render(request, "desk/calendars/one.html", context)


@requires(Permission.ADMINISTER)
@sent
def act(request: HttpRequest, body: str, act: str, team: str = "") -> HttpResponse:
    """Changes a calendar: first shows what that would do, then does it once."""
    shown, chosen = _found(body, team), ACTS.get(act)
    if chosen is None or (act in ("own", "shared") and shown.team is None):
        raise Http404
    who, form = viewer(request), chosen.form(request.POST)
    if chosen.after is not None and form.is_valid() and not form.cleaned_data["sure"]:
        try:
            after = chosen.after(shown, form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
            return _page(request, shown, form)
        if form.cleaned_data["seen"] == shown.seen:
            return _look_first(request, who, shown, chosen, form, after)

    def change(data: Data, now: datetime) -> None:
        organisation = chosen.call(shown, data, who.actor, now)
        actions_calendars.changed(organisation_id=organisation, now=now)

    if carried_out(form, change, about=f"calendar-{act}:{shown.whose}"):
        messages.success(request, f"{chosen.done}. Due dates are counted again")
        return go(shown.address)
    shown = _found(body, team)
    form.show_anew(shown.seen)
    return _page(request, shown, form)


def _look_first(
    request: HttpRequest,
    who: Viewer,
    shown: Shown,
    chosen: Act,
    form: SeenForm,
    after: calendars.Calendar,
) -> HttpResponse:
    today = timezone.localdate()
    return _check(
        request,
        form,
        shown.address,
        chosen.title,
        chosen.button,
        effect=pages.effect_words(pages.would_close(who, shown, after, today=today)),
        differences=pages.differences(shown.calendar, after),
        closures=pages.only_in(after, shown.calendar, since=today),
        gone=pages.only_in(shown.calendar, after, since=today),
        name=shown.name,
    )


def _check(
    request: HttpRequest, form: KeyedForm, back: str, title: str, button: str, **more: object
) -> HttpResponse:
    """What would be saved, and what that does: the last page before it counts."""
    hidden = [field.as_hidden() for field in form if field.name != "sure"]
    context = {
        "nav_here": "settings",
        "title": title,
        "button": button,
        "back": back,
        "action": request.path,
        "hidden": hidden,
        **more,
    }
    return render(request, "desk/calendars/check.html", context)
