"""The journey: what is it about, the questions of its form, check, sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

import kb.queries
from channels.asking import (
    checking,
    contact,
    forms,
    journey,
    limits,
    lookups,
    nearby,
    places,
    prefilled,
    questions,
    reading,
    saved,
    spam,
    uploads,
)
from channels.asking.journey import Journey
from channels.asking.often import OFTEN, first
from channels.asking.questions import Asking
from channels.web import parsing, searching
from core.downloads import drawn
from core.errors import DomainError
from customers.contact import shown
from enquiries.channels import Channel
from enquiries.intake import FormMoved
from enquiries.queries import tracking

if TYPE_CHECKING:
    from kb.forms.schema import End

_PAGES = frozenset({"about", "check", "nearby", "sent", "told"})
_LONGEST_SEARCH = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, journey_id: str = "") -> HttpResponse:
    """What is it about: search, choose, or say that it is something else."""
    found = load(request, journey_id) if journey_id else None
    if journey_id and found is None:
        return gone(request)
    if found is not None and found.is_sent:
        return already_sent(found)
    text = lookups.words(request.GET, longest=_LONGEST_SEARCH)
    wanted = request.GET.get("service", "")
    before = found.service if found is not None else ""
    choices = _choices(text, wanted, request.POST.get("service", ""), before)
    sent: Mapping[str, str] | None = request.POST if request.method == "POST" else None
    if sent is not None and "service" not in sent and wanted:
        sent = {"service": wanted}  # a button of an answer, which says in its address what it is
    form = forms.AboutForm(
        sent,
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
    elif not rows:
        often = first(kb.queries.services_named(OFTEN).values())
        rows = {s.slug: f"{s.name}\n{s.summary}" for s in often}
    unsure = _("Something else, or I am not sure")
    own_words = _("Tell us in your own words. We find who deals with it")
    return [*rows.items(), (forms.UNSURE, f"{unsure}\n{own_words}")]


def _begin(request: HttpRequest, chosen: str, found: Journey | None) -> HttpResponse:
    service = kb.queries.service(chosen)
    slug, name = (service.slug, service.name) if service else ("", "")
    fresh = (found or journey.begin()).about(slug, name, questions.version_of(service))
    current = prefilled.filled(fresh, service, request.GET)
    journey.save(request.session, current)
    searching.begun(request, current.id)
    spam.guard(request, current.id)
    spam.may_be_kept(request, current.id)
    return onward(current)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, journey_id: str) -> HttpResponse:
    """Everything once more before it goes; then it goes."""
    current = load(request, journey_id)
    if current is None:
        return gone(request)
    if current.is_sent:
        return _sent_before(request, current)
    asking = questions.of(current)
    if not is_whole(asking):
        return onward(current, asking)
    expected, refusal = contact.expected(current, now=timezone.now(), asking=asking), ""
    is_theirs = expected is not None and expected.outside is not None
    # Whose it is has to be read before it is sent: also when it became so while they typed.
    if request.method == "POST" and is_theirs <= ("to_us" in request.POST):
        try:
            limits.check(request, "send")
            return _send(request, asking, to_us=is_theirs)
        except limits.TooMany as error:
            return error.page()
        except FormMoved:
            journey.save(request.session, saved.newest(current))
            return redirect(f"{address(current, 'check')}?moved=1")
        except DomainError as error:
            refusal = str(error)
    elif "moved" in request.GET:
        refusal = FormMoved().message
    return page(
        request,
        "web/ask/check.html",
        current,
        rows=_answers(asking),
        expected=expected,
        refusals=[{"text": refusal}] if refusal else [],
        urgent=questions.urgent(asking.service),
        photo=photo(request, current),
        where=asks(current, asking.key_of(questions.WHERE)),
        back=asks(current, asking.before("")),
    )


def _sent_before(request: HttpRequest, current: Journey) -> HttpResponse:
    """To what was sent; and that it was, unless this is only the second of two clicks."""
    mine = here(request, current.id)
    journey.save(request.session, current)
    is_second = mine is not None and not mine.is_sent and mine.revision < current.revision
    if request.method == "POST" and is_second:
        return redirect(address(current, "sent"))
    return already_sent(current)


def is_whole(asking: Asking) -> bool:
    """Whether everything is answered, and nothing ends it before it is sent."""
    is_begun = questions.ABOUT in asking.journey.done
    return is_begun and asking.end is None and asking.first_open is None


def _send(request: HttpRequest, asking: Asking, *, to_us: bool) -> HttpResponse:
    current, now = asking.journey, timezone.now()
    why = spam.suspicious(request, current.id, words=asking.written, name=current.name)
    inbound = parsing.read(current, now=now, to_us=to_us, suspicion=why)
    inbound = reading.in_visit(request.session, inbound, now=now)
    sent, again, is_new = contact.send(current, inbound, now=now)
    journey.save(request.session, sent)
    if is_new:
        spam.sent(request, words=asking.written)
    searching.sent(request, current.id)
    uploads.forget_suggestion(request.session, current.id)
    return already_sent(sent) if again else redirect(address(sent, "sent"))


@never_cache
@require_GET
def sent(request: HttpRequest, journey_id: str) -> HttpResponse:
    """We have it: the reference, who deals with it, by when, and what happens next."""
    current = journey.load(request.session, journey_id)
    if current is None:
        return gone(request)
    if not current.is_sent:
        return redirect(address(current, "check"))
    tracked = tracking.track(current.reference, current.secret, now=timezone.now())
    if tracked is None:
        return gone(request)
    context = {
        "journey": current,
        "tracked": tracked,
        "owner": current.owner or tracked.owner,
        "again": "again" in request.GET,
        "phone": shown(current.phone),
        "is_quiet": limits.had_enough(current.told_at),
        "track_path": reverse("web:track-secret", args=[current.reference, current.secret]),
    }
    return render(request, "web/ask/sent.html", context)


def _answers(asking: Asking) -> list[dict[str, Any]]:
    """The rows of the check page, each with its way back."""
    return [
        {
            "key": row.question,
            "value": row.answer,
            "href": asks(asking.journey, row.key),
            "said": row.is_said,
            "key_english": row.is_data,
            "english": row.is_chosen,
        }
        for row in checking.rows(asking)
    ]


def load(request: HttpRequest, journey_id: str) -> Journey | None:
    """The journey of an address, as it was last answered anywhere; for who began or opened it."""
    mine = here(request, journey_id)
    if mine is None:
        return None
    found = saved.newest(mine)
    if found.is_sent and not mine.is_sent and request.method != "POST":
        journey.save(request.session, found)
    return found


def here(request: HttpRequest, journey_id: str) -> Journey | None:
    """The journey as this browser last answered it: what shows that it is theirs."""
    return journey.load(request.session, journey_id, request.POST.get("carry", ""))


def keep(request: HttpRequest, asking: Asking, *, at: str) -> bool:
    """Remembers a journey with its answer to a question, here and by the server.

    False when it was answered or sent elsewhere in this very moment: that stays. What looks like a
    machine's, or comes too fast, is remembered here alone, so that nobody's contact is counted.
    """
    if not spam.may_be_kept(request, asking.journey.id):
        journey.save(request.session, asking.journey)
        return True
    if not saved.keep(asking, at=at, channel=Channel.WEB, now=timezone.now()):
        return False
    journey.save(request.session, asking.journey)
    if photo(request, asking.journey) is None:  # taken over, or of no use
        uploads.forget_suggestion(request.session, asking.journey.id)
    return True


def photo(request: HttpRequest, current: Journey) -> places.Suggestion | None:
    """Where a photo of this form was taken: offered beside the place, never used unasked."""
    spot = uploads.suggested(request.session, current.id)
    return places.suggestion(current, (spot.latitude, spot.longitude) if spot else None)


@never_cache
@require_GET
def picture(request: HttpRequest, journey_id: str, file_id: uuid.UUID) -> HttpResponse:
    """A small picture of a file that this visitor added to a form, before it is sent."""
    if load(request, journey_id) is None:
        raise Http404
    found = uploads.picture(journey_id, file_id)
    if found is None:
        raise Http404
    return drawn(found)


def address(current: Journey, step: str) -> str:
    """The address of a page of the journey; of a question by its key."""
    if step not in _PAGES:
        return asks(current, step)
    return reverse(f"web:ask-{step}", args=[current.id])


def asks(current: Journey, key: str) -> str:
    """The address of a question; ABOUT is the first of all."""
    if key == questions.ABOUT:
        return reverse("web:ask-about", args=[current.id])
    return reverse("web:ask-question", args=[current.id, key])


def ends(current: Journey, end: End) -> str:
    """The address of the page where a form ends."""
    return reverse("web:ask-end", args=[current.id, end.key])


def onward(current: Journey, asking: Asking | None = None) -> HttpResponse:
    """To where the answers end the form, else to the next open question, else to the check.

    As soon as we know where, to what is known already: nobody answers seven questions about what
    has been told.
    """
    if questions.ABOUT not in current.done:
        return redirect(asks(current, questions.ABOUT))
    asking = asking or questions.of(current)
    end = asking.end
    if end is not None:
        return redirect(ends(current, end))
    if asking.is_known_next and nearby.is_due(current, now=timezone.now()):
        return redirect(address(current, "nearby"))
    turn = asking.first_open
    return redirect(asks(current, turn.key) if turn is not None else address(current, "check"))


def already_sent(current: Journey) -> HttpResponse:
    """To what was sent, and that it was."""
    return redirect(f"{address(current, 'sent')}?again=1")


def gone(request: HttpRequest) -> HttpResponse:
    """The answers are no longer here: after days, or in another browser."""
    return render(request, "web/ask/gone.html", status=404)


def page(
    request: HttpRequest, template: str, current: Journey | None, **context: object
) -> HttpResponse:
    """A page of the journey, which carries the answers."""
    carried = journey.seal(current) if current else ""
    guard = spam.guard(request, current.id) if current else None
    page = {"journey": current, "carry": carried, "guard": guard, "nav_here": "ask"}
    return render(request, template, {**page, **context})
