"""How is it going: reference and postcode, or the secret link of a message."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from channels.asking import limits, lookups
from channels.asking.forms import TrackForm
from channels.web import parsing
from channels.web.forms import AnswerForm, NotDoneForm
from core.downloads import saved
from core.errors import DomainError
from enquiries import intake
from enquiries.channels import Channel
from enquiries.intake import InboundContact, Received
from enquiries.queries import attachments, tracking
from enquiries.queries.tracking import Tracked


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Asks for reference and postcode, and shows what they open."""
    try:
        form, found = lookups.enquiry(request)
    except limits.TooMany as error:
        return error.page()
    if found is not None:
        return _show(request, found)
    context = {"form": form, "nav_here": "track"}
    return render(request, "web/track.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_secret(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """The link that we sent; and the answer to a question of ours, sent from its page."""
    now = timezone.now()
    found = tracking.track(reference, secret, now=now)
    if found is None:
        context = {"form": TrackForm(), "stale": True, "nav_here": "track"}
        return render(request, "web/track.html", context, status=404)
    if request.method != "POST":
        return _show(request, found)
    if "again" in request.POST:
        return _again(request, found, now=now)
    return _answer(request, found, now=now)


def _answer(request: HttpRequest, found: Tracked, *, now: datetime) -> HttpResponse:
    """An answer to our question."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form) if found.question else redirect(_page_of(found))
    key, words = str(form.cleaned_data["key"]), form.cleaned_data["answer"]
    if not found.question and intake.known(Channel.WEB, f"answer:{key}") is None:
        return redirect(_page_of(found))
    try:
        _take(parsing.answer, found, key=key, words=words, now=now)
    except DomainError as error:
        form.add_error("answer", error.message)
        return _show(request, found, form)
    return _thanks(found) if found.told_before else redirect(_page_of(found))


def _again(request: HttpRequest, found: Tracked, *, now: datetime) -> HttpResponse:
    """Not done after all: the same enquiry opens again, or a new one follows the closed one."""
    form = NotDoneForm(request.POST)
    if not form.is_valid():
        return _show(request, found, again=form) if found.is_done else redirect(_page_of(found))
    key, words = str(form.cleaned_data["again_key"]), form.cleaned_data["again"]
    if not found.is_done and intake.known(Channel.WEB, f"again:{key}") is None:
        return redirect(_page_of(found))
    try:
        received = _take(parsing.not_done, found, key=key, words=words, now=now)
    except DomainError as error:
        form.add_error("again", error.message)
        return _show(request, found, again=form)
    if found.told_before == "self":
        return _thanks(found)
    one = received.enquiries[0]
    return redirect(reverse("web:track-secret", args=[one.reference, one.secret]) + "?sent=yes")


@never_cache
@require_safe
def file(request: HttpRequest, reference: str, secret: str, file_id: uuid.UUID) -> FileResponse:
    """A file that an organisation added for the citizen, to be saved."""
    found = tracking.track(reference, secret, now=timezone.now())
    if found is None:
        raise Http404
    try:
        attachment = attachments.one_for_citizen(found.reference, file_id)
    except attachments.NoSuchFile as error:
        raise Http404 from error
    content = attachment.file.open("rb")
    return saved(content, name=attachment.name, content_type=attachment.content_type)


def _thanks(found: Tracked) -> HttpResponse:
    """Back to their own page: what they said is with the report that goes on for it."""
    return redirect(f"{_page_of(found)}?sent=yes")


def _take(
    read: Callable[..., InboundContact], found: Tracked, *, key: str, words: str, now: datetime
) -> Received:
    """Keeps what was said. Other words from the same form (the back button) are said as well."""
    try:
        return intake.receive(read(found, key=key, words=words, now=now), now=now)
    except intake.SameKeyOtherBody:
        another = str(uuid.uuid5(uuid.UUID(key), words))
        return intake.receive(read(found, key=another, words=words, now=now), now=now)


def _page_of(found: Tracked) -> str:
    return reverse("web:track-secret", args=[found.reference, found.secret])


def _show(
    request: HttpRequest,
    found: Tracked,
    form: AnswerForm | None = None,
    again: NotDoneForm | None = None,
) -> HttpResponse:
    context = {
        "tracked": found,
        "steps": _steps(found),
        "files": attachments.for_citizen(found.reference),
        "nav_here": "track",
        "answer_to": _page_of(found),
        "form": form or AnswerForm(initial={"key": uuid.uuid4()}),
        "again": again or NotDoneForm(initial={"again_key": uuid.uuid4()}),
        "sent": "sent" in request.GET,
        "answered": any(step.kind == "info_received" for step in found.steps[-1:]),
    }
    return render(request, "web/tracked.html", context)


def _steps(found: Tracked) -> list[dict[str, object]]:
    """What happened, where it stands, and what is still to come."""
    steps: list[dict[str, object]] = [
        {"title": step.words, "at": step.at, "state": "done"} for step in found.steps
    ]
    if found.is_done:
        return steps
    if steps:
        steps[-1]["state"] = "now"
    steps.append({"title": "Done", "until": found.promised_on, "state": "todo"})
    return steps
