"""What a colleague can do, how much they should have in hand, and whether they are at work."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import choices
from desk.answers import carried_out, go
from desk.forms_skills import Known, SkillsForm, away_initial
from desk.views.leading import own_tabs, whose_key
from teamwork import actions_skills, queries_skills


def _form(staff: int, data: QueryDict | None) -> SkillsForm:
    has, services = queries_skills.skills(staff), choices.services()
    languages = queries_skills.languages()
    spoken, names = has["language"], dict(choices.services(ended=True))
    areas, teams = choices.areas(), choices.teams_of(accounts.queries.hub().slug)
    # A team of another body may have been said in Django's own pages.
    whose = {str(one.pk): one.name for one in accounts.queries.teams()} if has["team"] else {}
    until = queries_skills.away(on=timezone.localdate()).get(staff)
    return SkillsForm(
        data,
        initial={"most": queries_skills.capacity(staff), **away_initial(until)},
        languages={code: (name, spoken.get(code, 0)) for code, name in languages.items()},
        known=_known(has["service"], names),
        services=services,
        areas=(_known(has["area"], dict(areas)), areas),
        teams=(_known(has["team"], whose), teams),
    )


def _known(levels: Mapping[str, int], names: Mapping[str, str]) -> Known:
    """What somebody knows, by its name; what has none any more keeps its key."""
    found = {key: (names.get(key, key), level) for key, level in levels.items()}
    return dict(sorted(found.items(), key=lambda one: one[1]))


@requires(Permission.LEAD_TEAM)
def skills(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Languages, services, areas, teams, how much in hand, and whether they are away; all of it in
    one form."""
    who, whose = viewer(request), whose_key(key)
    form = _form(whose.pk, request.POST if request.method == "POST" else None)

    def work(_data: Mapping[str, Any], now: datetime) -> None:
        actions_skills.say(viewer=who, staff_id=whose.pk, said=form.said(), now=now)

    if request.method == "POST" and carried_out(form, work, about=f"skills:{whose.pk}"):
        messages.success(request, f"Kept. The next case that {whose.name} is offered goes by it")
        return go(f"/desk/team/{key}/skills/")
    context = {
        "nav_here": "team",
        "tabs": own_tabs("skills", key),
        "whose": whose,
        "form": form,
    }
    return render(request, "desk/team/skills.html", context, status=422 if form.errors else 200)
