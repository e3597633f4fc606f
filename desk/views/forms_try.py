"""The draft of a whole form, tried at every door and anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import requires
from accounts.permissions import Permission
from desk import formeditor_page as page
from desk import formeditor_walk as trying
from kb import queries_forms
from kb.forms import path


@requires(Permission.EDIT_FORMS)
def walk(request: HttpRequest, slug: str) -> HttpResponse:
    """The next question or the end that the answers so far lead to."""
    found = page.service_at(slug)
    frame = page.frame(found, "try", page.shown(found))
    names = page.area_names()
    code = trying.asked(request).get("area", "")
    code = code if code in names else ""
    whole = queries_forms.completed(found, frame.form)
    context = {
        "nav_here": page.here(request),
        "frame": frame,
        "area": code,
        "areas": names,
        **trying.walked(request, found, path.for_area(whole, [code]) if code else whole),
    }
    return render(request, "desk/forms/try.html", context)
