"""How is it going: by reference and something they know, or whole by the link of a message."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels.asking import limits, lookups
from channels.asking.forms import TrackForm
from channels.web import parsing
from channels.web.forms import AnswerForm, NotDoneForm
from core.downloads import saved
from core.errors import DomainError
from enquiries import intake
from enquiries.actions import telling_where
from enquiries.channels import Channel
from enquiries.intake import InboundContact, Received
from enquiries.queries import attachments, conversations, surveys, tracking, uploads
from enquiries.queries.tracking import Tracked

_LINK_SALT = "channels.web.track.link"
# No page of ours asks to be quicker than a day (WCAG 2.2.1); the link goes to their own address.
_LINK_AGE = timedelta(days=1)
# What a page says after something was done on another; the address names which.
_DONE = {
    "yes": (
        gettext_lazy("We have your words"),
        gettext_lazy("They are with the people who deal with it."),
    ),
    "where": (
        gettext_lazy("You asked where it is"),
        gettext_lazy(
            "This page says how it stands now. The people who deal with it see that you asked."
        ),
    ),
    "how-much": (
        gettext_lazy("Your choice is kept"),
        gettext_lazy("It holds for this enquiry from now on."),
    ),
    "cancel": (
        gettext_lazy("It is cancelled"),
        gettext_lazy("Those who were dealing with it have been told to stop."),
    ),
    "restore": (
        gettext_lazy("It goes on"),
        gettext_lazy("We took your cancelling back. It is with us again."),
    ),
    "tell": (
        gettext_lazy("We write there from now on"),
        gettext_lazy("Where it was another address before, we told the old and the new one."),
    ),
    "file": (
        gettext_lazy("We have your file"),
        gettext_lazy("It is with the people who deal with it."),
    ),
    "late": (
        gettext_lazy("Nothing was changed"),
        gettext_lazy("Something had happened before. This page says how it stands now."),
    ),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Asks for the reference and something they know, and shows how it stands."""
    try:
        form, found = lookups.enquiry(request)
    except limits.TooMany as error:
        return error.page()
    if found is not None and found.proof == tracking.BY_LINK:
        return _show(request, found)
    if found is not None:
        token = signing.dumps(found.reference, salt=_LINK_SALT)
        sitting = surveys.sitting_of(found.reference, found.reopened)
        context = {"tracked": found, "steps": _steps(found), "token": token, "sitting": sitting}
        context["nav_here"] = "track"
        return render(request, "web/tracked_short.html", context)
    context = {"form": form, "nav_here": "track"}
    return render(request, "web/track.html", context)


@never_cache
@require_POST
def send_link(request: HttpRequest) -> HttpResponse:
    """Sends the link again, to where we write to them. The page says the same for everybody."""
    try:
        reference = signing.loads(request.POST.get("token", ""), salt=_LINK_SALT, max_age=_LINK_AGE)
    except signing.BadSignature:
        return redirect("web:track")
    telling_where.send_link(reference=str(reference), now=timezone.now())
    return render(request, "web/track_link_sent.html", {"nav_here": "track"})


def opened(request: HttpRequest, reference: str, secret: str) -> Tracked | None:
    """The enquiry whose link this is."""
    return tracking.by_link(reference, secret, now=timezone.now())


