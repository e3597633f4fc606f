"""The language of a page: chosen by who reads it, else what their browser asks for.

Staff pages, the API and what providers call speak English. The website remembers a choice in a
cookie; a kiosk in the visit alone, which the next person does not inherit.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from channels.kiosk import visit

GetResponse = Callable[[HttpRequest], HttpResponseBase]
COOKIE = "hub_language"
_A_YEAR = 365 * 24 * 60 * 60
_ENGLISH = ("/desk/", "/sign-in/", "/sign-out/", "/api/", "/channels/", "/open311/", "/demo/")
_KIOSK = "/kiosk/"


def chosen(get_response: GetResponse) -> GetResponse:
    """A middleware: the page is made in its reader's language, and says which it is."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        language = of(request)
        with translation.override(language):
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            if _is_public(request.path_info):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            return response

    return respond


def of(request: HttpRequest) -> str:
    """The language of a request."""
    path = request.path_info
    if path.startswith(_KIOSK):
        return _known(str(request.session.get(visit.LANGUAGE, "")))
    if not _is_public(path):
        return settings.LANGUAGE_CODE
    wanted = request.COOKIES.get(COOKIE, "")
    if wanted in dict(settings.LANGUAGES):
        return wanted
    accepted = request.headers.get("Accept-Language", "")[:200]
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower()
        for code in dict(settings.LANGUAGES):
            if tag and tag.partition("-")[0] == code.partition("-")[0]:
                return code
    return settings.LANGUAGE_CODE


def _known(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _is_public(path: str) -> bool:
    return not path.startswith((*_ENGLISH, _KIOSK))


def _page_before(request: HttpRequest) -> str:
    """The page of ours that was read, as the browser says it; an address may be a secret, so no
    link of ours repeats it.
    """
    before = urlsplit(request.headers.get("Referer", ""))
    is_ours = before.netloc == request.get_host() and before.path.startswith("/")
    path = f"{before.path}?{before.query}" if before.query else before.path
    allowed = is_ours and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if allowed else "/"


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Remembers a language and goes back to the page that was read in another."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    answer = redirect(_page_before(request))
    answer.set_cookie(
        COOKIE,
        code,
        max_age=_A_YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer
