"""Puts the user and the viewer on every request, each read once and only when asked for."""

from __future__ import annotations

from collections.abc import Callable

from asgiref.sync import sync_to_async
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import queries, sessions
from accounts.models import User
from accounts.permissions import Viewer

# Sent by static/js/fresh.js.
LOOKS_AGAIN = "X-Hub-Looks-Again"


def _user(request: HttpRequest) -> User | AnonymousUser:
    kept: dict[str, User | AnonymousUser] = request.__dict__
    if "_cached_user" not in kept:  # where Django keeps it too
        store = request.session
        read = store.user if isinstance(store, sessions.SessionStore) else None
        found = read or auth.get_user(request)
        if isinstance(found, User) and not sessions.stands(request.session, found):
            request.session.flush()
            found = AnonymousUser()
        kept["_cached_user"] = found
    return kept["_cached_user"]


class SignedIn(AuthenticationMiddleware):
    """Sets `request.user`: somebody whose session stands today, or nobody.

    Who is half-way in (a password, but no second factor yet) is nobody here.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Before the view."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]
        request.auser = sync_to_async(lambda: _user(request))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """After it: whoever looked is still there; a page that looks again by itself is nobody."""
        store = getattr(request, "session", None)
        if (
            LOOKS_AGAIN not in request.headers
            and isinstance(store, sessions.SessionStore)
            and not store.modified
        ):
            store.touch(timezone.now())
        return response


def _viewer(request: HttpRequest) -> Viewer | None:
    user, store = user_of(request), request.session
    if user is None:
        return None
    read = store.memberships_of(user) if isinstance(store, sessions.SessionStore) else None
    return queries.viewer_for_user(user, read)


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


def user_of(request: HttpRequest) -> User | None:
    """The signed-in user of a request, typed."""
    user = request.user
    return user if isinstance(user, User) else None
