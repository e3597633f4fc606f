"""A draft goes live, comes back, or is thrown away; what was live before goes live again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk.answers import carried_out, go
from desk.forms_versions import PublishForm, SeenForm
from desk.routing_page import ROOT, address, draft_at, frame, to_edit, version_at, whole
from enquiries.actions import drafts, versions
from enquiries.queries import comparing, rule_findings
from enquiries.queries import versions as reading


@requires(Permission.ADMINISTER)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """What would happen, and then it does: now or at a time."""
    now, who = timezone.now(), viewer(request)
    seen = version_at(number, now)
    if request.method == "POST":
        form = PublishForm(request.POST)
        if carried_out(
            form,
            lambda data, at: versions.publish(
                seen.number,
                edit=data["edit"] if data["edit"] is not None else -1,
                live=data["live"],
                name=data["name"],
                at=data["at"],
                actor=who.actor,
                now=at,
            ),
            about=f"rules:{seen.number}:publish",
        ):
            when = form.cleaned_data["at"]
            words = "waits for its time" if when else "is live"
            messages.success(request, f"Version {seen.number} {words}")
            return go(ROOT)
        seen = version_at(number, now)
        form.show_again(edit=seen.edit, live=reading.live_number(now))
    else:
        draft_at(number, now)
        form = PublishForm(
            initial={
                "name": seen.name,
                "when": PublishForm.NOW,
                "edit": seen.edit,
                "live": reading.live_number(now),
            }
        )
    context = {
        **_outlook(request, seen, seen.number),
        "frame": frame(seen, "publish", now),
        "form": form,
    }
    return render(request, "desk/routing/publish.html", context)


def _outlook(request: HttpRequest, seen: reading.Version, number: int) -> dict[str, object]:
    """What would change for real enquiries, what nobody would take, and what waits besides."""
    now = timezone.now()
    found = rule_findings.findings(number, now)
    live = reading.live_number(now)
    overview = reading.overview(now)
    return {
        "nav_here": "settings",
        "comparison": comparing.compare(viewer(request), number, now=now),
        "live": live,
        "gaps": found.gaps,
        "never": [one for one in found.idle if not one.net],
        "changes": reading.changes(live, number) if live else None,
        "waiting": [one for one in overview.waiting if one.number != seen.number],
        "address": address(number),
    }


@require_POST
@requires(Permission.ADMINISTER)
def call_back(request: HttpRequest, number: str) -> HttpResponse:
    """What waits for its time is a draft again."""
    seen, who = whole(number), viewer(request)
    version_at(number, timezone.now())
    try:
        versions.call_back(seen, actor=who.actor, now=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
        return go(address(seen))
    messages.success(request, f"Version {seen} is a draft again")
    return go(address(seen))


@requires(Permission.ADMINISTER)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """A draft is thrown away, as the page showed it."""
    now, who = timezone.now(), viewer(request)
    form = SeenForm(request.POST or None)
    if request.method == "POST" and _gone(whole(number)):
        return go(ROOT)
    draft = to_edit(request, number, now)
    if request.method == "POST":
        if carried_out(
            form,
            lambda data, at: drafts.discard(
                draft.number,
                edit=data["edit"] if data["edit"] is not None else -1,
                actor=who.actor,
                now=at,
            ),
            about=f"rules:{draft.number}:discard",
        ):
            messages.success(request, f"Draft {draft.number} is thrown away")
            return go(ROOT)
        draft = version_at(number, now)
        form.show_again(edit=draft.edit)
    else:
        form = SeenForm(initial={"edit": draft.edit})
    context = {"nav_here": "settings", "frame": frame(draft, "rules", now), "form": form}
    return render(request, "desk/routing/discard.html", context)


def _gone(number: int) -> bool:
    """Whether a draft was thrown away already: doing it twice is no error."""
    try:
        reading.version(number, timezone.now())
    except reading.NoSuchVersion:
        return True
    return False


@requires(Permission.ADMINISTER)
def undo(request: HttpRequest) -> HttpResponse:
    """The version that was live before, live again as a new one."""
    now, who = timezone.now(), viewer(request)
    made: list[int] = []
    form = SeenForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form,
        lambda data, at: made.append(versions.undo(data["live"] or 0, actor=who.actor, now=at)),
        about="rules:undo",
    ):
        if made:
            messages.success(request, f"Version {made[0]} is live: it says what was live before")
        return go(ROOT)
    seen = reading.overview(now)
    if seen.live is None or seen.before is None:
        raise Http404
    if request.method == "POST":
        form.show_again(live=seen.live.number)
    else:
        form = SeenForm(initial={"live": seen.live.number})
    context = {
        **_outlook(request, seen.before, seen.before.number),
        "seen": seen,
        "form": form,
    }
    return render(request, "desk/routing/undo.html", context)
