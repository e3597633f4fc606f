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
    """A middleware: no foreign page may use ours, and no shared computer keeps a person's page,
    nor a kiosk a person's cookie."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cache-Control" not in response.headers:
            keep = "no-store" if _is_personal(request, response) else "no-cache"
            response.headers["Cache-Control"] = keep
        if request.path_info.startswith("/kiosk/"):
            _end_with_the_browser(response)
        return response

    return respond


def addresses(get_response: GetResponse) -> GetResponse:
    """A middleware: what is asked for and who asks, as it can be believed.

    A NUL, which PostgreSQL cannot look up, is nobody's word in an address. REMOTE_ADDR is who
    called our outermost proxy, not that proxy: each of `HUB_PROXIES` adds who called it to
    X-Forwarded-For; what stands further left was written by the caller.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        while "%00" in query:
            query = query.replace("%00", "")
        request.META["QUERY_STRING"] = query
        request.path_info = request.path_info.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if 0 < settings.HUB_PROXIES <= len(hops) and hops[-settings.HUB_PROXIES]:
            request.META["REMOTE_ADDR"] = hops[-settings.HUB_PROXIES][:45]
        return get_response(request)

    return respond


def _end_with_the_browser(response: HttpResponseBase) -> None:
    """A person's cookies at a device for all: what Django gives a year ends with the browser."""
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        if name in response.cookies and response.cookies[name]["max-age"] != 0:
            response.cookies[name]["max-age"] = response.cookies[name]["expires"] = ""


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    cookie = settings.SESSION_COOKIE_NAME
    return (
        request.method not in {"GET", "HEAD"}
        or cookie in request.COOKIES
        or cookie in response.cookies
        or "HTTP_AUTHORIZATION" in request.META
    )
