"""What waits for the agent who looks: asked for by the part of a page that is told of news."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.decorators import requires
from accounts.permissions import Permission
from desk.drawing import drawn


@never_cache
@requires(Permission.HANDLE_CONTACTS)
def reminders(request: HttpRequest) -> HttpResponse:
    """Whom to ring, what is offered, what is to be wrapped up; it stands on every page anyway."""
    context = {"nav_here": "contact"}
    return drawn(request, "desk/reminders.html", context, {"reminders": PART})


PART = "desk/parts/reminders.html"
