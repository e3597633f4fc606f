"""What messages say, for who writes it: the list, one message, its versions, and what is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import words_page
from desk.answers import carried_out, go
from desk.forms_words import ListForm, RestoreForm, WordsForm
from desk.words_page import Stands
from kb import compare
from notifications import actions_wordings, queries_wordings
from notifications.actions_wordings import NoSuchWords, Place
from notifications.queries_wordings import Version
from notifications.saying import of


def _whose(who: Viewer) -> int | None:
    """Whose words a viewer writes: the partnership's (None) or those of their own body."""
    if not who.is_hub:
        return who.organisation_id
    if not who.may(Permission.ADMINISTER):
        raise Http404
    return None


def _place(who: Viewer, event: str, medium: str, language: str) -> Place:
    place = Place(event, medium, language, _whose(who))
    try:
        actions_wordings.check_place(place)
    except NoSuchWords as error:
        raise Http404 from error
    return place


def _about(who: Viewer, place: Place) -> dict[str, Any]:
    """What every page of a message says of it."""
    return {
        "nav_here": words_page.nav(who),
        "place": place,
        "here": words_page.address(place),
        "saying": of(place.event),
        "medium": queries_wordings.MEDIUM_WORDS[place.medium],
        "spoken": dict(queries_wordings.languages())[place.language],
        "whose": who.organisation_name if place.organisation_id is not None else "the partnership",
    }


@requires(Permission.WRITE_MESSAGES)
def overview(request: HttpRequest) -> HttpResponse:
    """Every message by a medium in a language, and whose words it says."""
    who = viewer(request)
    whose, languages = _whose(who), queries_wordings.languages()
    chosen = ListForm(request.GET, languages=languages)
    chosen.is_valid()
    medium = chosen.cleaned_data.get("medium") or next(iter(queries_wordings.MEDIUM_WORDS))
    language = chosen.cleaned_data.get("language") or languages[0][0]
    rows = queries_wordings.rows(whose, medium=medium, language=language)
    context = {
        "nav_here": words_page.nav(who),
        "form": ListForm({"medium": medium, "language": language}, languages=languages),
        "groups": words_page.groups(rows),
        "whose": who.organisation_name if whose is not None else "the partnership",
        "is_body": whose is not None,
    }
    return render(request, "desk/words/overview.html", context)


@requires(Permission.WRITE_MESSAGES)
def one(request: HttpRequest, event: str, medium: str, language: str) -> HttpResponse:
    """One message: its words to change, as they would be sent, and what may be done."""
    who = viewer(request)
    place = _place(who, event, medium, language)
    state = words_page.stands(place)
    if request.method != "POST":
        case = request.GET.get("case", "")[:40].replace("\x00", "")
        initial = {
            "edition": state.edition,
            "subject": state.words.subject,
            "body": state.words.body,
            "case": case,
        }
        form = WordsForm(initial=initial, place=place)
        return _page(request, who, form, state, case)
    form = WordsForm(request.POST, place=place)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        actions_wordings.save_draft(
            place, source=form.source, edition=data["edition"], actor=who.actor, now=now
        )

    if "show" not in request.POST and carried_out(
        form, work, about=words_page.about(place, "words")
    ):
        messages.success(request, "The draft is kept. Nobody is sent it until it is published")
        return go(words_page.address(place), case=form.cleaned_data["case"])
    form.is_valid()
    case = form.cleaned_data.get("case", "")
    if form.non_field_errors():
        state = words_page.stands(place)
        form.show_again(state.edition)
        return _page(request, who, form, state, case, theirs=True)
    return _page(request, who, form, state, case)


def _page(
    request: HttpRequest,
    who: Viewer,
    form: WordsForm,
    state: Stands,
    case: str,
    *,
    theirs: bool = False,
) -> HttpResponse:
    place = form.place
    tried = words_page.tried(who, form, case)
    before, after = compare.pieces(_whole(state.inherited.subject, state.inherited.body),
                                   _whole(form.source.subject, form.source.body))  # fmt: skip
    context = {
        **_about(who, place),
        "form": form,
        "state": state,
        "tried": tried,
        "theirs": state.draft if theirs else None,
        "variables": queries_wordings.variables(place.event, place.medium),
        "acts": words_page.open_acts(state),
        "is_text": place.is_text,
        "before": before,
        "after": after,
        "differs": before != after,
    }
    return render(request, "desk/words/one.html", context)


def _whole(subject: str, body: str) -> str:
    return f"{subject}\n\n{body}" if subject else body


@requires(Permission.WRITE_MESSAGES)
def versions(request: HttpRequest, event: str, medium: str, language: str) -> HttpResponse:
    """Every version of a message's words, and how it differs from the one before."""
    who = viewer(request)
    place = _place(who, event, medium, language)
    return _versions(request, who, place)


def _versions(
    request: HttpRequest, who: Viewer, place: Place, form: RestoreForm | None = None
) -> HttpResponse:
    state = words_page.stands(place)
    rows = queries_wordings.versions(place)
    context = {
        **_about(who, place),
        "rows": _with_changes(rows, state),
        "state": state,
        "form": form or RestoreForm(initial={"edition": state.edition}),
    }
    return render(request, "desk/words/versions.html", context)


def _with_changes(rows: list[Version], state: Stands) -> list[dict[str, Any]]:
    """Each version beside the words that it changed."""
    found = []
    for place, row in enumerate(rows):
        older = rows[place + 1] if place + 1 < len(rows) else None
        source = older.source if older else state.inherited
        before, after = compare.pieces(
            _whole(source.subject, source.body), _whole(row.source.subject, row.source.body)
        )
        found.append({"version": row, "before": before, "after": after})
    return found


@requires(Permission.WRITE_MESSAGES)
def act(request: HttpRequest, event: str, medium: str, language: str, act: str) -> HttpResponse:
    """Publishes, deletes, ends, or begins a draft with earlier words: once."""
    who = viewer(request)
    place = _place(who, event, medium, language)
    chosen = words_page.ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        # Who reloads what a form was sent to.
        return go(words_page.address(place))
    form = chosen.form(request.POST)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        chosen.work(place, data, who.actor, now)

    if carried_out(form, work, about=words_page.about(place, act)):
        messages.success(request, chosen.done)
        return go(words_page.address(place))
    if isinstance(form, RestoreForm):
        form.show_again(words_page.stands(place).edition)
        return _versions(request, who, place, form)
    # What stands now is shown, with what was refused above it.
    for refusal in (one for errors in form.errors.values() for one in errors):
        messages.warning(request, str(refusal))
    return go(words_page.address(place))
