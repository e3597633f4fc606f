"""What services ask: which have a form of their own, what it says, checks, changes, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires
from accounts.permissions import Permission
from desk import formeditor_page as page
from desk.forms_formeditor_versions import FindForm, MakeForm, OwnWordsForm
from desk.routing_page import whole
from kb import queries_forms
from kb.forms import explained, files, lint
from kb.forms.schema import Form

if TYPE_CHECKING:
    from kb.models import Service


@requires(Permission.EDIT_FORMS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every service: its form, its draft, and what the checks say."""
    now = timezone.now()
    form = FindForm(request.GET)
    text, show = (
        (form.cleaned_data[name] for name in ("text", "show")) if form.is_valid() else ("", "")
    )
    named, held = page.ruled(now), page.known({})
    rows = []
    for row in queries_forms.overview(text):
        version = row.draft or row.live
        found: list[lint.Finding] = []
        if version is not None:
            asked = queries_forms.completed(row.service, version.form)
            found = lint.lint(
                asked,
                lint.Known(
                    held.areas, held.articles, named.get(row.service.slug, {}), held.segments
                ),
                today=timezone.localdate(now),
            )
        bad = len(lint.wrong(found))
        rows.append({"row": row, "wrong": bad, "think": len(found) - bad})
    listed = [one for one in rows if _fits(one, show)]
    context = {"nav_here": page.here(request), "rows": listed, "form": form, "of": len(rows)}
    return render(request, "desk/forms/overview.html", context)


def _fits(one: dict[str, Any], show: str) -> bool:
    """Whether a row of the list is one of those to be shown."""
    row: queries_forms.Row = one["row"]
    fits = {
        "own": row.live is not None,
        "draft": row.draft is not None,
        "findings": bool(one["wrong"] or one["think"]),
    }
    return fits.get(show, True)


@requires(Permission.EDIT_FORMS)
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a service: its draft, to be changed; else what is live."""
    found = page.service_at(slug)
    return _version(request, found, page.shown(found), "questions")


@requires(Permission.EDIT_FORMS)
def version(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One version that is or was live."""
    found = page.service_at(slug)
    seen = queries_forms.version(slug, whole(number))
    if seen is None or seen.is_draft:
        raise Http404
    return _version(request, found, seen, "")


def _version(
    request: HttpRequest, found: Service, seen: queries_forms.Version | None, here: str
) -> HttpResponse:
    form = seen.form if seen is not None else Form(())
    said = page.findings(found, form, timezone.now())
    frame = page.frame(found, here, seen, len(said))
    draft, live = queries_forms.draft(found.slug), queries_forms.live(found.slug)
    context = {
        "nav_here": page.here(request),
        "frame": frame,
        "questions": page.questions(frame, said),
        "ends": page.ends(frame, said),
        "whole": [one for one in said if not one.where],
        "live": live,
        "draft": draft,
        "make": MakeForm(initial={"of": seen.number if seen and not here else None}),
        "own_words": OwnWordsForm(),
        "is_old": not here,
    }
    return render(request, "desk/forms/form.html", context)


@requires(Permission.EDIT_FORMS)
def checks(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that the checks say about the draft, or about what is live."""
    found = page.service_at(slug)
    seen = page.shown(found)
    said = page.findings(found, seen.form if seen else Form(()), timezone.now())
    frame = page.frame(found, "checks", seen, len(said))
    whole_form = queries_forms.completed(found, frame.form)
    names = {one.key: one.words for one in whole_form.questions}
    names |= {one.key: one.title for one in frame.form.ends}
    places = {one.key: "questions" for one in frame.form.questions}
    places |= {one.key: "ends" for one in frame.form.ends}
    rows = [
        {
            "finding": one,
            "name": names.get(one.where, one.where),
            "href": f"{frame.address}{places[one.where]}/{one.where}/"
            if frame.is_draft and one.where in places
            else "",
        }
        for one in said
    ]
    bad = len(lint.wrong(said))
    context = {
        "nav_here": page.here(request),
        "frame": frame,
        "wrong": rows[:bad],
        "think": rows[bad:],
    }
    return render(request, "desk/forms/checks.html", context)


@requires(Permission.EDIT_FORMS)
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What the draft says otherwise than what is live; a `version`, than the one before it."""
    found = page.service_at(slug)
    number = request.GET.get("version", "")
    if number:
        seen = queries_forms.version(slug, whole(number))
        if seen is None or seen.is_draft:
            raise Http404
        other = queries_forms.before(slug, seen.number)
    else:
        seen, other = page.draft_at(slug), queries_forms.live(slug)
    frame = page.frame(found, "" if number else "changes", seen)
    context = {
        "nav_here": page.here(request),
        "frame": frame,
        "other": other,
        "changes": explained.changes(other.form if other else Form(()), frame.form),
    }
    return render(request, "desk/forms/changes.html", context)


@requires(Permission.EDIT_FORMS)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version that is or was live."""
    found = page.service_at(slug)
    rows = queries_forms.history(slug)
    counted = [
        (
            one,
            len(explained.changes(rows[at + 1].form, one.form)) if at + 1 < len(rows) else None,
        )
        for at, one in enumerate(rows)
    ]
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(found, "history", page.shown(found)),
        "rows": counted,
    }
    return render(request, "desk/forms/history.html", context)


@requires(Permission.EDIT_FORMS)
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form as a file: the draft or what is live, or the version that is named."""
    found = page.service_at(slug)
    number = request.GET.get("version", "")
    seen = queries_forms.version(slug, whole(number)) if number else page.shown(found)
    if number and seen is None:
        raise Http404
    form, note = (seen.form, seen.note) if seen is not None else (Form(()), "")
    writer, mime = {
        "toml": (files.as_toml, "application/toml"),
        "json": (files.as_json, "application/json"),
    }[kind]
    content = writer(form, service=slug, note=note)
    response = HttpResponse(content, content_type=f"{mime}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.{kind}"'
    return response
