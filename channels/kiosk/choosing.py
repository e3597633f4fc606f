"""What is it about: subject, group, service, five at a time; or in the person's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

import kb.queries
from channels.asking import lookups, prefilled, questions
from channels.asking.often import first
from channels.kiosk import offered, subjects, visit
from channels.kiosk.asking import onward
from channels.kiosk.devices import at_kiosk
from kb import dangers, tongues

if TYPE_CHECKING:
    from kiosks.models import Kiosk

_LONGEST_SEARCH = 100


def _choices(
    request: HttpRequest,
    kiosk: Kiosk,
    title: str,
    items: list[dict[str, Any]],
    back: str,
    *,
    is_data: bool = False,
) -> HttpResponse:
    shown = subjects.screen(items, subjects.number(request.GET.get("screen", "")))
    return visit.page(
        request,
        kiosk,
        "kiosk/choose.html",
        title=title,
        is_data=is_data,
        screen=shown,
        back=back,
        searching=True,
    )


@at_kiosk
def about(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Which subject; or, by POST, the service itself."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    if request.method == "POST":
        return _choose(request, kiosk)
    known = list(offered.by_group(kiosk))
    items = [
        {
            "text": _(one.name),
            "note": _(one.note),
            "href": reverse("kiosk:subject", args=[one.slug]),
        }
        for one in subjects.subjects(known)
    ]
    return _choices(request, kiosk, _("What is it about?"), items, reverse("kiosk:menu"))


@at_kiosk
def subject(request: HttpRequest, kiosk: Kiosk, slug: str) -> HttpResponse:
    """Which group of a subject."""
    chosen = subjects.subject(slug)
    if visit.current(request) is None or chosen is None:
        return redirect("kiosk:about" if chosen is None else "kiosk:home")
    known = offered.by_group(kiosk)
    items = [
        {
            "text": group,
            "data": True,
            "note": tongues.joined(service.name for service in known[group][:3]),
            "href": reverse("kiosk:group", args=[slug, subjects.anchor(group)]),
        }
        for group in subjects.groups_of(chosen, list(known))
    ]
    return _choices(request, kiosk, _(chosen.name), items, reverse("kiosk:about"))


@at_kiosk
def group(request: HttpRequest, kiosk: Kiosk, slug: str, name: str) -> HttpResponse:
    """Which service of a group."""
    known = offered.by_group(kiosk)
    found = {subjects.anchor(group): (group, rows) for group, rows in known.items()}
    if visit.current(request) is None or name not in found:
        return redirect("kiosk:about" if name not in found else "kiosk:home")
    title, rows = found[name]
    items = [{"text": row.name, "note": row.summary, "service": row.slug} for row in first(rows)]
    chosen = subjects.subject(slug)
    back = reverse("kiosk:subject", args=[slug]) if chosen else reverse("kiosk:about")
    return _choices(request, kiosk, title, items, back, is_data=True)


@at_kiosk
def search(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A word or two, and the services and answers that fit.

    What is typed is posted: addresses stay on the device, for the next person.
    """
    if visit.current(request) is None:
        return redirect("kiosk:home")
    text = lookups.words(request.POST or request.GET, longest=_LONGEST_SEARCH)
    hits = kb.queries.search(text, limit=20)
    services = [
        {"text": hit.title, "note": hit.summary, "service": hit.slug}
        for hit in hits
        if hit.kind == "service" and offered.is_offered(kiosk, hit.slug)
    ]
    answers = [
        {
            "text": hit.title,
            "data": True,
            "note": tongues.Said(_("Read the answer")),
            "href": reverse("kiosk:answer", args=[hit.slug]),
        }
        for hit in hits
        if hit.kind == "answer"
    ]
    # Both have a place on the one screen, and neither leaves room empty that the other could use.
    kept = services[: max(3, subjects.A_SCREEN - len(answers))]
    items = [*kept, *answers]
    return visit.page(
        request,
        kiosk,
        "kiosk/search.html",
        typing=True,
        text=text,
        danger=dangers.said_in(text),
        screen=subjects.screen(items, 1),
        back=reverse("kiosk:about"),
    )


def _choose(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Keeps the service; nothing chosen means that somebody here will find out.

    The button of an answer has the service in its address, with what is known.
    """
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent:
        return redirect("kiosk:sent")
    service = kb.queries.service(request.POST.get("service", request.GET.get("service", "")))
    if service is not None and not offered.is_offered(kiosk, service.slug):
        return offered.elsewhere(request, kiosk, service)
    slug, name = (service.slug, service.name) if service else ("", "")
    current = current.about(slug, name, questions.version_of(service))
    current = prefilled.filled(current, service, request.GET)
    visit.keep(request, current)
    return onward(current)