def not_there(request: HttpRequest) -> HttpResponse:
    """The same for a wrong link as for one that never was."""
    context = {"form": TrackForm(), "stale": True, "nav_here": "track"}
    return render(request, "web/track.html", context, status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_secret(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """The link that we sent; and the answer to a question of ours, sent from its page."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    if request.method != "POST":
        return _show(request, found)
    if "again" in request.POST:
        return _again(request, found, now=timezone.now())
    return _answer(request, found, now=timezone.now())


def _answer(request: HttpRequest, found: Tracked, *, now: datetime) -> HttpResponse:
    """An answer to our question."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form) if found.question else redirect(page_of(found))
    key, words = str(form.cleaned_data["key"]), form.cleaned_data["answer"]
    if not found.question and intake.known(Channel.WEB, f"answer:{key}") is None:
        return redirect(page_of(found))
    try:
        take(parsing.answer, found, key=key, words=words, now=now)
    except DomainError as error:
        form.add_error("answer", error.message)
        return _show(request, found, form)
    return back(found, "yes") if found.told_before else redirect(page_of(found))


def _again(request: HttpRequest, found: Tracked, *, now: datetime) -> HttpResponse:
    """Not done after all: the same enquiry opens again, or a new one follows the closed one."""
    form = NotDoneForm(request.POST)
    if not form.is_valid():
        return _show(request, found, again=form) if found.is_done else redirect(page_of(found))
    key, words = str(form.cleaned_data["again_key"]), form.cleaned_data["again"]
    if not found.is_done and intake.known(Channel.WEB, f"again:{key}") is None:
        return redirect(page_of(found))
    try:
        received = take(parsing.not_done, found, key=key, words=words, now=now)
    except DomainError as error:
        form.add_error("again", error.message)
        return _show(request, found, again=form)
    return onward(found, received, "yes")


@never_cache
@require_safe
def file(request: HttpRequest, reference: str, secret: str, file_id: uuid.UUID) -> FileResponse:
    """A file that an organisation added for the citizen, to be saved."""
    found = opened(request, reference, secret)
    if found is None:
        raise Http404
    try:
        attachment = attachments.one_for_citizen(found.reference, file_id)
    except attachments.NoSuchFile as error:
        raise Http404 from error
    content = attachment.file.open("rb")
    return saved(content, name=attachment.name, content_type=attachment.content_type)


def back(found: Tracked, done: str) -> HttpResponse:
    """Back to the page of the enquiry, which says what was done."""
    return redirect(f"{page_of(found)}?sent={done}")


def onward(found: Tracked, received: Received, done: str) -> HttpResponse:
    """To where it goes on: the same enquiry, or one that follows it. Of a merged report its own
    page says what becomes of both."""
    if found.told_before == "self":
        return back(found, done)
    one = received.enquiries[0]
    return redirect(reverse("web:track-secret", args=[one.reference, one.secret]) + f"?sent={done}")


def take(
    read: Callable[..., InboundContact],
    found: Tracked,
    *,
    key: str,
    words: str,
    now: datetime,
    **more: object,
) -> Received:
    """Keeps what was said. Other words from the same form (the back button) are said as well."""
    try:
        return intake.receive(read(found, key=key, words=words, now=now, **more), now=now)
    except intake.SameKeyOtherBody:
        another = str(uuid.uuid5(uuid.UUID(key), words))
        return intake.receive(read(found, key=another, words=words, now=now, **more), now=now)


def page_of(found: Tracked) -> str:
    """The address that the secret link opens."""
    return reverse("web:track-secret", args=[found.reference, found.secret])


def _show(
    request: HttpRequest,
    found: Tracked,
    form: AnswerForm | None = None,
    again: NotDoneForm | None = None,
) -> HttpResponse:
    answered = any(step.kind == "info_received" for step in found.steps[-1:])
    title, words = _DONE.get(request.GET.get("sent", ""), ("", ""))
    if answered and not title:
        title, words = _("We have your answer"), _("It is with the people who asked.")
    context = {
        "tracked": found,
        "steps": _steps(found),
        "said": conversations.of(found.reference),
        "files": attachments.for_citizen(found.reference),
        "own_files": uploads.for_citizen(found.reference),
        "nav_here": "track",
        "here": page_of(found),
        "form": form or AnswerForm(initial={"key": uuid.uuid4()}),
        "again": again or NotDoneForm(initial={"again_key": uuid.uuid4()}),
        "title": title,
        "words": words,
        "sitting": surveys.sitting_of(found.reference, found.reopened),
    }
    return render(request, "web/tracked.html", context)


def _steps(found: Tracked) -> list[dict[str, object]]:
    """What happened, where it stands, and what is still to come."""
    steps: list[dict[str, object]] = [
        {"title": step.brief, "at": step.at, "state": "done"} for step in found.steps
    ]
    if steps and not found.is_done:
        steps[-1]["state"] = "now"
    steps += [{"title": one.words, "until": one.until, "state": "todo"} for one in found.to_come]
    return steps
