"""Pages to read: home, services, answers, search, statements."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import kb.queries
import kb.queries_notices
import kb.questions
import metrics.queries
from channels.asking import questions
from channels.asking.often import OFTEN
from channels.web import searching, standards

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can I do here."""
    known = {service.slug: service for service in kb.queries.services()}
    popular = [known[slug] for slug in OFTEN if slug in known]
    context = {
        "popular": [{"text": s.name, "href": f"/services/{s.slug}/"} for s in popular],
        "groups": [
            {"text": group, "href": f"/services/?by=subject#{anchor(group)}"}
            for group, _rows in kb.queries.by_group()
        ],
    }
    return render(request, "web/home.html", context)


def anchor(group: str) -> str:
    """The address of a group within its page."""
    return group.lower().replace(" ", "-")


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every service, by letter and by subject."""
    letters = [
        (letter, [(one, standards.promise(one)) for one in rows])
        for letter, rows in kb.queries.a_to_z()
    ]
    context = {
        "letters": letters,
        "alphabet": [(letter, letter in dict(letters)) for letter in LETTERS],
        "groups": [(group, anchor(group), rows) for group, rows in kb.queries.by_group()],
        "by_subject": request.GET.get("by") == "subject",
        "carried": searching.carried(request, ""),
        "nav_here": "services",
    }
    return render(request, "web/services.html", context)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: what it is, who does it, how long it takes, and the way in."""
    found = kb.queries.service(slug)
    if found is None:
        raise Http404
    carried = searching.carried(request, f"service/{slug}")
    context = {
        "service": found,
        "articles": [
            {
                "text": a.title,
                "href": searching.onward(f"/answers/{a.slug}/", carried),
                "note": a.summary,
            }
            for a in kb.queries.articles_about(slug)
        ],
        "urgent": questions.urgent(found),
        "notices": kb.queries_notices.current(slug, None, now=timezone.now()),
        "who": questions.who(found),
        "promise": standards.promise(found),
        "lately": standards.lately(metrics.queries.took_lately(slug, now=timezone.now())),
        "asks": kb.questions.of(found),
        "ask": searching.onward("/ask/", carried),
        "crumbs": [
            {"text": _("Home"), "href": "/"},
            {"text": _("Services A to Z"), "href": "/services/"},
        ],
        "nav_here": "services",
    }
    return render(request, "web/service.html", context)


@require_safe
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """Accessibility, privacy, sources."""
    return render(request, f"web/{name}.html")
