"""The door of a staff page: who is not signed in is asked to, who may not sees nothing here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from accounts.middleware import viewer_of
from accounts.permissions import Permission, Viewer

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
METHODS = ("GET", "HEAD", "POST")


def requires(*permissions: Permission) -> Callable[[View[P]], View[P]]:
    """Lets a viewer in who holds any of the permissions; all others get 404.

    Pages are read, and sent to with POST; no other method is taken.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = viewer_of(request)
            if viewer is None:
                _sign_out_for_good(request)
                return redirect_to_login(request.get_full_path(), "/sign-in/")
            if not any(viewer.may(permission) for permission in permissions):
                raise Http404
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]  # read by the URL table test
        return guarded

    return guard


def _sign_out_for_good(request: HttpRequest) -> None:
    """Whose last role has ended is not only kept out: a role given later opens no old session."""
    user = request.user
    if user.is_authenticated and not user.is_superuser:
        logout(request)


def viewer(request: HttpRequest) -> Viewer:
    """The viewer behind a guarded view. Raises Http404 where the guard was forgotten."""
    found = viewer_of(request)
    if found is None:
        raise Http404
    return found
