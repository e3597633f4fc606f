"""What a citizen does on pages of their enquiry: add to it, ask where it is, cancel it, take that
back, and say that its end was not what they needed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import limits, uploads
from channels.web import parsing
from channels.web.forms import (
    ActForm,
    AddForm,
    CancelForm,
    NotNeededForm,
    RestoreForm,
    WhereForm,
)
from channels.web.track import back, not_there, onward, opened, page_of, take
from core.errors import DomainError
from enquiries import intake
from enquiries.actions.uploads import MOST_FILES, add_by_citizen
from enquiries.channels import Channel, ItemKind
from enquiries.lifecycle import NotNow
from enquiries.queries import conversations
from enquiries.queries.tracking import Tracked


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: how it counts, what it asks, and when it can be done."""

    kind: ItemKind
    form: type[ActForm]
    may: Callable[[Tracked], bool]
    does: str = ""
    done: str = "yes"


def _is_live(found: Tracked) -> bool:
    return not found.is_done


def _has_ended(found: Tracked) -> bool:
    return found.is_done and not found.is_withdrawn


def _can_go_on(found: Tracked) -> bool:
    return found.is_withdrawn and found.status == "resolved"


ACTS = {
    "add": Act(ItemKind.NEW_INFORMATION, AddForm, _is_live),
    "where": Act(ItemKind.CHASE, WhereForm, _is_live, done="where"),
    "not-needed": Act(ItemKind.REPEAT, NotNeededForm, _has_ended),
    "cancel": Act(
        ItemKind.NEW_INFORMATION,
        CancelForm,
        lambda found: found.may_withdraw,
        does="withdraw",
        done="cancel",
    ),
    "restore": Act(
        ItemKind.NEW_INFORMATION, RestoreForm, _can_go_on, does="restore", done="restore"
    ),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, secret: str, name: str) -> HttpResponse:
    """The page of one act, or its doing. What cannot be done now leads back to the enquiry."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    chosen = ACTS[name]
    if request.method != "POST":
        if not chosen.may(found):
            return redirect(page_of(found))
        return _page(request, found, name, chosen.form(initial={"key": uuid.uuid4()}))
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _page(request, found, name, form)
    return _do(request, found, name, form)


def _do(request: HttpRequest, found: Tracked, name: str, form: ActForm) -> HttpResponse:
    """Keeps it once. Who comes too late reads how it stands, and nothing is changed."""
    chosen, key = ACTS[name], str(form.cleaned_data["key"])
    was_kept = intake.known(Channel.WEB, parsing.act_key(name, key)) is not None
    if not was_kept and not chosen.may(found):
        return back(found, "late")
    read = partial(
        parsing.act,
        name=name,
        kind=chosen.kind,
        does=chosen.does,
        avoidable=form.avoidable,
    )
    words = form.cleaned_data["words"]
    # What changes how it stands has its key and `may`; its words may well be those of before.
    if not chosen.does and conversations.is_said_again(
        found.reference, chosen.kind, words, now=timezone.now()
    ):
        return back(found, chosen.done)
    try:
        received = take(read, found, key=key, words=words, now=timezone.now())
    except NotNow:
        return back(found, chosen.done if was_kept else "late")
    except DomainError as error:
        form.add_error("words", error.message)
        return _page(request, found, name, form)
    return onward(found, received, chosen.done)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """A photo or a file, added later. One that is not taken says why; the same twice is one."""
    found = opened(request, reference, secret)
    if found is None:
        return not_there(request)
    if found.is_done:
        return back(found, "late") if request.method == "POST" else redirect(page_of(found))
    errors = _kept(request, found) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        return back(found, "file")
    context = {
        "tracked": found,
        "errors": [{"text": words, "href": "#id_files"} for words in errors],
        "accepted": uploads.ACCEPTED,
        "here": page_of(found),
        "nav_here": "track",
    }
    return render(request, "web/track/files.html", context)


def _kept(request: HttpRequest, found: Tracked) -> list[str]:
    """Keeps each file that was sent; what is wrong with the others, in words."""
    sent = request.FILES.getlist(uploads.FILES)
    if not sent:
        return [gettext("Choose a file first")]
    errors = []
    for file in sent[:MOST_FILES]:
        try:
            limits.check(request, "upload")
            add_by_citizen(
                reference=found.reference,
                name=str(file.name or "").replace("\x00", ""),
                content=uploads.whole(file),
                now=timezone.now(),
            )
        except limits.TooMany:
            errors.append(gettext("There were many files in a short time. Wait some minutes"))
        except DomainError as error:
            errors.append(error.message)
    if len(sent) > MOST_FILES:
        words = gettext("We took the first %(number)s files. Send no more than that at once")
        errors.append(words % {"number": MOST_FILES})
    return errors


def _page(request: HttpRequest, found: Tracked, name: str, form: ActForm) -> HttpResponse:
    context = {"tracked": found, "form": form, "here": page_of(found), "nav_here": "track"}
    return render(request, f"web/track/{name.replace('-', '_')}.html", context)
