"""The page of a conversation by text: where something is, on a map; a photo. Opened by a link that
we texted; what is answered there goes on by text."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import answering, limits, places, questions, uploads
from channels.asking.questions import Asking
from channels.sms import dialog as states
from channels.sms import nearness, talking, turns
from channels.sms.dialog import Dialog, Turn
from customers.queries_telling import texts_stopped
from enquiries.actions import dialogs
from enquiries.actions.dialogs import Kept
from kb.forms.schema import Question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The question of a conversation that is easier answered on a page; 404 for no such link."""
    try:
        limits.must_have_room(request, "return")
        kept = dialogs.by_token(token)
        if kept is None or not kept.body:
            limits.wrong(request, "return")
            return render(request, "sms/gone.html", status=404)
    except limits.TooMany as error:
        return error.page()
    # It goes on with what was said by text, in its words, unless its reader asks for others here.
    language = request.GET.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else kept.language
    with translation.override(language):
        response = _page(request, token, kept)
    response["Content-Language"] = language
    return response


def _page(request: HttpRequest, token: str, kept: Kept) -> HttpResponse:
    dialog = states.read(kept.body)
    asking = talking.asking_of(dialog)
    question = _question(dialog, asking)
    if question is None:
        return render(request, "sms/gone.html", status=404)
    if questions.role(question) == questions.FILES:
        return _photos(request, token, kept, asking, question)
    return _place(request, token, kept, asking, question)


def _question(dialog: Dialog, asking: Asking) -> Question | None:
    """What the page asks: for files where that is asked now, else where it is."""
    now = asking.question(dialog.key) if dialog.turn in (Turn.QUESTION, Turn.HOUSE) else None
    if now is not None and questions.role(now) == questions.FILES:
        return now
    return asking.part(questions.WHERE)


def _place(
    request: HttpRequest, token: str, kept: Kept, asking: Asking, question: Question
) -> HttpResponse:
    form = places.PlaceForm(
        request.POST if request.method == "POST" else None,
        words=questions.where(asking.service, question),
        lists=asking.lists,
        exact=question.exact,
        initial=questions.known(asking.journey, question),
    )
    if request.method == "POST" and form.is_valid():
        return _answered(request, token, question, form.cleaned_data)
    context = {
        "words": questions.where(asking.service, question),
        "form": form,
        "map": places.map_settings(),
    }
    return _shown(request, "sms/place.html", asking, question, context)


def _photos(
    request: HttpRequest, token: str, kept: Kept, asking: Asking, question: Question
) -> HttpResponse:
    files = uploads.received(request, asking.journey.id)
    if request.method == "POST" and not (files.stays or files.errors):
        if files.rows or not question.required:
            return _answered(request, token, question, {})
        words = _("Add a photo or a file")
        files.errors.append({"text": words, "href": "#id_files"})
    context = {"files": files, "label": answering.label(question)}
    return _shown(request, "sms/photos.html", asking, question, context)


def _shown(
    request: HttpRequest,
    template: str,
    asking: Asking,
    question: Question,
    context: dict[str, Any],
) -> HttpResponse:
    page = {
        "journey": asking.journey,
        "question": question,
        "languages_here": True,
        **context,
    }
    return render(request, template, page)


def _answered(
    request: HttpRequest, token: str, question: Question, data: dict[str, Any]
) -> HttpResponse:
    """Writes the answer into the conversation, and sends its next question; once."""
    now = timezone.now()
    with transaction.atomic():
        kept = dialogs.by_token(token)
        if kept is not None:
            dialogs.serialise(kept.phone_hash)
            kept = dialogs.by_token(token)
        if kept is None:
            return render(request, "sms/gone.html", status=404)
        dialog = states.read(kept.body)
        asking = talking.asking_of(dialog)
        answered = questions.of(asking.answered(question, data), asking.service)
        with translation.override(kept.language):
            moved = nearness.due(turns.onward(dialog, answered), answered, now=now)
        is_new = moved.journey.answers != dialog.journey.answers or _place_of(moved) != _place_of(
            dialog
        )
        if is_new or (moved.turn, moved.key) != (dialog.turn, dialog.key):
            with translation.override(kept.language):
                talking.send_turn(moved, language=kept.language, now=now)
    said = {
        "is_photo": not data,
        "is_stopped": texts_stopped(dialog.phone),
        "languages_here": True,
    }
    return render(request, "sms/taken.html", said)


def _place_of(dialog: Dialog) -> tuple[object, ...]:
    current = dialog.journey
    return current.postcode, current.address, current.latitude, current.longitude, current.nowhere
