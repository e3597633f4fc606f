"""Tasks: of one case, of oneself; and the lists of services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import acts_tasks, addresses
from desk.answers import carried_out, found, go, sent
from desk.forms_tasks import ListForm, TaskForm, written
from desk.views import cases as case_views
from enquiries.queries.desk import Case
from teamwork import actions_tasks, queries_tasks

LISTS = "/desk/settings/checklists/"


@requires(Permission.TRIAGE)
@sent
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Adds a task, ticks one off or back on, or takes the list of the service (`do`)."""
    who = viewer(request)
    case = case_views.case_of(who, reference)
    if case.is_hidden:
        raise Http404
    back, do = f"/desk/cases/{case.enquiry.reference}/", request.POST.get("do", "add")
    if do == "add":
        form = TaskForm(request.POST, viewer=who, auto_id=acts_tasks.IDS)

        def work(data: Mapping[str, Any], now: datetime) -> None:
            actions_tasks.add(
                case=case,
                words=data["words"],
                due_on=data["due_on"],
                staff_id=data["who"],
                now=now,
            )

        if not carried_out(form, work, about=f"task:{case.enquiry.reference}"):
            return case_views.show(request, who, case, task_form=form)
        messages.success(request, "Task added")
    elif do == "list":
        number = actions_tasks.take_list(case=case, now=timezone.now())
        messages.success(request, f"{number} task{'' if number == 1 else 's'} added")
    else:
        _ticked(request, case, do)
    if request.GET.get("from") == "tasks":
        return go("/desk/tasks/")
    return go(back, **addresses.query_of(request))


def _ticked(request: HttpRequest, case: Case, do: str) -> None:
    try:
        task = uuid.UUID(request.POST.get("task", ""))
    except ValueError as error:
        raise Http404 from error
    with found():
        if do == "done":
            actions_tasks.done(case=case, task=task, now=timezone.now())
            messages.success(request, "Task done")
        else:
            actions_tasks.undone(case=case, task=task)
            messages.success(request, "The task is open again")


@requires(Permission.TRIAGE)
def mine(request: HttpRequest) -> HttpResponse:
    """What the viewer is to do, due first."""
    rows = queries_tasks.mine(viewer(request))
    return render(request, "desk/tasks/mine.html", {"nav_here": "queue", "tasks": rows})


@requires(Permission.WRITE_RULES)
def lists(request: HttpRequest) -> HttpResponse:
    """Every service, with how many tasks its list has."""
    known = queries_tasks.lists()
    rows = [(one, known.get(one.pk)) for one in kb.queries.services()]
    context = {
        "nav_here": "settings",
        "rows": [
            {"slug": one.slug, "name": one.name, "number": len(kept.lines) if kept else 0}
            for one, kept in rows
        ],
    }
    return render(request, "desk/tasks/lists.html", context)


@requires(Permission.WRITE_RULES)
def one_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of one service, to be written."""
    who, service = viewer(request), kb.queries.service(slug)
    if service is None or not who.is_hub:
        raise Http404
    kept = queries_tasks.lists().get(service.pk)
    lines = queries_tasks.lines(kept.lines) if kept else ()
    shown = {"lines": written(lines), "seen": kept.version if kept else 0}
    form = ListForm(request.POST or None, initial=shown)
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: actions_tasks.write_list(
            viewer=who, service=slug, seen=data["seen"] or 0, wanted=data["lines"], now=now
        ),
        about=f"checklist:{slug}",
    ):
        messages.success(request, f"The list of {service.name} is changed")
        return go(LISTS)
    context = {"nav_here": "settings", "form": form, "service": service, "kept": kept}
    status = 422 if form.errors else 200
    return render(request, "desk/tasks/list.html", context, status=status)
