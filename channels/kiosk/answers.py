"""Answers at a kiosk: read, and said whether they helped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

import kb.queries_articles
from channels.asking import limits, reading
from channels.kiosk import assist, offered, visit
from channels.kiosk.devices import at_kiosk
from core.audit import Actor
from enquiries.channels import Channel

if TYPE_CHECKING:
    from kb.models import Article
    from kiosks.models import Kiosk


@at_kiosk
def answer(request: HttpRequest, kiosk: Kiosk, slug: str) -> HttpResponse:
    """One answer, large; by POST whether it helped, or where its reader lives."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    found = kb.queries_articles.live(slug)
    if found is None:
        raise Http404
    there, wrong_postcode = reading.area(request, request.POST)
    unclear = False
    if "postcode" in request.POST:
        if not wrong_postcode:
            return redirect("kiosk:answer", slug=slug)
    elif request.method == "POST":
        try:
            limits.check(request, "feedback", kiosk)
        except limits.TooMany as error:
            return error.page()
        unclear = not reading.press(
            request.session,
            found,
            request.POST,
            channel=Channel.KIOSK,
            site=kiosk.site.slug,
            actor=Actor("kiosk", kiosk.pk, kiosk.name, kiosk.site.organisation_id),
            agent=assist.helper(request, kiosk),
            now=timezone.now(),
        )
        if not unclear:
            return redirect("kiosk:answer", slug=slug)
    else:
        reading.count(request, found, Channel.KIOSK)
    return visit.page(
        request,
        kiosk,
        "kiosk/answer.html",
        typing=True,
        article=found,
        **_what_starts(kiosk, found, there),
        area=there,
        postcode=request.POST.get("postcode", "")[:20],
        wrong_postcode=wrong_postcode,
        unclear=unclear,
        said=reading.said(request.session, found),
        key=reading.fresh_key(),
        back=reverse("kiosk:search"),
    )


def _what_starts(kiosk: Kiosk, found: Article, there: reading.Area | None) -> dict[str, Any]:
    """The answer where they live, and what can be begun from it at this device; what is left out is
    said, and where it can be done instead."""
    shown = reading.shown(found, there, ask=reverse("kiosk:about"))
    starts = offered.starts(kiosk, shown.starts)
    own = found.service.slug if found.service else ""
    return {
        "shown": shown,
        "starts": starts,
        "not_here": starts != shown.starts or not offered.is_offered(kiosk, own),
        "ask_about": own,
        "asks": offered.is_offered(kiosk, own),
        "address": offered.site_address(),
    }
