"""What services ask, for a partner's editor: read whole, changed for their own areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import formeditor_page as page
from desk import formeditor_preview as preview
from desk import formeditor_walk as trying
from desk.answers import carried_out, go
from desk.forms_formeditor import AreaForm
from desk.forms_formeditor_versions import ActForm
from desk.tabs import Tab
from kb import actions_forms_areas, queries_forms, queries_forms_areas
from kb.forms import editing, explained, lint, local, path
from kb.forms.editing import Clash
from kb.forms.reading import BadForm
from kb.forms.schema import Form, Question
from kb.queries_forms_areas import Mine, NoSuchForm

ROOT = "/desk/forms/"


@contextmanager
def _there() -> Iterator[None]:
    """Another organisation's reads as not there."""
    try:
        yield
    except NoSuchForm as error:
        raise Http404 from error


def _mine(who: Viewer, slug: str) -> Mine:
    with _there():
        return queries_forms_areas.one(who, slug)


@requires(Permission.EDIT_ANSWERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every service that the viewer's body answers for."""
    who = viewer(request)
    if who.is_hub:
        raise Http404
    context = {
        "nav_here": "forms",
        "rows": queries_forms_areas.overview(who),
        "areas": queries_forms_areas.areas(who),
    }
    return render(request, "desk/area_forms/overview.html", context)


@requires(Permission.EDIT_ANSWERS)
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One form as it is asked in an area of theirs, with the draft."""
    mine = _mine(viewer(request), slug)
    code = _chosen(mine, request.GET.get("area", ""))
    whole = queries_forms.completed(mine.service, mine.form)
    local_form = path.for_area(whole, _around(mine, code))
    asked = {one.key: one for one in local_form.questions}
    own = {one.key for one in mine.form.questions}
    overtaken = {key for key, _ in mine.overtaken}
    rows = [
        {
            "question": asked.get(one.key, one),
            "kind": explained.KINDS[one.kind],
            "when": explained.when(whole, one.when),
            "given": one.key not in own,
            "skipped": one.key not in asked,
            "different": [(held, mine.areas[held]) for held in mine.areas if held in one.areas],
            "overtaken": one.key in overtaken,
        }
        for one in whole.questions
    ]
    context = {
        **_frame(mine),
        "tabs": _tabs(mine, "questions", code),
        "rows": rows,
        "ends": mine.form.ends,
        "code": code,
        "area": mine.areas.get(code, ""),
    }
    return render(request, "desk/area_forms/form.html", context)


def _frame(mine: Mine) -> dict[str, Any]:
    return {
        "nav_here": "forms",
        "mine": mine,
        "address": f"{ROOT}{mine.service.slug}/",
        "areas": mine.areas,
    }


def _tabs(mine: Mine, here: str, code: str) -> tuple[Tab, ...]:
    """The views of one form; each keeps the area that the other shows."""
    root, at = f"{ROOT}{mine.service.slug}/", f"?area={code}" if code else ""
    return (
        Tab("Questions", f"{root}{at}", here == "questions"),
        Tab("Try it", f"{root}try/{at}", here == "try"),
    )


def _chosen(mine: Mine, code: str) -> str:
    """An area of theirs; the body's own where none is named."""
    return code if code in mine.areas else next(iter(mine.areas), "")


def _around(mine: Mine, code: str) -> list[str]:
    """An area and what lies around it, as far as it is theirs: the smallest first."""
    own = next(iter(mine.areas), "")
    return [code] if code == own else [code, own]


@requires(Permission.EDIT_ANSWERS)
def walk(request: HttpRequest, slug: str) -> HttpResponse:
    """The form tried as in an area of theirs, with their draft laid over what is live."""
    mine = _mine(viewer(request), slug)
    code = _chosen(mine, trying.asked(request).get("area", ""))
    whole = queries_forms.completed(mine.service, mine.form)
    context = {
        **_frame(mine),
        "tabs": _tabs(mine, "try", code),
        "area": code,
        "where": mine.areas.get(code, ""),
        **trying.walked(request, mine.service, path.for_area(whole, _around(mine, code))),
    }
    return render(request, "desk/area_forms/try.html", context)


def _question(mine: Mine, key: str) -> Question:
    found = mine.form.question(key)
    if found is None:
        raise Http404
    return found


@requires(Permission.EDIT_ANSWERS)
def choose(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """On to the area that was chosen."""
    mine = _mine(viewer(request), slug)
    _question(mine, key)
    code = request.GET.get("area", "")
    if code not in mine.areas:
        messages.warning(request, "Choose an area")
        return go(f"{ROOT}{slug}/")
    return go(f"{ROOT}{slug}/questions/{key}/{code}/")


@requires(Permission.EDIT_ANSWERS)
def area(request: HttpRequest, slug: str, key: str, code: str) -> HttpResponse:
    """What a question says otherwise in one area of theirs."""
    who = viewer(request)
    mine = _mine(who, slug)
    question = _question(mine, key)
    if code not in mine.areas:
        raise Http404
    form = AreaForm(
        request.POST or None,
        kind=question.kind,
        different=question.areas.get(code, {}),
        initial={"mark": local.mark(mine.data, key, code)},
    )
    clashes: list[Clash] = []

    def work(data: Mapping[str, Any], now: datetime) -> None:
        to = {} if "forget" in request.POST else form.different
        try:
            with _there():
                actions_forms_areas.save(
                    viewer=who, slug=slug, key=key, code=code, to=to, mark=data["mark"], now=now
                )
        except Clash as clash:
            clashes.append(clash)
            raise
        except BadForm as error:
            said = dict.fromkeys(str(one) for one in error.problems)
            raise DomainError(f"It is not saved yet. {'. '.join(said)}") from error

    if request.method == "POST":
        if carried_out(form, work, about=f"area-form:{slug}:{key}"):
            messages.success(
                request, f"What differs in {mine.areas[code]} is in your draft. Publish it next"
            )
            return go(f"{ROOT}{slug}/", area=code)
        if clashes and clashes[0].current is not None:
            form.show_again(mark=editing.seen(clashes[0].current or None))
    context = {
        **_frame(mine),
        "form": form,
        "question": question,
        "code": code,
        "area": mine.areas[code],
        "is_known": code in question.areas,
        "now": clashes[0].current if clashes else None,
        "seen": _seen(form, mine.form, key, code),
    }
    return render(request, "desk/area_forms/area.html", context)


def _seen(form: AreaForm, whole: Form, key: str, code: str) -> preview.Seen | None:
    """The question as people there read it, with what is kept."""
    local_form = path.for_area(whole, [code])
    asked = local_form.question(key)
    return preview.of_question(asked) if asked is not None and not form.errors else None


def _known(slug: str, now: datetime) -> lint.Known:
    return page.known(page.ruled(now).get(slug, {}))


def _act(
    request: HttpRequest, mine: Mine, form: ActForm, work: Any, *, about: str, done: str
) -> HttpResponse | None:
    """Does what a page asks of the whole draft; a page that is out of date is told so once."""
    slug = mine.service.slug
    with _there():
        if carried_out(form, work, about=f"area-form:{slug}:{about}"):
            messages.success(request, done)
            return go(f"{ROOT}{slug}/")
    fresh = _mine(viewer(request), slug)
    if fresh.draft is None:
        messages.warning(request, " ".join(str(one) for one in form.non_field_errors()))
        return go(f"{ROOT}{slug}/")
    form.show_again(revision=fresh.draft.revision)
    return None


@requires(Permission.EDIT_ANSWERS)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What would change for people in their areas; then it is asked so."""
    who, now = viewer(request), timezone.now()
    mine = _mine(who, slug)
    if mine.draft is None or mine.live is None:
        messages.warning(request, "There is no draft any more. What is live has not changed")
        return go(f"{ROOT}{slug}/")
    form = ActForm(request.POST or None, initial={"revision": mine.draft.revision})
    if request.method == "POST":
        answer = _act(
            request,
            mine,
            form,
            lambda data, at: actions_forms_areas.publish(
                viewer=who, slug=slug, revision=data["revision"], known=_known(slug, at), now=at
            ),
            about="publish",
            done=f"{mine.service.name} asks this in your area from now on",
        )
        if answer is not None:
            return answer
        mine = _mine(who, slug)
    before = set(page.findings(mine.service, mine.live.form, now)) if mine.live else set()
    found = [one for one in page.findings(mine.service, mine.form, now) if one not in before]
    context = {
        **_frame(mine),
        "form": form,
        "changes": _changes(mine),
        "wrong": lint.wrong(found),
        "think": [one for one in found if one not in lint.wrong(found)],
    }
    return render(request, "desk/area_forms/publish.html", context)


def _changes(mine: Mine) -> list[explained.Change]:
    """The draft piece by piece, in the words of the questions and the areas."""
    found = []
    live = mine.live.data if mine.live is not None else {"questions": []}
    for key, code, change in local.each(mine.draft.changes if mine.draft is not None else {}):
        question = mine.form.question(key)
        where = f"“{question.words if question else key}” in {mine.areas.get(code, code)}"
        for part in explained.apart(local.different(live, key, code) or {}, change["to"] or {}):
            found.append(
                explained.Change(f"{where}: {part.what.lower()}", part.was or "As everywhere",
                                 part.now or "As everywhere")
            )  # fmt: skip
    return found


@requires(Permission.EDIT_ANSWERS)
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft is thrown away, as the page showed it."""
    who = viewer(request)
    mine = _mine(who, slug)
    if mine.draft is None:
        messages.warning(request, "There is no draft any more. What is live has not changed")
        return go(f"{ROOT}{slug}/")
    form = ActForm(request.POST or None, initial={"revision": mine.draft.revision})
    if request.method == "POST":
        answer = _act(
            request,
            mine,
            form,
            lambda data, at: actions_forms_areas.discard(
                viewer=who, slug=slug, revision=data["revision"], now=at
            ),
            about="discard",
            done="Your draft is thrown away. What is live has not changed",
        )
        if answer is not None:
            return answer
    return render(request, "desk/area_forms/discard.html", {**_frame(mine), "form": form})
