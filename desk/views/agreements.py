"""What organisations agreed, and what shortens clocks: listed, added, changed, taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import choices
from desk.answers import carried_out, go, once_only, sent
from desk.forms import KeyedForm
from desk.forms_agreements import (
    ANY,
    AgreementForm,
    ClockRuleForm,
    NewAgreementForm,
    PercentForm,
)
from enquiries.actions import agreements, clock_rules
from enquiries.actions.agreements import About
from enquiries.clock_rule_rows import PRIORITIES, ClockRuleRow
from enquiries.queries import agreements as reading
from enquiries.queries import destinations
from enquiries.queries.agreements import Line, RuleLine

HOME = "/desk/settings/agreements/"
Data = Mapping[str, Any]


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """Every organisation with what it agreed, and all that shortens clocks."""
    return _overview(request, ClockRuleForm(services=choices.services()))


def _overview(request: HttpRequest, form: ClockRuleForm) -> HttpResponse:
    who = viewer(request)
    context = {
        "nav_here": "settings",
        "hours": destinations.ACCEPT_WH,
        "form": form,
        "rows": [
            (line, agreements.words(line.default) if line.default else "")
            for line in reading.bodies(who)
        ],
        "rules": [(line, _rule_page(line.rule)) for line in reading.clock_rules(who)],
    }
    return render(request, "desk/agreements/overview.html", context)


def _body_page(slug: str) -> str:
    return f"{HOME}with/{slug}/"


def _about_page(about: About) -> str:
    return f"{_body_page(about.organisation)}{about.service or ANY}/"


@requires(Permission.ADMINISTER)
def body(request: HttpRequest, body: str) -> HttpResponse:
    """What one organisation agreed; a form for more."""
    who = viewer(request)
    found = accounts.queries.organisation(body)
    if found is None or not found.is_active:
        raise Http404
    services = choices.services()
    form = NewAgreementForm(request.POST or None, services=services)

    def add(data: Data, now: datetime) -> None:
        about = About(body, data["service"] or None)
        agreements.set_agreement(
            viewer=who, about=about, agreed=form.agreed(), seen=data["seen"], now=now
        )

    if request.method == "POST":
        if carried_out(form, add, about=f"agreement:{body}"):
            messages.success(request, "The agreement is saved. It holds from now on")
            return go(_body_page(body))
        form.renew()
    lines = reading.of_body(who, body)
    context = {
        "nav_here": "settings",
        "hours": destinations.ACCEPT_WH,
        "body": found,
        "form": form,
        "rows": [
            (line, agreements.words(line.agreed), _about_page(About(body, line.service)))
            for line in lines
        ],
    }
    return render(request, "desk/agreements/body.html", context)


def _line(who: Viewer, body: str, service: str) -> Line:
    wanted = None if service == ANY else service
    found = next((line for line in reading.of_body(who, body) if line.service == wanted), None)
    if found is None:
        raise Http404
    return found


@requires(Permission.ADMINISTER)
def agreement(request: HttpRequest, body: str, service: str) -> HttpResponse:
    """One agreement, to be changed or taken away."""
    who = viewer(request)
    line = _line(who, body, service)
    form = AgreementForm(
        request.POST or None,
        initial={
            "seen": AgreementForm.mark(line.agreed),
            "accept_wh": line.agreed.accept_wh,
            "work_wd": line.agreed.work_wd,
            "elapsed": line.agreed.elapsed,
        },
    )
    about = About(body, line.service)

    def change(data: Data, now: datetime) -> None:
        agreements.set_agreement(
            viewer=who, about=about, agreed=form.agreed(), seen=data["seen"], now=now
        )

    if request.method == "POST":
        if carried_out(form, change, about=f"agreement:{body}/{service}"):
            messages.success(request, "The agreement is saved. It holds from now on")
            return go(_body_page(body))
        form.renew()
        form.data = {**form.data, "seen": AgreementForm.mark(line.agreed)}
    context = {
        "nav_here": "settings",
        "hours": destinations.ACCEPT_WH,
        "line": line,
        "body": accounts.queries.organisation(body),
        "now_is": agreements.words(line.agreed),
        "form": form,
        "end": KeyedForm(),
        "action": _about_page(about),
        "back": _body_page(body),
    }
    return render(request, "desk/agreements/one.html", context)


@requires(Permission.ADMINISTER)
@sent
def end_agreement(request: HttpRequest, body: str, service: str) -> HttpResponse:
    """The agreement is taken away; what holds elsewhere holds for it too."""
    who, form = viewer(request), KeyedForm(request.POST)
    about = About(body, None if service == ANY else service)
    found = accounts.queries.organisation(body)
    if found is None or not found.is_active:
        raise Http404
    _end(request, form, lambda now: agreements.remove_agreement(viewer=who, about=about, now=now))
    return go(_body_page(body))


def _end(request: HttpRequest, form: KeyedForm, work: Callable[[datetime], object]) -> None:
    if not form.is_valid():
        messages.warning(request, "This page was too old. Look at it again, and try again")
        return
    now = timezone.now()
    try:
        once_only(lambda: work(now), key=f"end:{form.cleaned_data['key']}", now=now)
    except DomainError as error:
        raise Http404 from error
    messages.success(request, "It is removed")


def _cause(rule: ClockRuleRow) -> str:
    """As it stands in an address: emergency, vulnerable, emergency-vulnerable."""
    return "-".join(part for part in (rule.priority, "vulnerable" * rule.vulnerable) if part)


def _rule_page(rule: ClockRuleRow) -> str:
    return f"{HOME}shorter/{rule.service or ANY}/{_cause(rule)}/"


@requires(Permission.ADMINISTER)
@sent
def add_rule(request: HttpRequest) -> HttpResponse:
    """One more cause for less time."""
    who = viewer(request)
    form = ClockRuleForm(request.POST, services=choices.services())

    def add(data: Data, now: datetime) -> None:
        rule = ClockRuleRow(
            data["service"] or None, data["priority"], data["vulnerable"], data["percent"]
        )
        clock_rules.set_clock_rule(viewer=who, rule=rule, seen=None, now=now)

    if carried_out(form, add, about="clock-rule"):
        messages.success(request, "The rule is saved. It holds for what starts from now on")
        return go(HOME)
    form.renew()
    return _overview(request, form)


def _named(service: str, cause: str) -> ClockRuleRow:
    """The rule that an address names, whatever its percentage."""
    priority, _, rest = cause.partition("-")
    if priority == "vulnerable" and not rest:
        priority, rest = "", "vulnerable"
    if (priority and priority not in PRIORITIES) or rest not in ("", "vulnerable"):
        raise Http404
    return ClockRuleRow(None if service == ANY else service, priority, rest == "vulnerable", 100)


@requires(Permission.ADMINISTER)
def rule(request: HttpRequest, service: str, cause: str) -> HttpResponse:
    """One rule, to be changed or taken away."""
    who, wanted = viewer(request), _named(service, cause)
    line = _rule_line(who, wanted)
    percent = line.rule.percent
    form = PercentForm(request.POST or None, initial={"seen": percent, "percent": percent})

    def change(data: Data, now: datetime) -> None:
        changed = replace(wanted, percent=data["percent"])
        clock_rules.set_clock_rule(viewer=who, rule=changed, seen=data["seen"], now=now)

    if request.method == "POST":
        if carried_out(form, change, about=f"clock-rule:{service}/{cause}"):
            messages.success(request, "The rule is saved. It holds for what starts from now on")
            return go(HOME)
        form.renew()
        form.data = {**form.data, "seen": str(percent)}
    context = {
        "nav_here": "settings",
        "line": line,
        "form": form,
        "end": KeyedForm(),
        "action": _rule_page(wanted),
    }
    return render(request, "desk/agreements/rule.html", context)


def _rule_line(who: Viewer, wanted: ClockRuleRow) -> RuleLine:
    for line in reading.clock_rules(who):
        if replace(line.rule, percent=wanted.percent) == wanted:
            return line
    raise Http404


@requires(Permission.ADMINISTER)
@sent
def end_rule(request: HttpRequest, service: str, cause: str) -> HttpResponse:
    """The rule is taken away: its cause shortens nothing any more."""
    who, wanted, form = viewer(request), _named(service, cause), KeyedForm(request.POST)
    _end(request, form, lambda now: clock_rules.remove_clock_rule(viewer=who, rule=wanted, now=now))
    return go(HOME)
