"""Answers on the website: read, and said whether they helped."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import kb.queries_articles
from channels.asking import limits, reading
from channels.web import searching
from core import downloads
from enquiries.channels import Channel

if TYPE_CHECKING:
    from kb.models import Article


@require_http_methods(["GET", "HEAD"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """One answer; who comes to one that was retired is sent on to what stands in its place."""
    found = kb.queries_articles.live(slug)
    if found is None:
        instead = kb.queries_articles.goes_to(slug)
        if instead is None:
            raise Http404
        return redirect(instead)
    reading.count(request, found, Channel.WEB)
    return _page(request, found, carried=searching.carried(request, f"answer/{slug}"))


def _page(
    request: HttpRequest,
    article: Article,
    *,
    refused: str = "",
    unclear: bool = False,
    carried: dict[str, str] | None = None,
) -> HttpResponse:
    there, wrong_postcode = reading.area(request, request.GET)
    services, answers = kb.queries_articles.related(article)
    errors = []
    if wrong_postcode:
        errors.append({"text": wrong_postcode, "href": "#postcode"})
    if unclear:
        errors.append({"text": _("Choose yes or no"), "href": "#answered"})
    if refused:
        errors.append({"text": refused, "href": "#words"})
    context = {
        "shown": reading.shown(article, there),
        "article": article,
        "area": there,
        "postcode": request.GET.get("postcode", "")[:20],
        "wrong_postcode": wrong_postcode,
        "errors": errors,
        "ask": searching.onward("/ask/", carried or {}),
        "found": (carried or {}).get("found", ""),
        "refused": refused,
        "typed": request.POST.get("words", "") if refused else "",
        "said": reading.said(request.session, article),
        "thanked": request.GET.get("told") == "yes",
        "key": reading.fresh_key(),
        "most": 500,
        "services": [{"text": s.name, "href": f"/services/{s.slug}/"} for s in services],
        "answers": [{"text": a.title, "href": f"/answers/{a.slug}/"} for a in answers],
        "crumbs": _crumbs(article),
        "nav_here": "services",
    }
    return render(request, "web/answer.html", context)


def _crumbs(article: Article) -> list[dict[str, str]]:
    home = {"text": _("Home"), "href": "/"}
    if article.service is None:
        return [home]
    of = {"text": article.service.name, "href": f"/services/{article.service.slug}/"}
    return [home, {**of, "english": "yes"}]


def _live(slug: str) -> Article:
    found = kb.queries_articles.live(slug)
    if found is None:
        raise Http404
    return found


@require_POST
def said(request: HttpRequest, slug: str) -> HttpResponse:
    """Yes, no, or "it is wrong": one press."""
    found = _live(slug)
    try:
        limits.check(request, "feedback")
    except limits.TooMany as error:
        return error.page()
    taken = reading.press(
        request.session, found, request.POST, channel=Channel.WEB, now=timezone.now()
    )
    if not taken:
        return _page(request, found, unclear=True)
    if request.POST.get("answered") == "yes":
        searching.helped(request, slug)
    return redirect(f"{reverse('web:answer', args=[slug])}#said")


@require_POST
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """What was missing or wrong, in their words."""
    found = _live(slug)
    try:
        limits.check(request, "feedback")
    except limits.TooMany as error:
        return error.page()
    refused = reading.add_words(
        request.session, found, request.POST, channel=Channel.WEB, now=timezone.now()
    )
    if refused:
        return _page(request, found, refused=refused)
    return redirect(f"{reverse('web:answer', args=[slug])}?told=yes#said")


@require_safe
def file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A picture that a published answer shows, or a document to be saved."""
    row = kb.queries_articles.file_of_readers(public_id)
    if row is None:
        raise Http404
    content = row.file.open("rb")
    return downloads.of_answer(content, name=row.name, content_type=row.content_type)
