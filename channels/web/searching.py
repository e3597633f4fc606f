"""Search: its page, and what is suggested while somebody types."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import kb.queries
from accounts import areas
from channels.asking import limits, lookups, questions
from core.errors import DomainError
from kb import dangers, search_log, tongues
from kb import search as finding
from kb.search import Found

if TYPE_CHECKING:
    from kb.models import Service
    from kb.search_ranking import Hit

LONGEST = 200
SHOWN, SUGGESTED = 12, 5
# Beside a text: fewer, and only what is about it.
BESIDE, ABOUT = 3, 0.35
# Seconds for which a browser may keep what was suggested.
KEPT = 300
_IS_SEARCH = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
# Which search each enquiry of a visit was begun from, of so many.
_BEGUN, _MOST_BEGUN = "begun_from_search", 8
# Programs that read pages for somebody else: their searches are nobody's.
_PROGRAMS = re.compile(r"bot\b|bot/|crawl|spider|slurp|preview|monitor|curl/|wget/|python-", re.I)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Services and answers for some words, best first."""
    text = lookups.words(request.GET, longest=LONGEST)
    found = finding.find(text, limit=SHOWN) if text else Found()
    one = uuid.uuid4()
    place = _place(found.postcode)
    kept = {"postcode": found.postcode} if place.get("name") else {}
    context = {
        "text": text,
        "found": found,
        "danger": dangers.said_in(text),
        "place": place,
        "hits": _rows(found.hits, {**kept, "found": str(one)}),
        "search_id": one if found.words else "",
        "services_href": onward("/services/", kept),
        "ask": onward("/ask/", kept),
    }
    page = render(request, "web/search.html", context)
    if _is_somebodys(request) and (found.is_known or _is_told_once(request, found)):
        again = request.GET.get("again", "")
        search_log.record(found, public_id=one, again=again, now=timezone.now())
    return page


def _is_told_once(request: HttpRequest, found: Found) -> bool:
    """Words that may be a name are shown when several used them: who looks again is one."""
    return bool(found.words) and limits.is_first(request, "rare_words", found.words)


def _is_somebodys(request: HttpRequest) -> bool:
    """Whether a person asked for this page, as far as a request says."""
    browser = request.headers.get("User-Agent", "")
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and bool(browser) and not ahead and not _PROGRAMS.search(browser)


def _place(postcode: str) -> dict[str, str]:
    """Which council a postcode of the search lies in, or what is the matter with it."""
    if not postcode:
        return {}
    try:
        found = areas.lookup(postcode)
    except DomainError as error:
        return {"postcode": postcode, "problem": str(error.message)}
    return {"postcode": postcode, "name": found.district_name}


def _rows(hits: tuple[Hit, ...], carried: dict[str, str]) -> list[dict[str, Any]]:
    """Hits as the page shows them: what it is, whose, and what to do with it."""
    known = kb.queries.services_named([hit.slug for hit in hits if hit.kind == "service"])
    return [_row(hit, known.get(hit.slug), carried) for hit in hits]


def _row(hit: Hit, service: Service | None, carried: dict[str, str]) -> dict[str, Any]:
    is_service = hit.kind == "service"
    folder = "services" if is_service else "answers"
    return {
        "title": hit.title,
        "summary": hit.summary,
        "href": onward(f"/{folder}/{hit.slug}/", carried),
        "is_service": is_service,
        "who": questions.who(service) if service else "",
        "does": _does(service) if service else _("Read the answer"),
    }


def _does(service: Service) -> str:
    if service.resolution_class == "INFORM":
        return _("Find out or ask")
    if service.subject == "place":
        return _("Report it")
    # What is wrong with a service is asked for by nobody: a bin that was missed.
    return _("Tell us or ask us") if service.resolution_class == "REQUEST" else _("Ask for it")


def carried(request: HttpRequest, entry: str) -> dict[str, str]:
    """What a search hands on to the page that was opened from it: its postcode and its id.

    Opening one of what it showed is written down as going on with it.
    """
    kept = {}
    postcode = areas.compact(request.GET.get("postcode", "")[:12])
    if areas.SHAPE.match(postcode):
        kept["postcode"] = areas.spaced(postcode)
    one = request.GET.get("found", "")
    if _IS_SEARCH.match(one):
        kept["found"] = one
        if entry and _is_somebodys(request):
            search_log.went_on(one, entry, now=timezone.now())
    return kept


def onward(address: str, carried: dict[str, str]) -> str:
    """An address with what a search hands on."""
    return f"{address}?{urlencode(carried)}" if carried else address


def begun(request: HttpRequest, journey_id: str) -> None:
    """Remembers in the visit which search an enquiry was begun from, if any."""
    one = request.GET.get("found", "")
    if _IS_SEARCH.match(one):
        kept = {**request.session.get(_BEGUN, {}), journey_id: one}
        request.session[_BEGUN] = dict(list(kept.items())[-_MOST_BEGUN:])


def sent(request: HttpRequest, journey_id: str) -> None:
    """An enquiry that was begun from a search was sent: what was found was what was meant."""
    kept = dict(request.session.get(_BEGUN, {}))
    if one := kept.pop(journey_id, ""):
        request.session[_BEGUN] = kept
        search_log.settled(one, now=timezone.now())


def helped(request: HttpRequest, slug: str) -> None:
    """An answer that was opened from a search got a yes."""
    one = request.POST.get("found", "")
    if _IS_SEARCH.match(one):
        search_log.settled(one, entry=f"answer/{slug}", now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> JsonResponse:
    """At most five services and answers for what is being typed, as JSON.

    What stands in a search box comes by GET, and may be kept for a while. What somebody writes
    about themselves comes by POST, so that it stands in no address; it finds answers alone.
    """
    try:
        limits.check(request, "suggest")
    except limits.TooMany as error:
        return JsonResponse(
            {"hits": []}, status=429, headers={"Retry-After": str(error.retry_after)}
        )
    if request.method == "POST":
        text = request.POST.get("q", "")[:LONGEST]
        return JsonResponse({"hits": _beside(text, request.POST.get("service", ""))})
    text = lookups.words(request.GET, longest=LONGEST)
    found = finding.find(text, limit=SUGGESTED, typing=True) if len(text) > 1 else Found()
    answer = JsonResponse({"hits": [_suggested(hit) for hit in found.hits]})
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def _beside(text: str, service: str) -> list[dict[str, str]]:
    """What may settle what is being written: answers about it or about its service, and first the
    form of another service where that fits: who writes of a hole in the road is asked which.
    """
    if len(text.split()) < 2:
        return []
    hits = finding.find(text, limit=20).hits
    forms = [hit for hit in hits if hit.kind == "service" and hit.score >= ABOUT]
    if any(hit.slug == service for hit in hits):
        forms = []  # their form is one that fits: none other is in its way
    answers = [
        hit
        for hit in hits
        if hit.kind == "answer" and (hit.score >= ABOUT or hit.service_slug == service != "")
    ]
    return [_suggested(hit) for hit in [*forms[:1], *answers][:BESIDE]]


def _suggested(hit: Hit) -> dict[str, str]:
    folder = "services" if hit.kind == "service" else "answers"
    title, note = tongues.said(hit.title), tongues.said(hit.summary)
    return {
        "title": title,
        "note": note,
        "lang": title.lang,
        "note_lang": note.lang,
        "kind": _("Service") if hit.kind == "service" else _("Answer"),
        "href": f"/{folder}/{hit.slug}/",
    }
