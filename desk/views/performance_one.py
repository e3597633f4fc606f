"""One enquiry behind a figure: how it was judged, and its ledger."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.copies import reports
from desk import addresses, performance_addresses, performance_ledger
from desk.performance_words import VERDICTS, why
from desk.views.performance import names_of, opens
from metrics import queries_one


@requires(Permission.SEE_PERFORMANCE)
@reports()
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Its verdict with what it rests on; the filters in the address lead back to the list."""
    who = viewer(request)
    found = queries_one.one(who, reference)
    if found is None:
        raise Http404
    names = names_of()
    kept = performance_addresses.query_of(
        performance_addresses.chosen_of(addresses.query_of(request))
    )
    verdict, _tone = VERDICTS[found.row.verdict]
    reason = why(found.row.verdict, found.row.reason, found.row.window_end)
    return render(
        request,
        "desk/performance/one.html",
        {
            "nav_here": "performance",
            "reference": reference,
            "title": f"{verdict}: {reason[0].lower()}{reason[1:]}" if reason else verdict,
            "back": f"{performance_addresses.LIST}?{urlencode(kept)}",
            "opens": opens(who, [reference]).get(reference, ""),
            "facts": performance_ledger.facts(found, names),
            "head": performance_ledger.HEAD,
            "rows": performance_ledger.rows(found, names),
            "links_head": performance_ledger.LINKS_HEAD,
            "links": performance_ledger.links(found),
            "is_partner": not who.is_hub,
            "version": found.version,
        },
    )
