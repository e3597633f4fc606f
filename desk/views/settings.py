"""What administrators set up: keys of other systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

import accounts.actions
import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Scope
from desk import choices
from desk.answers import go, once_only
from desk.forms_settings import TokenForm

SCOPE_WORDS = {
    Scope.CREATE: "Create enquiries",
    Scope.READ: "Read the status of enquiries",
    Scope.REFERRALS: "List and answer referrals to the organisation",
}
SHOWN_ONCE = "This was made already and is shown only once. End it and make another if it is lost"


def made_once(make: Callable[[], str], *, key: str, now: datetime) -> str:
    """What the form makes; "" when it was made before, and was shown then."""
    made: list[str] = []
    once_only(lambda: made.append(make()), key=key, now=now)
    return made[0] if made else ""


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """What can be set."""
    is_staff = bool(getattr(request.user, "is_staff", False))
    return render(
        request, "desk/settings.html", {"nav_here": "settings", "sees_reference": is_staff}
    )


@never_cache
@requires(Permission.ADMINISTER)
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys: make one (shown once), see all."""
    who, now, raw = viewer(request), timezone.now(), ""
    form = TokenForm(
        request.POST or None,
        organisations=choices.organisations(),
        scopes=[(scope.value, words) for scope, words in SCOPE_WORDS.items()],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        organisation = accounts.queries.organisation(data["organisation"])
        if organisation is not None:
            raw = made_once(
                lambda: accounts.actions.issue_token(
                    organisation=organisation,
                    name=data["name"],
                    scopes=[Scope(scope) for scope in data["scopes"]],
                    actor=who.actor,
                    now=now,
                ),
                key=f"token:{data['key']}",
                now=now,
            )
        if not raw:
            messages.warning(request, SHOWN_ONCE)
            return go("/desk/settings/keys/")
    context = {
        "nav_here": "settings",
        "form": form,
        "raw": raw,
        "tokens": [
            (token, [SCOPE_WORDS[Scope(scope)] for scope in token.scopes])
            for token in accounts.queries.tokens()
        ],
    }
    return render(request, "desk/settings_keys.html", context)


@require_POST
@requires(Permission.ADMINISTER)
def end_token(request: HttpRequest, prefix: str) -> HttpResponse:
    """The key opens nothing from now on."""
    accounts.actions.revoke_token(prefix=prefix, actor=viewer(request).actor, now=timezone.now())
    messages.success(request, f"The key {prefix} has ended")
    return go("/desk/settings/keys/")
