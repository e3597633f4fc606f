"""A new ticket for a page that was away from its stream."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core import live
from desk.live import TOPICS, may_hear, own


@requires(*Permission)
def ticket(request: HttpRequest) -> JsonResponse:
    """``{"ticket": …}`` for those of the topics asked for that the viewer may hear."""
    who = viewer(request)
    asked = request.GET.get("topics", "").split(",")[:TOPICS]
    heard = [*(topic for topic in asked if may_hear(who, topic)), own(who)]
    return JsonResponse({"ticket": live.ticket(who.id or 0, who.name, heard, now=timezone.now())})
