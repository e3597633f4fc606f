"""The rules of who acts where: what is live, what waits, what is being written, what was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import addresses, routing_words
from desk.addresses import page_of, pages
from desk.answers import carried_out, go, sent
from desk.forms_versions import DraftForm, FilterForm
from desk.routing_page import ROOT, address, frame, problems, there, version_at, whole
from desk.routing_words import OUTSIDE_PREFIX, Names
from enquiries.actions import drafts
from enquiries.queries import comparing, rule_findings, versions
from enquiries.rule_rows import RuleRow, as_table

if TYPE_CHECKING:
    from enquiries.rule_lists import Differences

PAGE = 100
SHOWN = 10


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """Live, waiting, drafts and history; what is wrong with the live rules."""
    return _overview(request, None)


def _overview(request: HttpRequest, refused: DraftForm | None) -> HttpResponse:
    now = timezone.now()
    seen = versions.overview(now)
    history = versions.history(now, page_of(request))
    found = rule_findings.findings(seen.live.number, now) if seen.live else None
    basis = seen.live.number if seen.live else 0
    context = {
        "nav_here": "settings",
        "seen": seen,
        "history": history,
        "pages": pages(page_of(request), history.next_page or 0),
        "gaps": len(found.gaps) if found else 0,
        "never": sum(not one.net for one in found.idle) if found else 0,
        "problems": problems(found) if found else 0,
        "form": refused or DraftForm(initial={"based_on": basis}),
    }
    return render(request, "desk/routing/overview.html", context)


@requires(Permission.ADMINISTER)
@sent
def make_draft(request: HttpRequest) -> HttpResponse:
    """A draft of a version."""
    who, made = viewer(request), []
    form = DraftForm(request.POST)
    with there():
        done = carried_out(
            form,
            lambda data, now: made.append(
                drafts.make(data["based_on"] or None, name=data["name"], actor=who.actor, now=now)
            ),
            about="rules:draft",
        )
    if not done:
        return _overview(request, form)
    # Sent twice it was made the first time: the newest draft of all is at the top of the list.
    return go(address(made[0]) if made else ROOT)


@requires(Permission.ADMINISTER)
def version(request: HttpRequest, number: str) -> HttpResponse:
    """The rules of a version in their order, narrowed by what stands in the address."""
    now = timezone.now()
    seen, names = version_at(number, now), routing_words.read()
    found = rule_findings.findings(seen.number, now)
    form = FilterForm(request.GET, names=names)
    query = addresses.query_of(request)
    rows = narrowed(versions.rows(seen.number), query, names)
    page = page_of(request)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    wrong = {one.position: one for one in found.idle}
    context = {
        "nav_here": "settings",
        "frame": frame(seen, "rules", now, found),
        "rules": [(routing_words.said(row, names), wrong.get(row.position)) for row in shown],
        "count": len(rows),
        "form": form,
        "chosen": _chips(form, query, names),
        "pages": pages(page, page + 1 if len(rows) > page * PAGE else 0),
        "again": DraftForm(initial={"based_on": seen.number, "name": _name_of(seen)}),
    }
    return render(request, "desk/routing/version.html", context)


def _chips(form: FilterForm, query: dict[str, str], names: Names) -> list[dict[str, str]]:
    """Each filter in force, with the address of the list without it."""
    words = {
        "service": routing_words.what(query.get("service", ""), names),
        "area": routing_words.area(query.get("area", ""), names),
        "owner": routing_words.who(query.get("owner", ""), names),
        "text": query.get("text", ""),
    }
    return [
        {"text": f"{label}: {words[name]}", "href": href}
        for name in words
        for label, _, href in addresses.in_force(form, query, [name])
    ]


def _name_of(seen: versions.Version) -> str:
    return "" if seen.state == "live" else f"From version {seen.number}"


def narrowed(rows: Sequence[RuleRow], query: dict[str, str], names: Names) -> list[RuleRow]:
    """The rules that may decide about a service in an area, that name somebody or some words."""
    service, area = query.get("service", ""), query.get("area", "")
    tier = names.tiers.get(service, service.removeprefix(routing_words.TIER_PREFIX))
    chain = {*names.areas.containing(area, ""), ""} if area else set()
    owner, text = query.get("owner", ""), query.get("text", "").casefold()
    return [
        row
        for row in rows
        if (not service or (row.service in (None, service) and row.owner_tier in ("", tier)))
        and (not area or row.area_code in chain or _lies_in(row.area_code, area, names))
        and (not owner or owner in (row.organisation, f"{OUTSIDE_PREFIX}{row.outside}"))
        and (not text or _has(row, text, names))
    ]


def _lies_in(code: str, area: str, names: Names) -> bool:
    return area in names.areas.containing(code, "")


def _has(row: RuleRow, text: str, names: Names) -> bool:
    said = f"{routing_words.one_line(row, names)} {row.service or ''} {row.note}".casefold()
    return text in said or text == str(row.position)


@requires(Permission.ADMINISTER)
def checks(request: HttpRequest, number: str) -> HttpResponse:
    """What the rules leave to nobody, and rules that never decide."""
    now = timezone.now()
    seen, names = version_at(number, now), routing_words.read()
    found = rule_findings.findings(seen.number, now)
    rows = {row.position: row for row in versions.rows(seen.number)}
    idle = [(one, routing_words.one_line(rows[one.position], names)) for one in found.idle]
    context = {
        "nav_here": "settings",
        "frame": frame(seen, "checks", now, found),
        "gaps": found.gaps,
        "never": [pair for pair in idle if pair[0].never and not pair[0].net],
        "partly": [pair for pair in idle if not pair[0].never],
        "nets": [pair for pair in idle if pair[0].net],
        "again": DraftForm(initial={"based_on": seen.number, "name": "Mend what the checks found"}),
    }
    return render(request, "desk/routing/checks.html", context)


@requires(Permission.ADMINISTER)
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What a version says otherwise than another: the live one, or the one before it."""
    now = timezone.now()
    seen, names = version_at(number, now), routing_words.read()
    against = request.GET.get("against", "")
    if against:
        other = version_at(against, now).number
    elif seen.state in ("draft", "waiting"):
        other = versions.live_number(now) or 0
    else:
        other = versions.before(seen.number, now) or 0
    found = versions.changes(other, seen.number) if other else None
    context = {
        "nav_here": "settings",
        "frame": frame(seen, "changes", now),
        "other": other,
        "found": found,
        "added": [routing_words.said(row, names) for row in found.added] if found else [],
        "removed": [routing_words.said(row, names) for row in found.removed] if found else [],
        "changed": [
            (routing_words.said(new, names), routing_words.apart(old, new, names))
            for old, new in (found.changed if found else ())
        ],
    }
    return render(request, "desk/routing/changes.html", context)


