"""Takes back what the viewer just did."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from core.errors import DomainError
from desk.answers import go
from desk.views.commands import EVERYBODY
from teamwork import actions_undo, queries_undo


@requires(*EVERYBODY)
def undo(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks once more where no script runs; whoever comes too late reads why."""
    who, now = viewer(request), timezone.now()
    row = queries_undo.one(who, public_id)
    if row is None:
        raise Http404
    if request.method != "POST":
        context = {"undo": row, "is_over": row.undone_at is not None or row.until <= now}
        return render(request, "desk/undo.html", context)
    try:
        done = actions_undo.take_back(viewer=who, public_id=public_id, now=now)
        messages.success(request, f"Taken back: {done.words}")
    except DomainError as error:
        messages.warning(request, error.message)
    return go(row.about or "/desk/")
