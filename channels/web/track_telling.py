"""How we tell a citizen, and whom else: pages of their enquiry, and the page of who is told."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from channels.asking import limits
from channels.web.forms import AddressForm
from channels.web.track import back, not_there, opened, page_of
from core.errors import DomainError
from customers.contact import read_address
from enquiries.actions import subscriptions, telling_where
from enquiries.lifecycle import NotNow
from enquiries.queries import subscriptions as kept
from enquiries.queries.tracking import Tracked


def _taken(
    request: HttpRequest, found: Tracked, form: AddressForm, act: Callable[..., object]
) -> bool:
    """Whether an address was given and the act was done with it; else the form says why not.

    Raises TooMany of this door.
    """
    if not form.is_valid():
        return False
    chosen = form.cleaned_data
    limits.check(request, "tell", to=_read(chosen["to"]))
    try:
        act(reference=found.reference, medium=chosen["way"], to=chosen["to"], now=timezone.now())
    except DomainError as error:
        form.add_error("to", error.message)
        return False
    return True


def _read(to: str) -> str:
    """The address as it is counted, however it is written; none where it is refused anyway."""
    try:
        return read_address(to)[1]
    except DomainError:
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Another address for this enquiry; the old one and the new one are told."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    if found.is_done:
        return redirect(page_of(found))
    sent = request.POST if request.method == "POST" else None
    form = AddressForm(
        sent, ask=_("How should we tell you what happens?"), initial={"way": found.tell_by}
    )
    try:
        if _taken(request, found, form, telling_where.choose):
            # The same where it was that already: of other enquiries the address stays unknown.
            return back(found, "tell")
    except limits.TooMany as error:
        return error.page()
    context = {"tracked": found, "form": form, "here": page_of(found), "nav_here": "track"}
    return render(request, "web/track/tell.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def others(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Whom we keep told beside the citizen; and one more, who is asked first."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    sent = request.POST if request.method == "POST" else None
    form = AddressForm(sent, ask=_("How should we tell them?"))
    try:
        if _taken(request, found, form, subscriptions.ask):
            return redirect(f"{_others(found)}?asked=1")
    except limits.TooMany as error:
        return error.page()
    people = kept.of(found.reference)
    context = {
        "tracked": found,
        "form": form,
        "people": people,
        "is_full": len(people) >= subscriptions.MOST,
        "most": subscriptions.MOST,
        "asked": "asked" in request.GET,
        "removed": "removed" in request.GET,
        "here": page_of(found),
        "nav_here": "track",
    }
    return render(request, "web/track/others.html", context)


def _others(found: Tracked) -> str:
    return reverse("web:track-others", args=[found.reference, found.secret])


@never_cache
@require_POST
def remove(request: HttpRequest, reference: str, secret: str, public_id: uuid.UUID) -> HttpResponse:
    """Lets somebody be told no longer. Again, or for one who never was, changes nothing."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    try:
        subscriptions.remove(reference=found.reference, public_id=public_id, now=timezone.now())
    except subscriptions.NoSuchSubscription:
        return not_there(request)
    return redirect(f"{_others(found)}?removed=1")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept_told(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of somebody who is kept told: yes, or stop. Opening it changes nothing."""
    now = timezone.now()
    shown = kept.shown(secret, now=now)
    if shown is None:
        return render(request, "web/kept_told.html", {"shown": None}, status=404)
    if request.method == "POST":
        try:
            if "stop" in request.POST:
                subscriptions.stop(secret=secret, now=now)
            elif "yes" in request.POST:
                subscriptions.confirm(secret=secret, now=now)
        except NotNow:
            return redirect(f"{reverse('web:kept-told', args=[secret])}?late=1")
        return redirect("web:kept-told", secret=secret)
    return render(request, "web/kept_told.html", {"shown": shown, "late": "late" in request.GET})
