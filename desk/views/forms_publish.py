"""A draft of a form is made, loaded from a file, published or thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import formeditor_page as page
from desk.answers import carried_out, go, sent
from desk.forms_formeditor_versions import (
    ActForm,
    FileForm,
    MakeForm,
    OwnWordsForm,
    PublishForm,
)
from kb import actions_forms, queries_forms
from kb.forms import explained, files, lint, writing
from kb.forms.reading import BadForm, Problem
from kb.forms.schema import Form
from kb.queries_forms import Version


@requires(Permission.EDIT_FORMS)
@sent
def make_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft of what is live, or of an earlier version."""
    page.service_at(slug)
    form = MakeForm(request.POST)
    with page.there():
        done = carried_out(
            form,
            lambda data, now: actions_forms.make_draft(
                service_slug=slug, of=data["of"], actor=viewer(request).actor, now=now
            ),
            about=f"form:{slug}:draft",
        )
    if not done:
        messages.warning(request, _said(form))
    return go(page.address(slug))


def _said(form: Any) -> str:
    return " ".join(str(one) for errors in form.errors.values() for one in errors)


@requires(Permission.EDIT_FORMS)
@sent
def own_words(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether people are asked for their own words beside the questions."""
    page.service_at(slug)
    form = OwnWordsForm(request.POST)
    with page.there():
        done = carried_out(
            form,
            lambda data, now: actions_forms.change(
                service_slug=slug,
                work=lambda rows: {**rows, "describe": data["describe"]},
                actor=viewer(request).actor,
                now=now,
            ),
            about=f"form:{slug}:own-words",
        )
    if not done:
        messages.warning(request, _said(form))
    return go(page.address(slug))


def _live(slug: str) -> int:
    live = queries_forms.live(slug)
    return live.number if live is not None else 0


def _act(
    request: HttpRequest, slug: str, form: ActForm, work: Callable[[Any, Any], object], about: str
) -> bool:
    """Does what a page asks of the whole draft; a page that is out of date is told so once."""
    with page.there():
        done = carried_out(form, work, about=f"form:{slug}:{about}")
    draft = queries_forms.draft(slug)
    if not done and draft is not None:
        form.show_again(revision=draft.revision, live=_live(slug))
    return done


@requires(Permission.EDIT_FORMS)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What would change, what is wrong; then the draft is what the service asks."""
    found, now, who = page.service_at(slug), timezone.now(), viewer(request)
    draft = _draft_or_gone(request, slug)
    if draft is None:
        return go(page.address(slug))
    held = page.known(page.ruled(now).get(slug, {}))
    initial = {"revision": draft.revision, "live": _live(slug), "note": draft.note}
    form = PublishForm(request.POST or None, initial=initial)
    if request.method == "POST" and _act(
        request,
        slug,
        form,
        lambda data, at: actions_forms.publish_draft(
            service_slug=slug,
            revision=data["revision"],
            live=data["live"] or 0,
            note=data["note"],
            known=held,
            actor=who.actor,
            now=at,
        ),
        "publish",
    ):
        messages.success(request, f"{found.name} asks this from now on")
        return go(page.address(slug))
    live, said = queries_forms.live(slug), page.findings(found, draft.form, now)
    bad = lint.wrong(said)
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(found, "publish", draft, len(said)),
        "form": form,
        "live": live,
        "wrong": bad,
        "think": len(said) - len(bad),
        "changes": explained.changes(live.form if live else Form(()), draft.form),
        "overtaken": live is not None and live.number > draft.number,
    }
    return render(request, "desk/forms/publish.html", context)


def _draft_or_gone(request: HttpRequest, slug: str) -> Version | None:
    """The draft of a page; None with words where it has gone since the page was made."""
    draft = queries_forms.draft(slug)
    if draft is None and request.method == "POST":
        messages.warning(request, actions_forms.NoDraft().message)
        return None
    return draft or page.draft_at(slug)


@requires(Permission.EDIT_FORMS)
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft is thrown away, as the page showed it."""
    found, who = page.service_at(slug), viewer(request)
    draft = _draft_or_gone(request, slug)
    if draft is None:
        return go(page.address(slug))
    form = ActForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and _act(
        request,
        slug,
        form,
        lambda data, at: actions_forms.discard(
            service_slug=slug, revision=data["revision"], actor=who.actor, now=at
        ),
        "discard",
    ):
        messages.success(request, "The draft is thrown away")
        return go(page.address(slug))
    context = {"nav_here": page.here(request), "frame": page.frame(found, "", draft), "form": form}
    return render(request, "desk/forms/discard.html", context)


@requires(Permission.EDIT_FORMS)
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole draft from a file, or none of it and everything that is wrong with the file."""
    found, who = page.service_at(slug), viewer(request)
    draft = _draft_or_gone(request, slug)
    if draft is None:
        return go(page.address(slug))
    problems: list[Problem] = []
    form = FileForm(request.POST or None, request.FILES or None)
    form.initial["revision"] = draft.revision
    if request.method == "POST" and form.is_valid():
        try:
            data = _read(form, slug)
        except BadForm as error:
            problems = error.problems
            form.show_again(revision=draft.revision)
        else:
            if _act(
                request,
                slug,
                form,
                lambda sent_data, at: actions_forms.change(
                    service_slug=slug,
                    work=lambda _: data,
                    revision=sent_data["revision"],
                    actor=who.actor,
                    now=at,
                ),
                "file",
            ):
                count = len(data["questions"])
                messages.success(request, f"The file is in the draft: {count} questions")
                return go(page.address(slug))
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(found, "", draft),
        "form": form,
        "problems": problems,
    }
    return render(request, "desk/forms/upload.html", context)


def _read(form: FileForm, slug: str) -> dict[str, Any]:
    file = form.cleaned_data["file"]
    return writing.data(files.read(file.name or "form.toml", file.read(), service=slug).form)
