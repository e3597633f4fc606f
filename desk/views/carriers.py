"""Who carries messages: accounts with providers, and whom they carry what for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk.answers import carried_out, go
from desk.forms_carriers import PLACES, CarrierForm, RouteForm
from notifications import actions_carriers, queries_carriers
from notifications.carrier_kinds import KINDS, Kind
from notifications.queries_carriers import CarrierKnown, CarrierTold, RouteKnown

HOME = "/desk/settings/messages/providers/"
MEDIA = {"sms": "Texts", "email": "Email", "letter": "Letters"}
PARTNERSHIP = "Everybody else"


def _looker(request: HttpRequest) -> Viewer:
    """Providers are the whole partnership's matter."""
    who = viewer(request)
    if not who.is_hub:
        raise Http404
    return who


def _bodies() -> dict[int, str]:
    return {one.pk: one.name for one in accounts.queries.organisations()}


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """All accounts, and each medium with who carries it for whom."""
    _looker(request)
    bodies, known = _bodies(), queries_carriers.carriers()
    names = {one.slug: one.name for one in known}
    context = {
        "nav_here": "settings",
        "carriers": [
            (one, ", ".join(MEDIA[medium].lower() for medium in one.media),
             bodies.get(one.organisation or 0, ""))
            for one in known
        ],
        "routes": [
            {
                "medium": MEDIA[one.medium],
                "whose": bodies.get(one.organisation or 0, PARTNERSHIP),
                "carriers": [names.get(slug, slug) for slug in one.carriers],
                "href": _route_address(one.medium, one.organisation),
            }
            for one in queries_carriers.routes()
        ],
        "kinds": [(kind.name, kind.words) for kind in KINDS.values()],
        "media": MEDIA.items(),
        "bodies": bodies.items(),
    }  # fmt: skip
    return render(request, "desk/messages/providers.html", context)


def _route_address(medium: str, organisation: int | None) -> str:
    return f"{HOME}route/?{urlencode({'medium': medium, 'body': organisation or ''})}"


@requires(Permission.ADMINISTER)
def one(request: HttpRequest) -> HttpResponse:
    """One account: set up (by its kind), or changed (by its name)."""
    who = _looker(request)
    found = queries_carriers.carrier(request.GET.get("slug", "").replace("\x00", ""))
    kind = KINDS.get(found.known.kind if found else request.GET.get("kind", ""))
    if kind is None:
        return go(HOME)
    form = _form(request, kind, found)
    if request.method != "POST":
        return _one(request, form, kind, found)

    def work(data: Any, now: datetime) -> None:
        if found is None:
            body = int(data["organisation"]) if data["organisation"] else None
            actions_carriers.add(
                kind=kind.name, name=data["name"], organisation=body, told=form.told(),
                actor=who.actor, now=now,
            )  # fmt: skip
        else:
            actions_carriers.change(
                slug=found.known.slug, name=data["name"], is_active=data["is_active"],
                told=form.told(), actor=who.actor, now=now,
            )  # fmt: skip

    if not carried_out(form, work, about="carrier"):
        form.renew()
        return _one(request, form, kind, found)
    messages.success(request, f"{form.cleaned_data['name']} is kept")
    return go(HOME)


def _form(request: HttpRequest, kind: Kind, found: CarrierTold | None) -> CarrierForm:
    initial = {}
    if found is not None:
        in_use = "yes" if found.known.is_active else "no"
        initial = {**found.told, "name": found.known.name, "is_active": in_use}
    return CarrierForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        bodies=[(str(pk), name) for pk, name in _bodies().items()],
        kept=found.kept if found else frozenset(),
        is_new=found is None,
        initial=initial,
    )


def _one(
    request: HttpRequest, form: CarrierForm, kind: Kind, found: CarrierTold | None
) -> HttpResponse:
    query = {"slug": found.known.slug} if found else {"kind": kind.name}
    context = {
        "nav_here": "settings",
        "form": form,
        "kind": kind,
        "found": found.known if found else None,
        "action": f"{HOME}one/?{urlencode(query)}",
    }
    return render(request, "desk/messages/provider.html", context)


@requires(Permission.ADMINISTER)
def route(request: HttpRequest) -> HttpResponse:
    """Who carries one medium for one body, or for all that have no route of their own."""
    who = _looker(request)
    medium, asked = request.GET.get("medium", ""), request.GET.get("body", "")
    bodies = _bodies()
    body = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if medium not in MEDIA or (asked and body not in bodies):
        return go(HOME)
    known = _known(medium, body)
    form = _route_form(request, medium, body, known)

    def work(data: Any, now: datetime) -> None:
        actions_carriers.set_route(
            medium=medium, organisation=body, carriers=form.carriers(), actor=who.actor, now=now
        )

    if request.method == "POST" and carried_out(form, work, about="carrier-route"):
        messages.success(request, f"Kept: who carries {MEDIA[medium].lower()}")
        return go(HOME)
    if request.method == "POST":
        form.renew()
    context = {
        "nav_here": "settings",
        "form": form,
        "medium": MEDIA[medium],
        "whose": bodies.get(body or 0, ""),
        "action": _route_address(medium, body),
    }
    return render(request, "desk/messages/route.html", context)


def _known(medium: str, body: int | None) -> RouteKnown | None:
    found = queries_carriers.routes()
    return next((one for one in found if (one.medium, one.organisation) == (medium, body)), None)


def _route_form(
    request: HttpRequest, medium: str, body: int | None, known: RouteKnown | None
) -> RouteForm:
    chosen = known.carriers if known is not None and known.is_own else ()
    return RouteForm(
        request.POST if request.method == "POST" else None,
        choices=[(one.slug, one.name) for one in _fitting(medium, body)],
        nobody="As for everybody else" if body else "As the settings of this machine say",
        initial=dict(zip(PLACES, chosen, strict=False)),
    )


def _fitting(medium: str, body: int | None) -> list[CarrierKnown]:
    """Those that can carry it for this body; one that is switched off too, marked by nothing."""
    return [
        one
        for one in queries_carriers.carriers()
        if medium in one.media and one.organisation in {None, body}
    ]
