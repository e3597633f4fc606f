"""How a view answers: where to go on, what to say, and what not to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.db import transaction
from django.forms import Form
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.utils import timezone

from accounts.middleware import viewer_of
from core.errors import DomainError
from customers.queries import NoSuchPerson
from enquiries.actions import once
from enquiries.actions.contacts import NoSuchContact
from enquiries.actions.hand_overs import NoSuchHandOver
from enquiries.queries.access import NoSuchCase, NoSuchReferral
from inbox.actions_calls import NoSuchCall
from inbox.actions_lines import NoSuchRing
from inbox.actions_mail import NoSuchMail
from teamwork import actions_drafts

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SEE_OTHER = HTTPStatus.SEE_OTHER

# Not yours reads as not there: 404, never 403.
_NOT_THERE = (
    NoSuchCase,
    NoSuchReferral,
    NoSuchContact,
    NoSuchPerson,
    NoSuchCall,
    NoSuchRing,
    NoSuchMail,
    NoSuchHandOver,
)


@contextmanager
def found() -> Iterator[None]:
    """Turns "there is no such thing" into 404."""
    try:
        yield
    except _NOT_THERE as error:
        raise Http404 from error


def once_only(work: Callable[[], object], *, key: str, now: datetime) -> bool:
    """Does the work of a form in one transaction; False, doing nothing, when it was done before."""
    with found(), transaction.atomic():
        fresh = once.first(key=key, now=now)
        if fresh:
            work()
    return fresh


def sent(view: View[P]) -> View[P]:
    """The address that a form is sent to. Who reloads it is taken to the page with the form."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            answer = view(request, *args, **kwargs)
            _forget_draft(request, answer)
            return answer
        page = request.path.rstrip("/").rpartition("/")[0]
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{page}/?{query}" if query else f"{page}/")

    return answered


def _forget_draft(request: HttpRequest, answer: HttpResponseBase) -> None:
    """What was sent is no draft any more; one that was refused stays one (static/js/drafts.js)."""
    name, who = request.POST.get("draft"), viewer_of(request)
    if name and who is not None and answer.status_code == SEE_OTHER:
        actions_drafts.forget(viewer=who, forms=[name])


def refuse(form: Form, error: DomainError) -> None:
    """Shows a refusal on the form that asked: beside the field it names, else above."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.message)


def carried_out(
    form: Form,
    work: Callable[[Mapping[str, Any], datetime], object],
    *,
    about: str,
    tell: type[DomainError] | tuple[()] = (),
) -> bool:
    """Does once what a form with a key asks. False when it has to come back and say why not.

    A refusal of the kind `tell` is the caller's to show.
    """
    if not form.is_valid():
        return False
    data, now = form.cleaned_data, timezone.now()
    try:
        once_only(lambda: work(data, now), key=f"{about}:{data['key']}", now=now)
    except tell:
        raise
    except DomainError as error:
        refuse(form, error)
        return False
    return True


def go(path: str, /, **query: str) -> HttpResponse:
    """On to a page, after a change (303: a reload asks again, and changes nothing)."""
    text = urlencode({key: value for key, value in query.items() if value})
    response = HttpResponseRedirect(f"{path}?{text}" if text else path)
    response.status_code = SEE_OTHER
    return response
