"""Puts the viewer on every request, read from the memberships once and only when asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import queries
from accounts.models import User
from accounts.permissions import Viewer


def _viewer(request: HttpRequest) -> Viewer | None:
    user = request.user
    return queries.viewer_for_user(user) if isinstance(user, User) else None


class ViewerMiddleware:
    """Sets `request.viewer`: a Viewer, or something false when nobody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[attr-defined]  # HttpRequest has no place for it
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> Viewer | None:
    """The signed-in viewer of a request, typed."""
    viewer = getattr(request, "viewer", None)
    return viewer if viewer else None
