"""How much a citizen wants to hear of one enquiry: a page behind its secret link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.web.forms_mine import HowMuchForm
from channels.web.track import back, not_there, opened, page_of
from enquiries.actions import telling_choice
from enquiries.actions.telling import EVERY_STEP


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def how_much(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Every step, or the end alone, for this enquiry."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    if found.is_done:
        return redirect(page_of(found))
    sent = request.POST if request.method == "POST" else None
    form = HowMuchForm(sent, initial={"how_much": found.how_much or EVERY_STEP})
    if form.is_valid():
        telling_choice.choose_telling(
            reference=found.reference, how_much=form.cleaned_data["how_much"], now=timezone.now()
        )
        return back(found, "how-much")
    context = {"tracked": found, "form": form, "here": page_of(found), "nav_here": "track"}
    return render(request, "web/track/how_much.html", context)