@requires(Permission.ADMINISTER)
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """What would become of the last real enquiries; with `from` and `to`, one group in full."""
    now = timezone.now()
    seen = version_at(number, now)
    with there():
        found = comparing.compare(viewer(request), seen.number, now=now)
    pair = request.GET.get("from", ""), request.GET.get("to", "")
    whole_group = any(pair)
    groups = [
        group for group in found.groups if not whole_group or (group.was_key, group.now_key) == pair
    ]
    context = {
        "nav_here": "settings",
        "frame": frame(seen, "compare", now),
        "found": found,
        "live": versions.live_number(now),
        "groups": [
            (group, group.moves if whole_group else group.moves[:SHOWN]) for group in groups
        ],
        "whole": whole_group,
        "shown": SHOWN,
    }
    return render(request, "desk/routing/compare.html", context)


@requires(Permission.ADMINISTER)
def table(request: HttpRequest, number: str) -> HttpResponse:
    """A version as CSV, to be read back as it is."""
    with there():
        seen = versions.version(whole(number), timezone.now())
    # Spreadsheets take the mark in front as a sign of UTF-8.
    content = "\ufeff" + as_table(versions.rows(seen.number))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"rules-version-{seen.number}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def changed_words(found: Differences) -> str:
    """What a table or a publication changed, in one line."""
    said = [
        f"{len(found.added)} added" if found.added else "",
        f"{len(found.removed)} removed" if found.removed else "",
        f"{len(found.changed)} changed" if found.changed else "",
        f"{found.moved} moved" if found.moved else "",
    ]
    return ", ".join(filter(None, said)) or "nothing changed"
