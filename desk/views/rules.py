"""Rules: what happens by itself, written, tried and switched by those who lead."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk.answers import carried_out, go, refuse, sent
from desk.forms_recipes import PLACES, RuleForm, asked, filled
from teamwork import actions_rules, dry_run, fighting, queries_macros, queries_rules, recipe_words
from teamwork.actions_rules import Written
from teamwork.queries_rules import NoSuchRule
from teamwork.recipes import Known, Refused

ROOT = "/desk/rules/"
SHOWN_RUNS = 50


@contextmanager
def _known() -> Iterator[None]:
    """Another team's reads as not there."""
    try:
        yield
    except NoSuchRule as error:
        raise Http404 from error


def _sentence(version: Any, known: Known) -> str:
    plain = queries_rules.plain(version)
    return recipe_words.sentence(plain.trigger, plain.conditions, plain.acts, known)


@requires(Permission.WRITE_RULES)
def overview(request: HttpRequest) -> HttpResponse:
    """All rules in the order in which they are asked, each in a sentence."""
    who, known = viewer(request), queries_macros.known()
    live = queries_rules.live(timezone.localdate())
    by = {one.rule: one for one in live}
    rows = [
        (
            row,
            _sentence(row.version, known),
            fighting.fights(by[row.rule.pk], live) if row.rule.pk in by else (),
        )
        for row in queries_rules.listed(who)
    ]
    context = {
        "nav_here": "rules", "rows": rows, "waiting": queries_rules.waiting(),
        "leads": bool(queries_macros.teams_of(who)),
    }  # fmt: skip
    return render(request, "desk/rules/overview.html", context)


@requires(Permission.WRITE_RULES)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A rule: what it says, how it is, what it did lately, and what it said before."""
    who, known = viewer(request), queries_macros.known()
    with _known():
        rule, version = queries_rules.one(who, public_id)
    plain = queries_rules.plain(version)
    context = {
        "nav_here": "rules",
        "rule": rule,
        "version": version,
        "state": queries_rules.state(rule, timezone.localdate()),
        "fights": fighting.fights(plain, queries_rules.live(timezone.localdate())),
        "when": recipe_words.when(plain.trigger),
        "asked": recipe_words.asked(plain.conditions, known),
        "acts": [(recipe_words.act(act, known), _long(act.data)) for act in plain.acts],
        "runs": queries_rules.runs(rule, most=SHOWN_RUNS),
        "versions": [(v, _sentence(v, known)) for v in queries_rules.versions(rule)],
    }
    return render(request, "desk/rules/one.html", context)


def _long(data: Mapping[str, str]) -> list[str]:
    return [data[name] for name in ("words", "next_step", "reason") if data.get(name)]


@requires(Permission.WRITE_RULES)
def new(request: HttpRequest) -> HttpResponse:
    """A form for one more: switched off until somebody switches it on."""
    return _write(request, None)


@requires(Permission.WRITE_RULES)
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another version of it."""
    return _write(request, public_id)


def _said(form: RuleForm) -> Written:
    data = form.cleaned_data
    return Written(
        name=data["name"], team_id=int(data["team"]) if data["team"] else None,
        trigger=data["trigger"], conditions=form.conditions(), acts=form.acts(),
        goes_on=bool(data["goes_on"]), valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )  # fmt: skip


def _write(request: HttpRequest, public_id: uuid.UUID | None) -> HttpResponse:
    """`do` says what is done with the form: tried on what was lately, or kept."""
    who, initial, rule, tried = viewer(request), dict[str, Any](), None, None
    if public_id is not None:
        with _known():
            rule, version = queries_rules.one(who, public_id)
        plain = queries_rules.plain(version)
        initial = {
            "name": plain.name, "team": str(rule.team_id or ""), "trigger": plain.trigger,
            "goes_on": "on" if plain.goes_on else "", "valid_from": rule.valid_from,
            "valid_until": rule.valid_until, "seen": rule.current,
            **asked(plain.conditions), **filled(plain.acts),
        }  # fmt: skip
    teams = queries_macros.teams_of(who)
    if not teams:
        return go(ROOT)
    form = RuleForm(
        request.POST or None, initial=initial, known=queries_macros.known(), teams=teams
    )
    kept: list[uuid.UUID] = []

    def work(data: Mapping[str, Any], now: datetime) -> None:
        with _known():
            written = actions_rules.write(
                viewer=who, public_id=public_id, seen=data["seen"] or 0, said=_said(form), now=now
            )
        kept.append(written.public_id)

    is_try = request.POST.get("do") == "try"
    if is_try:
        tried = _tried(who, form, public_id)
    elif request.method == "POST" and carried_out(form, work, about=f"rule:{public_id or 'new'}"):
        messages.success(request, f"“{form.cleaned_data['name']}” is kept")
        where = kept[0] if kept else public_id
        return go(f"{ROOT}{where}/" if where else ROOT)
    context = {
        "nav_here": "rules", "form": form, "rule": rule, "places": PLACES, "tried": tried,
        "sections": form.sections(),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/rules/write.html", context, status=status)


def _tried(who: Viewer, form: RuleForm, public_id: uuid.UUID | None) -> dry_run.DryRun | None:
    """What the form's rule would have done; nothing, with the form refused, for a bad one."""
    if not form.is_valid():
        return None
    now, said = timezone.now(), _said(form)
    try:
        with _known():
            return dry_run.tried(viewer=who, public_id=public_id, said=said, now=now)
    except Refused as error:
        refuse(form, error)
        return None


@requires(Permission.WRITE_RULES)
def dry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the rule as it is would have done about what happened lately. Does nothing."""
    who, now = viewer(request), timezone.now()
    with _known():
        rule, version = queries_rules.one(who, public_id)
        tried = dry_run.dry_run(viewer=who, rule=rule, version=version, now=now)
    context = {
        "nav_here": "rules", "rule": rule, "version": version, "tried": tried,
        "sentence": _sentence(version, queries_macros.known()),
    }  # fmt: skip
    return render(request, "desk/rules/dry.html", context)


def _switch(on: bool) -> Callable[[Viewer, uuid.UUID, datetime], None]:
    return lambda who, which, now: actions_rules.switch(viewer=who, public_id=which, on=on, now=now)


def _move(up: bool) -> Callable[[Viewer, uuid.UUID, datetime], None]:
    return lambda who, which, now: actions_rules.move(viewer=who, public_id=which, up=up, now=now)


_ACTS: Mapping[str, tuple[Callable[[Viewer, uuid.UUID, datetime], None], str]] = {
    "on": (_switch(True), "The rule is on, for what happens from now on"),
    "off": (_switch(False), "The rule is off"),
    "up": (_move(True), ""),
    "down": (_move(False), ""),
    "end": (
        lambda who, which, now: actions_rules.end(viewer=who, public_id=which, now=now),
        "The rule is gone. What it did stays on the cases",
    ),
}


@requires(Permission.WRITE_RULES)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """On, off, one place up or down, or away."""
    if act not in _ACTS:
        raise Http404
    work, words = _ACTS[act]
    try:
        with _known():
            work(viewer(request), public_id, timezone.now())
    except Refused as error:
        messages.warning(request, error.message)
        words = ""
    if words:
        messages.success(request, words)
    return go(f"{ROOT}{public_id}/" if act in ("on", "off") else ROOT)
