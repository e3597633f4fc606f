"""Are we keeping the promise? Figures, and from each figure down to its enquiries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

import metrics.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.copies import reports
from desk import addresses, choices, performance, performance_addresses, performance_words
from desk.forms_performance import PerformanceForm
from desk.performance_rows import Names
from enquiries.queries import ledger, referrals, suggestions
from metrics.definitions import DEFINITIONS
from metrics.one_stop import NOT_YET, VERSION
from metrics.queries import Chosen, EnquiryRow, NoSuchPageError

YEAR = timedelta(days=365)
AGENDA_HEAD = [
    {"text": "What went wrong"},
    {"text": "Whose to mend"},
    {"text": "Enquiries", "numeric": True},
    {"text": "Of those decided", "numeric": True},
]
LEFT_OUT_HEAD = [{"text": "Why"}, {"text": "Enquiries", "numeric": True}]
HEAD = (
    "Enquiry", "First contact", "Channel", "Service", "Organisation", "Verdict", "Why", "Ledger",
)  # fmt: skip


@requires(Permission.SEE_PERFORMANCE)
@reports()
def overview(request: HttpRequest) -> HttpResponse:
    """The one-stop rate, its companions, its reasons and what is left out."""
    who = viewer(request)
    today = timezone.localdate()
    names = names_of()
    # Without a word about the period: the last twelve months.
    since = None if "from" in request.GET else today - YEAR
    query = addresses.query_of(request)
    chosen = performance_addresses.chosen_of(query, since)
    asked = urlencode(performance_addresses.query_of(chosen))
    page = performance.overview(who, chosen, names=names, today=today)
    # Who sees a figure of chosen days does not ask for the first there is.
    first = metrics.queries.first_day(who) if page.is_empty or not chosen.since else None
    return render(
        request,
        "desk/performance/overview.html",
        {
            "nav_here": "performance",
            **narrowing(request, who, chosen, names),
            "page": page,
            "whose": whose(who),
            "since": chosen.since or first or today,
            "until": chosen.until - timedelta(days=1) if chosen.until else today,
            "figures_href": f"/desk/performance/figures/?{asked}",
            "everything": f"?{urlencode({'from': str(first or '')})}",
            "folded_at": metrics.queries.folded_at(),
            "agenda_head": AGENDA_HEAD,
            "left_out_head": LEFT_OUT_HEAD,
            "version": VERSION,
            "headline": [DEFINITIONS["osr"]],
            "not_yet": NOT_YET.values(),
            "reads_triage": suggestions.may_read(who),
            "sets_targets": who.may(Permission.SET_TARGETS),
            "enters_costs": who.may(Permission.ENTER_COSTS),
        },
    )


def whose(who: Viewer) -> str:
    """Whose figures somebody sees."""
    return "the whole partnership" if who.is_hub else who.organisation_name


def narrowing(request: HttpRequest, who: Viewer, chosen: Chosen, names: Names) -> dict[str, object]:
    """The filters of a page of figures, and those in force."""
    form = PerformanceForm(
        performance_addresses.query_of(chosen) if not request.GET else request.GET,
        services=_narrowed_to(names, chosen.service),
        organisations=list(names.organisations.items()) if who.is_hub else [],
    )
    return {"form": form, "chips": _chips(form, addresses.query_of(request))}


def names_of() -> Names:
    """What services and organisations are called, answers to readers among them."""
    services = dict(choices.services())
    read = {ledger.about_answers(slug): f"{name}: answers" for slug, name in services.items()}
    read[ledger.ABOUT_ANSWERS] = "Answers about no one service"
    return Names({**services, **read}, dict(choices.organisations()), tuple(services.items()))


def _narrowed_to(names: Names, slug: str) -> list[tuple[str, str]]:
    """The services to choose from; what readers said of answers is come to from its figure."""
    offered = list(names.offered)
    return (
        offered
        if slug in dict(offered) or slug not in names.services
        else [*offered, (slug, names.services[slug])]
    )


def _chips(form: PerformanceForm, query: dict[str, str]) -> list[dict[str, str]]:
    """Each filter in force, with the address of the page without it."""
    names = ("channel", "service", "organisation")
    return [
        {"text": words, "href": href} for _, words, href in addresses.in_force(form, query, names)
    ]


@requires(Permission.SEE_PERFORMANCE)
@reports()
def enquiries(request: HttpRequest) -> HttpResponse:
    """The enquiries behind a figure, newest first."""
    who = viewer(request)
    names = names_of()
    query = addresses.query_of(request)
    chosen = performance_addresses.chosen_of(query)
    try:
        page = metrics.queries.enquiries(who, chosen, after=query.get("after", ""))
    except NoSuchPageError as error:
        raise Http404 from error
    kept = performance_addresses.query_of(chosen)
    open_at = opens(who, [row.reference for row in page.rows])
    asked = f"?{urlencode(kept)}" if kept else ""
    return render(
        request,
        "desk/performance/enquiries.html",
        {
            "nav_here": "performance",
            "title": performance_words.listed(
                verdict=chosen.verdict,
                reason=chosen.reason,
                owner_said=performance_words.owner(chosen.owner, names.organisations),
                came_back=chosen.recontacted,
                narrowed=_narrowed(chosen, names),
            ),
            "back": f"/desk/performance/?{urlencode(_of_overview(kept))}",
            "head": [{"text": text} for text in HEAD],
            "rows": [_row(row, names, open_at.get(row.reference, ""), asked) for row in page.rows],
            "next": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
            "first": f"?{urlencode(kept)}" if query.get("after") else "",
        },
    )


def _narrowed(chosen: Chosen, names: Names) -> list[str]:
    found = [
        performance_words.channel(chosen.channel),
        names.services.get(chosen.service, ""),
        names.organisations.get(chosen.organisation, ""),
        f"decided since {chosen.closed_since.day} {chosen.closed_since:%B %Y}"
        if chosen.closed_since
        else "",
    ]
    return [name for name in found if name]


def _of_overview(query: dict[str, str]) -> dict[str, str]:
    names = ("from", "to", "channel", "service", "organisation")
    return {name: query[name] for name in names if name in query}


def opens(who: Viewer, references: Sequence[str]) -> dict[str, str]:
    """Where each enquiry opens for this viewer: the hub's case, a partner's own referral."""
    if who.is_hub:
        return {reference: f"/desk/cases/{reference}/" for reference in references}
    own = referrals.of_references(who, references)
    return {reference: f"/desk/referrals/{public_id}/" for reference, public_id in own.items()}


def _row(row: EnquiryRow, names: Names, open_at: str, asked: str) -> list[dict[str, str]]:
    verdict, tone = performance_words.VERDICTS[row.verdict]
    return [
        {"text": row.reference, "href": open_at},
        {"text": performance_words.said_moment(row.started_at)},
        {"text": performance_words.channel(row.channel)},
        {"text": names.services.get(row.service, "Not yet known")},
        {"text": names.organisations.get(row.organisation, "Not yet known")},
        {"text": verdict, "tag": tone},
        {
            "text": performance_words.why(row.verdict, row.reason, row.window_end),
            "note": performance_words.owner(row.owner, names.organisations),
        },
        {
            "text": "Ledger",
            "hidden": f" of {row.reference}",
            "href": f"{performance_addresses.LIST}{row.reference}/{asked}",
        },
    ]
