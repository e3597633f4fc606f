"""One question a page, of any kind; and the pages where the answers end a form."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

import kb.queries_articles
from channels.asking import answering, checking, contact, forms, journey, places, questions, uploads
from channels.asking.journey import Journey
from channels.asking.questions import Asking
from channels.web import ask
from kb.forms.schema import Question

# Answers beside a text: few enough not to be in the way.
_BESIDE = 2
_SCREENS = {questions.WHERE: "where", questions.FILES: "photos", questions.YOU: "you"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, journey_id: str, key: str) -> HttpResponse:
    """One question: shown when it is its turn, kept when it is answered."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    asking = questions.of(current)
    asked = asking.question(key)
    if asked is None or questions.ABOUT not in current.done or not asking.may_answer(key):
        return ask.onward(current, asking)
    form = _form(request, asking, asked, request.POST if request.method == "POST" else None)
    files = _files(request, current) if asking.takes_files(asked) else None
    if files is not None and files.stays:
        # The page again, with what was typed until now.
        form = _form(request, asking, asked, None, typed=request.POST)
    elif form.is_valid() and not (files and files.errors):
        refusal = _nothing_added(asked, files)
        if not refusal:
            return _answer(request, asking, asked, form, files)
        if files is not None:
            files.errors.append({"text": refusal, "href": "#id_files"})
    # What was answered elsewhere is seen before the next try writes over it.
    elsewhere = request.method == "POST" and _elsewhere(request, asking, asked)
    if elsewhere:
        journey.save(request.session, current)
    return _page(request, asking, asked, form, files, elsewhere=elsewhere)


def _answer(
    request: HttpRequest, asking: Asking, asked: Question, form: Any, files: uploads.Files | None
) -> HttpResponse:
    """Keeps a whole answer; where another stands there since, both are shown."""
    current = asking.journey
    answered = questions.of(asking.answered(asked, form.cleaned_data), asking.service)
    if _is_kept(request, asking, answered, asked):
        journey.save(request.session, current)
        return ask.onward(current, asking)
    if _elsewhere(request, asking, asked):
        journey.save(request.session, current)
    elif ask.keep(request, answered, at=asked.key):
        return ask.onward(answered.journey, answered)
    else:
        asking = questions.of(ask.load(request, current.id) or current)
    return _page(request, asking, asked, form, files, elsewhere=True)


def _files(request: HttpRequest, current: Journey) -> uploads.Files:
    address = reverse("web:ask-files", args=[current.id])
    return uploads.received(request, current.id, address=address)


def _elsewhere(request: HttpRequest, asking: Asking, asked: Question) -> bool:
    """Whether this question has another answer now than this browser knows of: both are shown."""
    mine = ask.here(request, asking.journey.id)
    if mine is None or mine.revision >= asking.journey.revision:
        return False
    return questions.known(mine, asked) != questions.known(asking.journey, asked)


def _is_kept(request: HttpRequest, asking: Asking, answered: Asking, asked: Question) -> bool:
    """Whether the server has this very answer already: it was sent twice, or the answer to it was
    lost on its way.
    """
    mine = ask.here(request, asking.journey.id)
    is_behind = mine is not None and mine.revision < asking.journey.revision
    known = questions.known(asking.journey, asked)
    return (
        is_behind
        and asked.key in asking.journey.done
        and known == questions.known(answered.journey, asked)
    )


def _nothing_added(asked: Question, files: uploads.Files | None) -> str:
    """What to do where a file has to be added and none was."""
    if questions.role(asked) != questions.FILES or files is None or files.rows:
        return ""
    return _("Add a photo or a file") if asked.required else ""


def _form(
    request: HttpRequest, asking: Asking, asked: Question, data: Any, *, typed: Any = None
) -> Any:
    known = questions.known(asking.journey, asked)
    if typed is not None:
        known = {name: typed.get(name, "") for name in known}
    part = questions.role(asked)
    if part == questions.FILES:
        return Form(data)
    if part == questions.WHERE:
        return places.PlaceForm(
            data,
            words=questions.where(asking.service, asked),
            lists=asking.lists,
            exact=asked.exact,
            photo=ask.photo(request, asking.journey),
            initial=known,
        )
    if part == questions.YOU:
        return forms.YouForm(data, anonymous_ok=bool(asked.anonymous), initial=known)
    return answering.form(asked, data, today=asking.today, initial=known)


def _page(
    request: HttpRequest,
    asking: Asking,
    asked: Question,
    form: Any,
    files: uploads.Files | None,
    *,
    elsewhere: bool = False,
) -> HttpResponse:
    number, total, is_about = asking.progress(asked.key)
    context = {
        "form": form,
        "files": files,
        "articles": _articles(asking, asked),
        "elsewhere": [row for row in checking.rows(asking) if row.key == asked.key]
        if elsewhere
        else [],
        "question": asked,
        "label": answering.label(asked),
        "words": questions.where(asking.service, asked),
        "map": places.map_settings() if questions.role(asked) == questions.WHERE else None,
        "service": asking.service,
        "urgent": questions.urgent(asking.service),
        "outside": contact.outside(asking, asked, now=timezone.now()),
        "number": number,
        "total": total,
        "is_about": is_about,
        "back": ask.asks(asking.journey, asking.before(asked.key)),
    }
    screen = _SCREENS.get(questions.role(asked), "answer")
    return ask.page(request, f"web/ask/{screen}.html", asking.journey, **context)


def _articles(asking: Asking, asked: Question) -> list[dict[str, str]] | None:
    """Beside their own words: what may settle it without them. None beside other questions."""
    if questions.role(asked) != questions.WHAT:
        return None
    slug = asking.journey.service
    rows = kb.queries_articles.about(slug, _BESIDE) if slug else []
    return [{"text": one.title, "href": f"/answers/{one.slug}/", "note": ""} for one in rows]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def old(request: HttpRequest, journey_id: str, step: str, key: str = "") -> HttpResponse:
    """Addresses from before a form could ask anything: they lead to the question that it is now."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    asking = questions.of(current)
    found = asking.question(key) if key else asking.part(step)
    if found is None:
        return ask.onward(current, asking)
    if request.method == "POST":  # a page that was open meanwhile: nothing that was typed is lost
        answered: HttpResponse = question(request, journey_id, found.key)
        return answered
    return redirect(ask.asks(current, found.key))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, journey_id: str, key: str) -> HttpResponse:
    """Where the answers end the form: why, and what the person can do now."""
    current = ask.load(request, journey_id)
    if current is None:
        return ask.gone(request)
    if current.is_sent:
        return ask.already_sent(current)
    asking = questions.of(current)
    found = asking.end
    if found is None or found.key != key:
        return ask.onward(current, asking)
    if request.method == "POST" and "go_on" in request.POST:
        return _go_on(request, asking, key)
    return ask.page(
        request,
        "web/ask/end.html",
        current,
        end=found,
        service=asking.service,
        back=ask.asks(current, asking.before_end(found)),
    )


def _go_on(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    gone_on = questions.of(asking.journey.gone_on(key), asking.service)
    if not ask.keep(request, gone_on, at=key):
        return ask.onward(ask.load(request, asking.journey.id) or asking.journey)
    return ask.onward(gone_on.journey, gone_on)
