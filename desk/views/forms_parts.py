"""One question, end or area's difference of a draft: added, changed, moved, taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk import formeditor_page as page
from desk import formeditor_preview as preview
from desk.answers import carried_out, go, sent
from desk.forms_formeditor import AreaForm, EndForm, QuestionForm, SeenForm
from desk.forms_formeditor_versions import StepForm
from kb import actions_forms, queries_forms
from kb.forms import editing, explained
from kb.forms.editing import Clash, Data, Part
from kb.forms.reading import BadForm
from kb.forms.schema import Kind, Question
from kb.queries_forms import Version

NAMES: Mapping[Part, str] = {"questions": "question", "ends": "end"}


@dataclass(slots=True)
class Editing:
    """One part of a draft that a page edits; `row` is None for a new one."""

    service: Any
    draft: Version
    part: Part
    row: Data | None

    @property
    def before(self) -> list[Question]:
        """The questions whose answers it may look at."""
        asked = [one for one in self.draft.form.questions if one.kind is not Kind.PERSON]
        if self.part == "ends" or self.row is None:
            return asked
        keys = [one.key for one in asked]
        return asked[: keys.index(self.row["key"])] if self.row["key"] in keys else asked

    @property
    def taken(self) -> list[str]:
        """The keys that are in use."""
        return [one["key"] for one in self.draft.data.get(self.part, [])]


def _editing(request: HttpRequest, slug: str, part: Part, key: str | None) -> Editing:
    service = page.service_at(slug)
    draft = queries_forms.draft(slug)
    if draft is None:
        # What was sent is not lost when the draft has gone: the action says so.
        live = queries_forms.live(slug)
        if request.method != "POST" or live is None:
            raise Http404
        draft = live
    row = editing.find(draft.data, part, key) if key is not None else None
    if key is not None and row is None and request.method != "POST":
        raise Http404
    return Editing(service, draft, part, row)


def _form(made: Editing, request: HttpRequest | None = None) -> QuestionForm | EndForm:
    data = request.POST if request is not None else None
    initial = {"mark": editing.seen(made.row)}
    if made.part == "questions":
        return QuestionForm(data, question=made.row, before=made.before, initial=initial)
    return EndForm(
        data,
        end=made.row,
        questions=made.draft.form.questions,
        articles=queries_forms.articles(),
        initial=initial,
    )


@requires(Permission.EDIT_FORMS)
def new(request: HttpRequest, slug: str, part: Part) -> HttpResponse:
    """One more, at the end."""
    return _edit(request, _editing(request, slug, part, None), "")


@requires(Permission.EDIT_FORMS)
def change(request: HttpRequest, slug: str, part: Part, key: str) -> HttpResponse:
    """One, with everything that it says."""
    return _edit(request, _editing(request, slug, part, key), key)


def _edit(request: HttpRequest, made: Editing, key: str) -> HttpResponse:
    if request.method != "POST":
        return _show(request, made, _form(made), key)
    form = _form(made, request)
    if "look" in request.POST:
        return _show(request, made, form, key, looked=True)
    saved: list[str] = []
    clashes: list[Clash] = []

    def work(data: Mapping[str, Any], now: datetime) -> None:
        one = form.data_of(made.taken)
        _write(
            made,
            lambda rows: editing.put(rows, made.part, one, key=key, mark=data["mark"]),
            clashes,
            viewer(request).actor,
            now,
        )
        saved.append(one["key"])

    if carried_out(form, work, about=f"form:{made.service.slug}:{made.part}"):
        name = NAMES[made.part]
        messages.success(request, f"The {name} is in the draft")
        anchor = f"#{made.part}-{saved[0]}" if saved else ""
        return HttpResponseRedirect(f"{page.address(made.service.slug)}{anchor}", status=303)
    if clashes and clashes[0].current is not None:
        form.show_again(mark=editing.seen(clashes[0].current))
        mine = form.data_of(made.taken)
        theirs = explained.apart(clashes[0].current, mine)
        return _show(request, made, form, key, apart=theirs)
    return _show(request, made, form, key)


def _write(
    made: Editing, work: Callable[[Data], Data], clashes: list[Clash], actor: Any, now: datetime
) -> None:
    """Writes one change of the draft; what is wrong comes back in words for who made it."""
    try:
        with page.there():
            actions_forms.change(service_slug=made.service.slug, work=work, actor=actor, now=now)
    except Clash as clash:
        clashes.append(clash)
        raise
    except BadForm as error:
        said = dict.fromkeys(str(one) for one in error.problems)
        raise DomainError(f"It is not saved yet. {'. '.join(said)}") from error


def _show(
    request: HttpRequest,
    made: Editing,
    form: QuestionForm | EndForm,
    key: str,
    *,
    apart: list[explained.Change] | None = None,
    looked: bool = False,
) -> HttpResponse:
    seen = preview.of_form(form, made.taken) if looked else preview.of_row(made.part, made.row)
    areas = page.area_names()
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(made.service, "", made.draft),
        "form": form,
        "part": made.part,
        "name": NAMES[made.part],
        "key": key,
        "apart": apart,
        "seen": seen,
        "areas": areas,
        "different": [
            (code, areas.get(code, code)) for code in sorted((made.row or {}).get("areas", {}))
        ],
        "users": page.users(made.draft.form, key) if key else [],
    }
    template = "question" if made.part == "questions" else "end"
    return render(request, f"desk/forms/{template}.html", context)


@requires(Permission.EDIT_FORMS)
@sent
def look(request: HttpRequest, slug: str, part: Part) -> HttpResponse:
    """How what stands in a form would look, for the page that shows it beside. Nothing is kept."""
    key = request.POST.get("shown", "")
    service, draft = page.service_at(slug), page.draft_at(slug)
    made = Editing(service, draft, part, editing.find(draft.data, part, key))
    seen = preview.of_form(_form(made, request), made.taken)
    return render(request, "desk/forms/parts/preview.html", {"seen": seen})


@requires(Permission.EDIT_FORMS)
@sent
def move(request: HttpRequest, slug: str, part: Part, key: str) -> HttpResponse:
    """One goes up or down by one."""
    made = _editing(request, slug, part, key)
    form = StepForm(request.POST)
    done = carried_out(
        form,
        lambda data, now: _write(
            made,
            lambda rows: editing.move(rows, part, key, steps=data["steps"]),
            [],
            viewer(request).actor,
            now,
        ),
        about=f"form:{slug}:move",
    )
    if not done:
        words = " ".join(str(one) for errors in form.errors.values() for one in errors)
        messages.warning(request, f"It stays where it is. {words}")
    return HttpResponseRedirect(f"{page.address(slug)}#{part}-{key}", status=303)


@requires(Permission.EDIT_FORMS)
def remove(request: HttpRequest, slug: str, part: Part, key: str) -> HttpResponse:
    """One is taken away, as the page showed it, unless others depend on it."""
    made = _editing(request, slug, part, key)
    form = SeenForm(request.POST or None, initial={"mark": editing.seen(made.row)})
    named = page.ruled(timezone.now()).get(slug, {}).get(key, set())
    blocked = sorted(named) if part == "questions" else []
    users = page.users(made.draft.form, key) if part == "questions" else []
    if request.method == "POST" and not blocked:
        clashes: list[Clash] = []
        if carried_out(
            form,
            lambda data, now: _write(
                made,
                lambda rows: editing.remove(rows, part, key, mark=data["mark"]),
                clashes,
                viewer(request).actor,
                now,
            ),
            about=f"form:{slug}:remove",
        ):
            messages.success(request, f"The {NAMES[part]} is not in the draft any more")
            return go(page.address(slug))
        if clashes and clashes[0].current is not None:
            form.show_again(mark=editing.seen(clashes[0].current))
    if made.row is None:
        messages.warning(request, f"A colleague has removed this {NAMES[part]} already")
        return go(page.address(slug))
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(made.service, "", made.draft),
        "form": form,
        "part": part,
        "name": NAMES[part],
        "words": made.row.get("title") or made.row["words"],
        "blocked": blocked,
        "users": users,
        "back": page.address(slug, part, key),
    }
    return render(request, "desk/forms/remove.html", context)


@requires(Permission.EDIT_FORMS)
def areas(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """On to the area that was chosen."""
    page.draft_at(slug)
    code = request.GET.get("code", "")
    if code not in page.area_names():
        messages.warning(request, "Choose an area")
        return go(page.address(slug, "questions", key))
    return go(page.address(slug, "questions", key, "areas", code))


@requires(Permission.EDIT_FORMS)
def area(request: HttpRequest, slug: str, key: str, code: str) -> HttpResponse:
    """What a question says otherwise in one area."""
    made = _editing(request, slug, "questions", key)
    names = page.area_names()
    if made.row is None or code not in names:
        raise Http404
    question = made.draft.form.question(key)
    if question is None:
        raise Http404
    form = AreaForm(
        request.POST or None,
        kind=question.kind,
        different=question.areas.get(code, {}),
        initial={"mark": editing.seen(made.row)},
    )
    clashes: list[Clash] = []

    def work(data: Mapping[str, Any], now: datetime) -> None:
        different = {} if "forget" in request.POST else form.different
        said = {name: one for name, one in question.areas.items() if name != code}
        changed = {**(made.row or {}), "areas": said | ({code: different} if different else {})}
        _write(
            made,
            lambda rows: editing.put(rows, "questions", changed, key=key, mark=data["mark"]),
            clashes,
            viewer(request).actor,
            now,
        )

    if request.method == "POST":
        if carried_out(form, work, about=f"form:{slug}:area"):
            messages.success(request, f"What differs in {names[code]} is in the draft")
            return go(page.address(slug, "questions", key))
        if clashes and clashes[0].current is not None:
            form.show_again(mark=editing.seen(clashes[0].current))
    context = {
        "nav_here": page.here(request),
        "frame": page.frame(made.service, "", made.draft),
        "form": form,
        "question": question,
        "area": names[code],
        "is_known": code in question.areas,
    }
    return render(request, "desk/forms/area.html", context)
