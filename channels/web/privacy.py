"""How we look after what people tell us: for everybody, and for each service."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import kb.queries
from channels.asking import questions
from kb import purposes


@require_safe
def general(request: HttpRequest) -> HttpResponse:
    """What holds for every service, and where each service's own notice is."""
    context = {"purposes": purposes.for_all(), "groups": kb.queries.by_group()}
    return render(request, "web/privacy.html", context)


@require_safe
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service's own notice, made from the register of purposes."""
    service = kb.queries.service(slug)
    if service is None:
        raise Http404
    notice = purposes.of(service)
    context = {
        "service": service,
        "notice": notice,
        "who": questions.who(service),
        "crumbs": [
            {"text": _("Privacy"), "href": "/privacy/"},
            {"text": service.name, "href": f"/services/{service.slug}/", "english": True},
        ],
        "purposes": [one for one in (notice.own, *notice.beside) if one is not None],
    }
    return render(request, "web/privacy_service.html", context)
