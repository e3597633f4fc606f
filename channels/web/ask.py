"""The journey: what is it about, where, what happened, who are you, check, sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

import kb.queries
from channels.asking import (
    contact,
    forms,
    journey,
    limits,
    lookups,
    nearby,
    places,
    questions,
    spam,
    uploads,
)
from channels.asking.journey import Journey
from channels.web import parsing
from core.downloads import drawn
from core.errors import DomainError
from customers.contact import shown
from enquiries.queries import tracking

if TYPE_CHECKING:
    from enquiries.routing import Outside
    from kb.models import Service

_CHECK = "check"
_LONGEST_SEARCH = 200
_OWN_WORDS = "Tell us in your own words. We find who deals with it"
Read = Callable[[Journey, Any, dict[str, Any]], Form]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, journey_id: str = "") -> HttpResponse:
    """What is it about: search, choose, or say that it is something else."""
    found = journey.load(request.session, journey_id, request.POST.get("carry", ""))
    if journey_id and found is None:
        return gone(request)
    if found is not None and found.is_sent:
        return already_sent(found)
    text = lookups.words(request, longest=_LONGEST_SEARCH)
    wanted = request.GET.get("service", "")
    choices = _choices(text, wanted, request.POST.get("service", ""))
    form = forms.AboutForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"service": wanted or _likely(found, choices)},
    )
    if form.is_valid():
        return _begin(request, form.cleaned_data["service"], found)
    context = {"form": form, "text": text, "found": len(choices) - 1, "wanted": wanted}
    return page(request, "web/ask/about.html", found, **context)


def _likely(found: Journey | None, choices: list[tuple[str, str]]) -> str:
    """What to mark beforehand: the last answer, or the only choice there is."""
    if found is not None:
        return found.service or forms.UNSURE
    return forms.UNSURE if len(choices) == 1 else ""


def _choices(text: str, *slugs: str) -> list[tuple[str, str]]:
    """What was found for the words, what a link or the last answer named, and the way out."""
    named = [s for slug in slugs if slug and (s := kb.queries.service(slug))]
    rows = {s.slug: f"{s.name}\n{s.summary}" for s in named}
    if text:
        for hit in kb.queries.search(text, limit=12):
            if hit.kind == "service" and len(rows) < 6:
                rows.setdefault(hit.slug, f"{hit.title}\n{hit.summary}")
    return [
        *rows.items(),
        (
            forms.UNSURE,
            f"Something else, or I am not sure\n{_OWN_WORDS}",
        ),
    ]


def _begin(request: HttpRequest, chosen: str, found: Journey | None) -> HttpResponse:
    service = kb.queries.service(chosen)
    slug, name = (service.slug, service.name) if service else ("", "")
    current = (found or journey.begin()).about(slug, name)
    journey.save(request.session, current)
    spam.guard(request, current.id)
    return onward(current)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, journey_id: str, key: str) -> HttpResponse:
    """One question that only this service asks."""
    step = f"{questions.OWN}{key}"

    def read(current: Journey, data: Any, initial: dict[str, Any]) -> Form:
        question = questions.own(kb.queries.service(current.service), step)
        if question is None:  # the turn was checked before
            raise Http404
        return forms.OwnForm(data, question=question, initial=initial)

    return _question(request, journey_id, step, read)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest, journey_id: str) -> HttpResponse:
    """Where is it."""

    def read(current: Journey, data: Any, initial: dict[str, Any]) -> Form:
        service = kb.queries.service(current.service)
        return places.PlaceForm(
            data,
            words=questions.where(service),
            lists=service is not None and service.location == "address",
            photo=_photo(request, current),
            initial=initial,
        )

    return _question(request, journey_id, questions.WHERE, read)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def what(request: HttpRequest, journey_id: str) -> HttpResponse:
    """What happened."""

    def read(current: Journey, data: Any, initial: dict[str, Any]) -> Form:
        service = kb.queries.service(current.service)
        return forms.WhatForm(data, prompt=service.prompt if service else "", initial=initial)

    return _question(request, journey_id, questions.WHAT, read)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest, journey_id: str) -> HttpResponse:
    """How do we tell you."""

    def read(current: Journey, data: Any, initial: dict[str, Any]) -> Form:
        service = kb.queries.service(current.service)
        anonymous_ok = service.anonymous_ok if service else False
        return forms.YouForm(data, anonymous_ok=anonymous_ok, initial=initial)

    return _question(request, journey_id, questions.YOU, read)


def _question(request: HttpRequest, journey_id: str, step: str, read: Read) -> HttpResponse:
    """One question: shown when it is its turn, kept when it is answered."""
    current = journey.load(request.session, journey_id, request.POST.get("carry", ""))
    if current is None:
        return gone(request)
    if current.is_sent:
        return already_sent(current)
    service = kb.queries.service(current.service)
    if not questions.may_answer(current, service, step):
        return onward(current)
    order = questions.steps(service)
    known = questions.known(current, step)
    form = read(current, request.POST if request.method == "POST" else None, known)
    files = _files(request, current) if step == questions.WHAT else None
    if files is not None and files.stays:
        # The page again, with what was typed until now.
        form = read(current, None, {name: request.POST.get(name, "") for name in known})
    elif form.is_valid() and not (files and files.errors):
        current = questions.answered(current, step, form.cleaned_data)
        journey.save(request.session, current)
        return onward(current)
    context = {
        "form": form,
        "files": files,
        "words": questions.where(service) if step == questions.WHERE else None,
        "map": places.map_settings() if step == questions.WHERE else None,
        "service": service,
        "urgent": questions.urgent(service),
        "outside": _outside(current, step),
        "number": order.index(step) + 1,
        "total": len(order),
        "back": _back(current, order, step),
    }
    screen = "own" if step.startswith(questions.OWN) else step
    return page(request, f"web/ask/{screen}.html", current, **context)


def _outside(current: Journey, step: str) -> Outside | None:
    """Whose it is when what was answered says that it is not ours: nobody types on for nothing."""
    is_known = bool(current.answers) or questions.WHERE in current.done
    if not is_known or step.startswith(questions.OWN):
        return None
    expected = contact.expected(current, now=timezone.now())
    return expected.outside if expected is not None else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, journey_id: str) -> HttpResponse:
    """Everything once more before it goes; then it goes."""
    current = journey.load(request.session, journey_id, request.POST.get("carry", ""))
    if current is None:
        return gone(request)
    if current.is_sent:
        return already_sent(current)
    service = kb.queries.service(current.service)
    turn = questions.first_open(current, service)
    if "about" not in current.done or turn is not None:
        return redirect(address(current, turn or "about"))
    expected, refusal = contact.expected(current, now=timezone.now()), ""
    is_theirs = expected is not None and expected.outside is not None
    # Whose it is has to be read before it is sent: also when it became so while they typed.
    if request.method == "POST" and is_theirs <= ("to_us" in request.POST):
        try:
            limits.check(request, "send")
            return _send(request, current, to_us=is_theirs)
        except limits.TooMany as error:
            return error.page()
        except DomainError as error:
            refusal = str(error)
    return page(
        request,
        "web/ask/check.html",
        current,
        rows=_answers(current, service),
        expected=expected,
        refusals=[{"text": refusal}] if refusal else [],
        urgent=questions.urgent(service),
        photo=_photo(request, current),
        where=address(current, questions.WHERE),
        back=address(current, questions.YOU),
    )


def _send(request: HttpRequest, current: Journey, *, to_us: bool) -> HttpResponse:
    now = timezone.now()
    why = spam.suspicious(request, current.id, words=[current.description], name=current.name)
    inbound = parsing.read(current, now=now, to_us=to_us, suspicion=why)
    sent, again = contact.send(current, inbound, now=now)
    journey.save(request.session, sent)
    return already_sent(sent) if again else redirect(address(sent, "sent"))


@never_cache
@require_GET
def sent(request: HttpRequest, journey_id: str) -> HttpResponse:
    """We have it: the reference, who deals with it, by when, and what happens next."""
    current = journey.load(request.session, journey_id)
    if current is None:
        return gone(request)
    if not current.is_sent:
        return redirect(address(current, _CHECK))
    tracked = tracking.track(current.reference, current.secret, now=timezone.now())
    if tracked is None:
        return gone(request)
    context = {
        "journey": current,
        "tracked": tracked,
        "owner": current.owner or tracked.owner,
        "again": "again" in request.GET,
        "phone": shown(current.phone),
        "track_path": reverse("web:track-secret", args=[current.reference, current.secret]),
    }
    return render(request, "web/ask/sent.html", context)


def _answers(current: Journey, service: Service | None) -> list[dict[str, Any]]:
    """The rows of the check page, each with its way back."""

    def row(key: str, value: str, step: str, said: bool = False) -> dict[str, Any]:
        return {"key": key, "value": value, "href": address(current, step), "said": said}

    rows = [row("What it is about", current.service_name if service else "Not sure", "about")]
    rows += [row(words, value, step) for step, words, value in questions.said(current, service)]
    if questions.WHERE in current.done:
        rows.append(row("Postcode", current.postcode or "Not given", questions.WHERE))
        rows.append(row("Place", current.address or "Not given", questions.WHERE, said=True))
        if pin := places.pinned(current):
            rows.append(row("On the map", pin, questions.WHERE))
    rows.append(row("What happened", current.description, questions.WHAT, said=True))
    if names := uploads.shown(current.id).names:
        rows.append(row("Photos and files", names, questions.WHAT, said=True))
    rows.append(row("We tell you by", _told(current), questions.YOU, said=True))
    if current.tell_by != journey.NOBODY:
        rows.append(row("Your name", current.name, questions.YOU, said=True))
    return rows


def _told(current: Journey) -> str:
    if current.tell_by == journey.NOBODY:
        return "Nothing: you stay anonymous"
    by_email = current.tell_by == journey.EMAIL
    return f"Email to {current.email}" if by_email else f"Text message to {shown(current.phone)}"


def _photo(request: HttpRequest, current: Journey) -> places.Suggestion | None:
    """Where a photo of this form was taken: offered beside the place, never used unasked."""
    spot = uploads.suggested(request.session, current.id)
    return places.suggestion(current, (spot.latitude, spot.longitude) if spot else None)


def _files(request: HttpRequest, current: Journey) -> uploads.Files:
    folder = f"{reverse('web:ask-what', args=[current.id]).removesuffix('what/')}files/"
    return uploads.received(request, current.id, address=folder)


@never_cache
@require_GET
def picture(request: HttpRequest, journey_id: str, file_id: uuid.UUID) -> HttpResponse:
    """A small picture of a file that this visitor added to a form, before it is sent."""
    if journey.load(request.session, journey_id) is None:
        raise Http404
    found = uploads.picture(journey_id, file_id)
    if found is None:
        raise Http404
    return drawn(found)


def address(current: Journey, step: str) -> str:
    if step.startswith(questions.OWN):
        return reverse("web:ask-own", args=[current.id, step.removeprefix(questions.OWN)])
    return reverse(f"web:ask-{step}", args=[current.id])


def onward(current: Journey) -> HttpResponse:
    """To the next question without an answer, or to the check; before we ask who they are, to what
    is known already.
    """
    turn = questions.first_open(current, kb.queries.service(current.service))
    if turn in (None, questions.YOU) and nearby.is_due(current, now=timezone.now()):
        return redirect(address(current, "nearby"))
    return redirect(address(current, turn or _CHECK))


def _back(current: Journey, order: tuple[str, ...], step: str) -> str:
    at = order.index(step)
    return address(current, order[at - 1] if at else "about")


def already_sent(current: Journey) -> HttpResponse:
    return redirect(f"{address(current, 'sent')}?again=1")


def gone(request: HttpRequest) -> HttpResponse:
    """The answers are no longer here: after hours, or in another browser."""
    return render(request, "web/ask/gone.html", status=404)


def page(
    request: HttpRequest, template: str, current: Journey | None, **context: object
) -> HttpResponse:
    carried = journey.seal(current) if current else ""
    guard = spam.guard(request, current.id) if current else None
    page = {"journey": current, "carry": carried, "guard": guard, "nav_here": "ask"}
    return render(request, template, {**page, **context})
