"""A partner's desk: what was offered to this organisation, and its answers. Nothing of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import addresses, choices, referral_rows
from desk.addresses import page_of, pages
from desk.referral_bulk import acts_of
from desk.referral_forms import ListForm
from enquiries.queries import referral_finds
from enquiries.queries import referrals as reading
from enquiries.queries.referrals import Filters, ReferralPage

TABS = (
    ("offered", "Offered"),
    ("mine", "Mine"),
    ("team", "Team"),
    ("waiting", "Waiting for the citizen"),
    ("done", "Done"),
)
EMPTY = {
    "offered": (
        "Nothing waits for your answer",
        "When the hub sends you work it comes here, and your team gets an email.",
    ),
    "mine": (
        "You have nothing in hand",
        "Accept what is offered, or take what nobody in your team has, and it comes here.",
    ),
    "team": (
        "Your team has nothing in hand",
        "What you and your colleagues accept comes here, with who has it.",
    ),
    "waiting": (
        "No work waits for a citizen",
        "Ask a citizen something, and the work waits here for the answer.",
    ),
    "done": ("Nothing is done yet", "What you complete or hand back comes here."),
}
NARROWED_BY = ("team", "service", "late")


def form_of(request: HttpRequest, who: Viewer, tab: str) -> ListForm:
    """The filter as the address fills it. What is done may be about a service of the past."""
    # The catalogue, whatever this organisation has of it: looking that up would take the longer
    # the more work it has.
    services = choices.services(ended=tab == "done")
    teams = choices.teams_of(who.organisation_slug)
    return ListForm(request.GET, teams=teams, services=services)


def filters_of(form: ListForm, now: datetime) -> Filters:
    """What the address asks for; what it asks wrongly is left out."""
    data = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    team = data.get("team", "")
    return Filters(
        team_id=int(team) if team else None,
        service=data.get("service", ""),
        late_at=now if data.get("late") else None,
    )


def _tabs(who: Viewer, here: str, query: dict[str, str]) -> list[dict[str, object]]:
    counts = reading.counts(who)
    kept = {key: value for key, value in query.items() if key not in ("tab", "page", "text")}
    return [
        {
            "text": text,
            "href": f"?{urlencode({'tab': name, **kept})}",
            "current": name == here,
            "count": counts.get(name),
        }
        for name, text in TABS
    ]


def _not_found(text: str) -> list[dict[str, str]]:
    """The same words for what is not there and for what is not theirs."""
    words = f"You have no referral with the reference “{text}”. Check it, like WH7-K3MP-4X"
    return [{"text": words, "href": "#id_text"}]


@requires(Permission.ANSWER_REFERRALS)
def inbox(request: HttpRequest) -> HttpResponse:
    """The referrals to the viewer's organisation, due first; a reference leads to its page."""
    who, text = viewer(request), request.GET.get("text", "").strip()[:40]
    if not text:
        return show_list(request, who)
    found = referral_finds.by_reference(who, text)
    if found is not None:
        return HttpResponseRedirect(f"/desk/referrals/{found}/")
    return show_list(request, who, wrong=_not_found(text))


def _page(request: HttpRequest, who: Viewer, tab: str, form: ListForm) -> ReferralPage:
    filters = filters_of(form, timezone.now())
    # Who names a team means that one, though it be not their own.
    of = "accepted" if tab == "team" and filters.team_id is not None else tab
    size = form.cleaned_data.get("size") or reading.PAGE
    return reading.referrals(who, of, page=page_of(request), filters=filters, size=int(size))


def show_list(
    request: HttpRequest, who: Viewer, *, wrong: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """The list as its address asks for it, with what went wrong above it."""
    tab = request.GET.get("tab", "offered")
    tab = tab if tab in dict(TABS) else "offered"
    form, query = form_of(request, who, tab), addresses.query_of(request)
    page = _page(request, who, tab, form)
    if page.page > 1 and not page.rows:
        # The list has become shorter meanwhile.
        return HttpResponseRedirect(f"?{urlencode({**query, 'page': '1'})}")
    chosen = [
        {"text": f"{label}: {value}", "href": href}
        for label, value, href in addresses.in_force(form, query, NARROWED_BY)
    ]
    title, words = EMPTY[tab]
    order = "newest first" if tab == "done" else "due first"
    context = {
        "nav_here": "referrals",
        "organisation": who.organisation_name,
        "tab": tab,
        "tab_words": dict(TABS)[tab],
        "tabs": _tabs(who, tab, query),
        "form": form,
        "chosen": chosen,
        "rows": referral_rows.rows(page.rows, now=timezone.now()),
        "pages": pages(page.page, page.next_page),
        "caption": f"{dict(TABS)[tab]}, {order}",
        "bulk": acts_of(tab),
        "wrong": wrong,
        "empty_title": "Nothing fits these filters" if chosen else title,
        "empty_words": "Take a filter away, or look in another tab." if chosen else words,
    }
    return render(request, "desk/referrals/list.html", context)


@requires(
    Permission.SEE_QUEUE,
    Permission.ANSWER_REFERRALS,
    Permission.SEE_PERFORMANCE,
    Permission.READ_ANSWERS,
)
def keyboard(request: HttpRequest) -> HttpResponse:
    """Which key does what at the desk, and the switch for them."""
    return render(request, "desk/referrals/keyboard.html", {})
