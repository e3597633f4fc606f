"""Tasks: of one case, of oneself; and the lists of services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import acts_tasks, addresses, undone
from desk.answers import carried_out, found, go, sent
from desk.forms_tasks import ListForm, TaskForm, written
from desk.views import cases as case_views
from enquiries.queries.desk import Case
from teamwork import actions_tasks, actions_undo, queries_tasks
from teamwork.scopes import Asked

MINE = "/desk/tasks/"
LISTS = "/desk/settings/checklists/"


@requires(Permission.TRIAGE)
@sent
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Adds a task, ticks one off or back on, or takes the list of the service (`do`)."""
    who = viewer(request)
    case = case_views.case_of(who, reference)
    if case.is_hidden:
        raise Http404
    do = request.POST.get("do", "add")
    if do == "add":
        form = TaskForm(request.POST, viewer=who, auto_id=acts_tasks.IDS)
        left = None

        def work(data: Mapping[str, Any], now: datetime) -> None:
            nonlocal left
            with _undoable(request, case, "Task added", now) as undo:
                actions_tasks.add(
                    case=case,
                    words=data["words"],
                    due_on=data["due_on"],
                    staff_id=data["who"],
                    now=now,
                )
            left = undo.left

        if not carried_out(form, work, about=f"task:{case.enquiry.reference}"):
            return case_views.show(request, who, case, task_form=form)
        undone.said(request, "Task added", left)
    elif do == "list":
        now = timezone.now()
        with _undoable(request, case, "Tasks added", now) as undo:
            number = actions_tasks.take_list(case=case, now=now)
        undone.said(request, f"{number} task{'' if number == 1 else 's'} added", undo.left)
    else:
        _ticked(request, case, do)
    page = _page(request, case)
    return go(page, **({} if page == MINE else addresses.query_of(request)))


def _undoable(
    request: HttpRequest, case: Case, words: str, now: datetime
) -> AbstractContextManager[actions_undo.Act]:
    name = case.enquiry.reference
    return actions_undo.rows(
        viewer(request), Asked("tasks", name), words=f"{name}: {words}",
        about=_page(request, case), now=now,
    )  # fmt: skip


def _page(request: HttpRequest, case: Case) -> str:
    if request.GET.get("from") == "tasks":
        return MINE
    return f"/desk/cases/{case.enquiry.reference}/"


def _ticked(request: HttpRequest, case: Case, do: str) -> None:
    try:
        task = uuid.UUID(request.POST.get("task", ""))
    except ValueError as error:
        raise Http404 from error
    words, now = ("Task done" if do == "done" else "The task is open again"), timezone.now()
    with found(), _undoable(request, case, words, now) as undo:
        if do == "done":
            actions_tasks.done(case=case, task=task, now=now)
        else:
            actions_tasks.undone(case=case, task=task)
    undone.said(request, words, undo.left)


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
