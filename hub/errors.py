"""What people see when something goes wrong: what happened, that nothing is lost, what now."""

import sys
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from channels.kiosk import modes, visit

log = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = "5"

# What somebody may have typed into an expired form, and wants back. Never a password.
_TYPED = {
    "description": _("What happened"),
    "answer": _("Your answer"),
    "again": _("What is not right?"),
    "words": _("What you wrote"),
    "note": "Note",
    "question": "Question",
    "reply": "Reply",
    "reason": "Reason",
    "next_step": "What happens next",
    "public_words": "Words for the person who asked",
    "title": "Title",
    "summary": "Summary",
    "body": "The answer",
    "say": "Say this",
    "short": "Short form",
    "advice": "What people should do now",
    "address": _("Address"),
    "postcode": _("Postcode"),
    "name": _("Full name"),
    "email": _("Email address"),
    "phone": _("Mobile number"),
    "to": _("Email address or mobile number"),
    "q": _("What you looked for"),
}
# What of it nobody behind should read, where others stand behind.
_OF_A_PERSON = frozenset({"address", "postcode", "name", "email", "phone", "to"})
_KIOSK = "/kiosk/"
# What other systems read where no address of the API answered: status, code and words.
_PROBLEMS = {
    400: ("bad_request", "We could not read this call"),
    403: ("forbidden", "This is not allowed"),
    404: ("not_found", "There is nothing at this address"),
    405: ("method_not_allowed", "This address does not take this method"),
    500: ("server_error", "Something went wrong here. Nothing was stored; send it again later"),
    503: ("unavailable", "The hub cannot answer just now. Send it again in a minute"),
}


def _layout(request: HttpRequest) -> str:
    is_desk = request.path.startswith("/desk/")
    return "layouts/desk.html" if is_desk else "layouts/public.html"


def _shown(request: HttpRequest, status: int) -> tuple[str, dict[str, object]]:
    """The template of a page that says what went wrong, and what it needs: nothing is asked for."""
    if not request.path.startswith(_KIOSK):
        # What was asked for may be no page of ours, or nobody's business: it is not said again.
        return f"errors/{status}.html", {"layout": _layout(request), "standing_at": "/desk/"}
    # What somebody made easier, where their visit was read already: it may be what fails.
    read = vars(getattr(request, "session", object)).get("_session_cache", {})
    return "errors/kiosk.html", {
        "status": status,
        "slow_warn_after": visit.SLOW_WARN_AFTER,
        "slow_forget_after": visit.SLOW_FORGET_AFTER,
        "easier_classes": modes.context(read)["easier_classes"],
    }


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    if request.path.startswith("/api/"):
        code, detail = _PROBLEMS.get(status, ("refused", HTTPStatus(status).phrase))
        problem = {
            "type": f"/api/v1/docs/#{code}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "code": code,
        }
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    template, needed = _shown(request, status)
    return render(request, template, {**needed, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: we could not read what was sent."""
    # A session that could not be saved is Django's "bad request", also when it was our database.
    if _database_is_away(exception):
        return unavailable(request)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, and not allowed."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for you."""
    return _page(request, 404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 for the moments without a database: send it again, nothing is stored twice."""
    if request.path.startswith("/api/"):
        response = _page(request, 503)
    else:
        response = HttpResponse(render_to_string(*_shown(request, 503)), status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _database_is_away(failure: BaseException | None) -> bool:
    """Did it begin with a connection that was lost or not to be had?"""
    while failure is not None:
        if isinstance(failure, OperationalError | InterfaceError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without database, session or context processors: one of them may be why."""
    if _database_is_away(sys.exc_info()[1]):
        return unavailable(request)
    if request.path.startswith("/api/"):
        return _page(request, 500)
    return HttpResponse(render_to_string(*_shown(request, 500)), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the visit: gives back what was typed, so that nothing is lost."""
    log.info("form.expired", path=request.path, reason=reason)
    typed = [
        {
            "label": label,
            "value": (value := "\n".join(filter(None, request.POST.getlist(name)))),
            "veiled": visit.veiled(value, value) if name in _OF_A_PERSON else "",
        }
        for name, label in _TYPED.items()
        if any(request.POST.getlist(name))
    ]
    response = _page(request, 403, typed=typed, expired=True)
    response["Cache-Control"] = "no-store"
    return response


def _minutes(seconds: str) -> int:
    """How long to wait, in whole minutes that are never too few; 1 where nobody says."""
    return -(-int(seconds) // 60) if seconds.isdigit() and int(seconds) else 1


def pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: a refusal without a body gets a page that says what to do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code not in (405, 429, 503) or response.streaming or response.content:
            return response
        minutes = _minutes(response.get("Retry-After", ""))
        page = _page(request, response.status_code, minutes=minutes)
        for header in ("Allow", "Retry-After"):
            if header in response:
                page[header] = response[header]
        return page

    return middleware
