"""What may be spam: held for a person to decide, and what was called spam lately."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk import undone
from desk.answers import found, go
from desk.views.people import looked_at_sensitive
from enquiries.actions import holding as deciding
from enquiries.queries import holding
from teamwork import actions_undo
from teamwork.scopes import Asked

PAGE = "/desk/holding/"
# Each sign of a machine (channels.asking.spam), in words for who decides.
REASONS = {
    "trap": "A field that people do not see was filled in",
    "too_fast": "The form was filled in within seconds",
    "bad_stamp": "The form did not come from our page",
    "old_stamp": "The form was opened days ago",
    "same_words": "The same words came several times from one connection",
    "many_links": "Many links",
    "link": "A link",
    "markup": "Links in code, as advertisements write them",
    "link_in_name": "A link as a name",
    "no_letters": "No words in it",
    "sender_disowned": "The sender’s own mail server says that this email is not theirs",
    "called_spam": "A mail server took the email for spam",
}
ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "genuine": (deciding.let_go, "{} goes on, with its promise from when it came"),
    "spam": (deciding.spam, "{} has ended as spam. Nobody was told"),
    "not-spam": (deciding.not_spam, "{} goes on after all, with its promise from when it came"),
}


@requires(Permission.TRIAGE)
def queue(request: HttpRequest) -> HttpResponse:
    """Those that wait, oldest first, each with its two ways on; and what was called spam."""
    who, now = viewer(request), timezone.now()
    waiting, spam = holding.held(who, now=now), holding.called_spam(who, now=now)
    looked_at_sensitive(who, *(row.reference for row in (*waiting, *spam) if row.tells_sensitive))
    context = {
        "nav_here": "queue",
        "waiting": [{"row": row, "reasons": _words(row)} for row in waiting],
        "spam": [{"row": row, "reasons": _words(row)} for row in spam],
        "pressing": sum(row.presses for row in waiting),
    }
    return render(request, "desk/holding.html", context)


def _words(row: holding.Held) -> list[str]:
    return [REASONS.get(reason, reason) for reason in row.reasons]


@requires(Permission.TRIAGE)
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Decides on one. Whoever was quicker is not overruled."""
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    work, words = chosen
    who, now, said = viewer(request), timezone.now(), words.format(reference)
    try:
        with (
            found(),
            actions_undo.cases(
                who, reference, words=said, about=PAGE, now=now,
                beside=[Asked("held", reference)],
            ) as undo,
        ):  # fmt: skip
            work(reference=reference, viewer=who, now=now)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        undone.said(request, said, undo.left)
    return go(PAGE)
