"""What our data says in other languages: how much of it, what is missing, files out and in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk.answers import carried_out, go, sent
from desk.forms_languages import FileForm, SaveForm, as_sent
from kb import actions_tongues, queries_tongues, tongue_files
from kb.actions_tongues import Changes
from kb.tongue_files import BadWords, Problem

HOME = "/desk/settings/languages/"
# A longer list is read in the file.
SHOWN = 100


def _name(code: str) -> str:
    """The name of a language of ours that is not English; 404 for any other."""
    found = queries_tongues.languages().get(code)
    if found is None:
        raise Http404
    return found


@requires(Permission.EDIT_FORMS)
def overview(request: HttpRequest) -> HttpResponse:
    """How many texts of how many each language has."""
    context = {"nav_here": "settings", "rows": queries_tongues.coverage()}
    return render(request, "desk/languages/overview.html", context)


@requires(Permission.EDIT_FORMS)
def language(request: HttpRequest, code: str) -> HttpResponse:
    """One language: what is missing, and its files."""
    name = _name(code)
    missing = queries_tongues.untranslated(code)
    context = {
        "nav_here": "settings",
        "code": code,
        "name": name,
        "row": next(one for one in queries_tongues.coverage() if one.language == code),
        "missing": missing[:SHOWN],
        "more": max(0, len(missing) - SHOWN),
    }
    return render(request, "desk/languages/language.html", context)


@requires(Permission.EDIT_FORMS)
def download(request: HttpRequest, code: str) -> HttpResponse:
    """Every text as a PO file; with `missing` those without a translation alone."""
    _name(code)
    only = bool(request.GET.get("missing"))
    texts, known = queries_tongues.texts(), queries_tongues.known(code)
    content = tongue_files.as_po(texts, known, code, missing=only)
    response = HttpResponse(content, content_type="text/x-gettext-translation; charset=utf-8")
    name = f"{code}-missing.po" if only else f"{code}.po"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.EDIT_FORMS)
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """A file is read: then everything that is wrong with it, or what it would change."""
    _name(code)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            found = tongue_files.read(form.cleaned_data["file"].read(), [code])
        except BadWords as error:
            problems = error.problems
        else:
            changes = actions_tongues.compare(language=code, texts=found.texts)
            left = {"empty": found.empty, "unsure": found.unsure}
            return _preview(request, code, changes, SaveForm(), left)
    return _upload(request, code, form, problems)


def _upload(
    request: HttpRequest, code: str, form: FileForm, problems: tuple[Problem, ...]
) -> HttpResponse:
    context = {
        "nav_here": "settings",
        "code": code,
        "name": _name(code),
        "form": form,
        "problems": problems[:SHOWN],
        "count": len(problems),
    }
    return render(request, "desk/languages/upload.html", context)


def _preview(
    request: HttpRequest, code: str, changes: Changes, form: SaveForm, left: Mapping[str, int]
) -> HttpResponse:
    form.initial["changes"] = as_sent(changes.rows)
    context = {
        "nav_here": "settings",
        "code": code,
        "name": _name(code),
        "changes": changes,
        "form": form,
        "errors": [{"text": one} for one in form.non_field_errors()] if form.is_bound else [],
        **left,
    }
    return render(request, "desk/languages/preview.html", context)


@requires(Permission.EDIT_FORMS)
@sent
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps the changes that were shown, unless somebody changed the same texts meanwhile."""
    name, who = _name(code), viewer(request)
    form = SaveForm(request.POST)
    made: list[Changes] = []

    def work(data: Mapping[str, Any], now: datetime) -> None:
        made.append(
            actions_tongues.save_seen(language=code, seen=data["changes"], actor=who.actor, now=now)
        )

    if carried_out(form, work, about=f"words:{code}"):
        count = len(made[0].rows) if made else len(form.cleaned_data["changes"])
        saved = "1 translation is" if count == 1 else f"{count:,} translations are"
        messages.success(request, f"{saved} saved. Pages in {name} have them within half a minute")
        return go(f"{HOME}{code}/")
    rows = form.cleaned_data.get("changes")
    if rows:
        changes = actions_tongues.compare(
            language=code, texts={one.source: one.after for one in rows}
        )
        form.show_again()
        return _preview(request, code, changes, form, {})
    problems = tuple(Problem(0, str(one)) for errors in form.errors.values() for one in errors)
    return _upload(request, code, FileForm(), problems)
