"""Are we keeping the promise? Figures, and from each figure down to its enquiries."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

import metrics.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import addresses, choices, performance, performance_addresses, performance_words
from desk.forms_performance import PerformanceForm
from desk.performance import Names
from enquiries.queries import ledger, suggestions
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
HEAD = ("Enquiry", "First contact", "Channel", "Service", "Organisation", "Verdict", "Why")


@requires(Permission.SEE_PERFORMANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """The one-stop rate, its companions, its reasons and what is left out."""
    who = viewer(request)
    today = timezone.localdate()
    names = _names()
    # Without a word about the period: the last twelve months.
    since = None if "from" in request.GET else today - YEAR
    query = addresses.query_of(request)
    chosen = performance_addresses.chosen_of(query, since)
    form = PerformanceForm(
        performance_addresses.query_of(chosen) if not request.GET else request.GET,
        services=_narrowed_to(names, chosen.service),
        organisations=list(names.organisations.items()) if who.is_hub else [],
    )
    return render(
        request,
        "desk/performance/overview.html",
        {
            "nav_here": "performance",
            "form": form,
            "chips": _chips(form, query),
            "page": performance.overview(who, chosen, names=names, today=today),
            "whose": "the whole partnership" if who.is_hub else who.organisation_name,
            "since": chosen.since or metrics.queries.first_day(who) or today,
            "until": chosen.until - timedelta(days=1) if chosen.until else today,
            "everything": f"?{urlencode({'from': str(metrics.queries.first_day(who) or '')})}",
            "folded_at": metrics.queries.folded_at(),
            "agenda_head": AGENDA_HEAD,
            "left_out_head": LEFT_OUT_HEAD,
            "version": VERSION,
            "not_yet": NOT_YET.values(),
            "reads_triage": suggestions.may_read(who),
        },
    )


def _names() -> Names:
    services = dict(choices.services())
    read = {ledger.about_answers(slug): f"{name}: answers" for slug, name in services.items()}
    read[ledger.ABOUT_ANSWERS] = "Answers about no one service"
    return Names({**services, **read}, dict(choices.organisations()))


def _narrowed_to(names: Names, slug: str) -> list[tuple[str, str]]:
    """The services to choose from; what readers said of answers is come to from its figure."""
    offered = choices.services()
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
def enquiries(request: HttpRequest) -> HttpResponse:
    """The enquiries behind a figure, newest first."""
    who = viewer(request)
    names = _names()
    query = addresses.query_of(request)
    chosen = performance_addresses.chosen_of(query)
    try:
        page = metrics.queries.enquiries(who, chosen, after=query.get("after", ""))
    except NoSuchPageError as error:
        raise Http404 from error
    kept = performance_addresses.query_of(chosen)
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
            "rows": [_row(row, names, can_open=who.is_hub) for row in page.rows],
            "next": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
            "first": f"?{urlencode(kept)}" if query.get("after") else "",
        },
    )


def _narrowed(chosen: Chosen, names: Names) -> list[str]:
    found = [
        performance_words.channel(chosen.channel),
        names.services.get(chosen.service, ""),
        names.organisations.get(chosen.organisation, ""),
    ]
    return [name for name in found if name]


def _of_overview(query: dict[str, str]) -> dict[str, str]:
    names = ("from", "to", "channel", "service", "organisation")
    return {name: query[name] for name in names if name in query}


def _row(row: EnquiryRow, names: Names, *, can_open: bool) -> list[dict[str, str]]:
    verdict, tone = performance_words.VERDICTS[row.verdict]
    return [
        {
            "text": row.reference,
            "href": f"/desk/cases/{row.reference}/" if can_open else "",
        },
        {"text": performance_words.said_moment(row.started_at)},
        {"text": performance_words.channel(row.channel)},
        {"text": names.services.get(row.service, "Not yet known")},
        {"text": names.organisations.get(row.organisation, "Not yet known")},
        {"text": verdict, "tag": tone},
        {
            "text": performance_words.why(row.verdict, row.reason, row.window_end),
            "note": performance_words.owner(row.owner, names.organisations),
        },
    ]
