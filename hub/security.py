"""Headers that Django and django-csp do not set."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "fullscreen",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
) + ", geolocation=(self)"  # fmt: skip
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def headers(get_response: GetResponse) -> GetResponse:
    """A middleware: no foreign page may use ours, and no shared computer keeps a person's page."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cache-Control" not in response.headers:
            keep = "no-store" if _is_personal(request, response) else "no-cache"
            response.headers["Cache-Control"] = keep
        return response

    return respond


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    cookie = settings.SESSION_COOKIE_NAME
    return (
        cookie in request.COOKIES
        or cookie in response.cookies
        or "Authorization" in request.headers
        or request.method not in {"GET", "HEAD"}
    )
