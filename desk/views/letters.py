"""Letters for who prints and posts them: what waits, downloads, and that they are posted."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import downloads
from desk import words_page
from desk.answers import carried_out, go
from desk.forms import KeyedForm
from notifications import actions_letters, queries_letters
from notifications.actions_letters import NoSuchBatch

HOME = "/desk/settings/messages/letters/"


def _room(who: Viewer) -> str:
    """Whose letters a viewer prints: the partnership's, or those of their own body."""
    return "" if who.is_hub else who.organisation_slug


@requires(Permission.PRINT_LETTERS)
def overview(request: HttpRequest) -> HttpResponse:
    """What waits to be printed, and what was downloaded before."""
    return _page(request, KeyedForm())


def _page(request: HttpRequest, form: KeyedForm) -> HttpResponse:
    who = viewer(request)
    batches = queries_letters.batches(_room(who))
    context = {
        "nav_here": words_page.nav(who),
        "form": form,
        "pile": queries_letters.pile(_room(who)),
        "most": actions_letters.MOST,
        "open": [(one, KeyedForm()) for one in batches if one.posted_at is None],
        "posted": [one for one in batches if one.posted_at is not None],
    }
    return render(request, "desk/letters/overview.html", context)


@requires(Permission.PRINT_LETTERS)
def take(request: HttpRequest) -> HttpResponse:
    """Takes what waits as one batch, to be downloaded."""
    if request.method != "POST":
        return go(HOME)
    who, form = viewer(request), KeyedForm(request.POST)

    def work(_data: Mapping[str, Any], now: datetime) -> None:
        actions_letters.take(organisation=_room(who), actor=who.actor, now=now)

    if carried_out(form, work, about="letters"):
        messages.success(request, "The letters are ready. Download them, then print and post them")
        return go(HOME)
    form.renew()
    return _page(request, form)


@requires(Permission.PRINT_LETTERS)
def pdf(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A batch as one file, to be printed in one go."""
    who = viewer(request)
    try:
        content = actions_letters.as_pdf(
            batch=public_id, organisation=_room(who), actor=who.actor, now=timezone.now()
        )
    except NoSuchBatch as error:
        raise Http404 from error
    return downloads.saved(io.BytesIO(content), name="letters.pdf", content_type="application/pdf")


@requires(Permission.PRINT_LETTERS)
def zipped(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A batch as a file for each letter."""
    who = viewer(request)
    try:
        content = actions_letters.as_zip(
            batch=public_id, organisation=_room(who), actor=who.actor, now=timezone.now()
        )
    except NoSuchBatch as error:
        raise Http404 from error
    return downloads.saved(io.BytesIO(content), name="letters.zip", content_type="application/zip")


@requires(Permission.PRINT_LETTERS)
def posted(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """They are in the post."""
    if request.method != "POST":
        return go(HOME)
    who, form = viewer(request), KeyedForm(request.POST)

    def work(_data: Mapping[str, Any], now: datetime) -> None:
        try:
            actions_letters.posted(
                batch=public_id, organisation=_room(who), actor=who.actor, now=now
            )
        except NoSuchBatch as error:
            raise Http404 from error

    if carried_out(form, work, about=f"posted:{public_id.hex}"):
        messages.success(request, "Written down as posted")
        return go(HOME)
    return _page(request, KeyedForm())
