"""One rule of a draft: added, changed, moved, deleted; and all of them from a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.sheets import Problem, SheetsRefused
from desk import routing_words
from desk.answers import carried_out, go
from desk.forms_routing import AboutForm, RuleForm
from desk.forms_versions import MoveForm, RuleSeenForm, TableForm
from desk.routing_page import address, frame, to_edit, version_at, whole
from desk.routing_words import Names
from desk.views.routing import PAGE, changed_words
from enquiries.actions import drafts
from enquiries.actions.drafts import RuleChanged, RuleGone
from enquiries.queries import versions
from enquiries.queries.versions import Version
from enquiries.rule_rows import RuleRow, of_text, to_text

if TYPE_CHECKING:
    from enquiries.rule_lists import Differences


@requires(Permission.ADMINISTER)
def add(request: HttpRequest, number: str) -> HttpResponse:
    """A new rule: first what it is about, then the rest."""
    now = timezone.now()
    draft, names = to_edit(request, number, now), routing_words.read()
    about = str(request.POST.get("about") or request.GET.get("about") or "")
    if not routing_words.what(about, names):
        form = AboutForm(request.GET if "about" in request.GET else None, names=names)
        context = {"nav_here": "settings", "frame": frame(draft, "rules", now), "form": form}
        return render(request, "desk/routing/about.html", context)
    if request.method == "POST":
        return _save(request, draft, names, about)
    area = request.GET.get("area", "")
    given = {"area_code": area} if area in names.areas.names else {}
    rule_form = RuleForm(names=names, about=about, initial=given)
    return _form(request, draft, names, about, rule_form, position=None)


@requires(Permission.ADMINISTER)
def rule(request: HttpRequest, number: str, position: str) -> HttpResponse:
    """One rule, to be changed. What is published is shown in its list."""
    now = timezone.now()
    seen, at = version_at(number, now), whole(position)
    if not seen.is_draft and request.method != "POST":
        return HttpResponseRedirect(f"{address(seen.number)}?text={at}")
    names = routing_words.read()
    if request.method == "POST":
        return _save(request, seen, names, str(request.POST.get("about", "")), at)
    rule_id, row = _rule(seen, at)
    about = request.GET.get("about", "") or routing_words.about_of(row)
    if not routing_words.what(about, names):
        about = routing_words.about_of(row)
    form = RuleForm(names=names, about=about, row=row, rule_id=rule_id)
    return _form(request, seen, names, about, form, position=at)


def _rule(draft: Version, position: int) -> tuple[int, RuleRow]:
    found = versions.rule_at(draft.number, position)
    if found is None:
        raise Http404
    return found


def _save(
    request: HttpRequest, draft: Version, names: Names, about: str, position: int | None = None
) -> HttpResponse:
    """Adds or changes a rule, once. What a colleague changed meanwhile is shown first."""
    who = viewer(request)
    theirs: list[RuleChanged | RuleGone] = []
    placed: list[int | None] = []
    form = RuleForm(request.POST, names=names, about=about)

    def work(_: Mapping[str, Any], now: datetime) -> None:
        placed.append(_written(draft, form, who.actor, now))

    try_again = False
    done = carried_out(form, _noting(work, theirs), about=f"rules:{draft.number}:rule")
    if done:
        where = placed[0] if placed else position
        words = f"Rule {where} is in the draft" if where else "The rule is in the draft"
        messages.success(request, words)
        return HttpResponseRedirect(_in_list(draft, where), status=303)
    clash = theirs[0] if theirs else None
    if isinstance(clash, RuleChanged):
        try_again = True
        apart = _apart(form, clash.current, names)
        form.remember(clash.current, form.rule_id)
    elif isinstance(clash, RuleGone):
        form.remember(None, None)
    return _form(
        request,
        draft,
        names,
        about,
        form,
        position=position,
        apart=apart if try_again else None,
    )


def _in_list(draft: Version, position: int | None) -> str:
    """Where a rule stands in the list of its draft."""
    before = [row for row in versions.rows(draft.number) if row.position < (position or 0)]
    return f"{address(draft.number)}?page={len(before) // PAGE + 1}#rule-{position or ''}"


def _written(draft: Version, form: RuleForm, actor: Any, now: datetime) -> int | None:
    """The number at which the rule stands."""
    row, seen, rule_id = form.row, form.seen_row, form.rule_id
    if rule_id is None or seen is None:
        before = form.cleaned_data.get("before")
        return drafts.add_rule(draft.number, row, before=before, actor=actor, now=now)
    drafts.change_rule(draft.number, rule_id, row, seen=seen, actor=actor, now=now)
    found = versions.rule_by_id(draft.number, rule_id)
    return found.position if found else None


def _noting(work: Any, theirs: list[RuleChanged | RuleGone]) -> Any:
    """The work, with what a colleague did meanwhile kept for the page."""

    def noted(data: Mapping[str, Any], now: datetime) -> None:
        try:
            work(data, now)
        except (RuleChanged, RuleGone) as clash:
            theirs.append(clash)
            raise

    return noted


def _apart(form: RuleForm, current: RuleRow, names: Names) -> list[tuple[str, str, str, str]]:
    """Where theirs differs from what the page showed: label, as it was, theirs, mine."""
    seen = form.seen_row or current
    mine = {label: now for label, _, now in routing_words.apart(seen, form.row, names)}
    return [
        (label, was, now, mine.get(label, was))
        for label, was, now in routing_words.apart(seen, current, names)
    ]


def _form(
    request: HttpRequest,
    draft: Version,
    names: Names,
    about: str,
    form: RuleForm,
    *,
    position: int | None,
    apart: list[tuple[str, str, str, str]] | None = None,
) -> HttpResponse:
    context = {
        "nav_here": "settings",
        "frame": frame(draft, "rules", timezone.now()),
        "form": form,
        "about": about,
        "what": routing_words.what(about, names),
        "about_form": AboutForm(initial={"about": about}, names=names, prefix=None),
        "position": position,
        "apart": apart,
    }
    return render(request, "desk/routing/rule.html", context)


@requires(Permission.ADMINISTER)
def move(request: HttpRequest, number: str, position: str) -> HttpResponse:
    """A rule goes before another, or to the end."""
    now = timezone.now()
    draft, at, names = to_edit(request, number, now), whole(position), routing_words.read()
    if request.method == "POST":
        who, placed = viewer(request), []
        form = MoveForm(request.POST)
        if carried_out(
            form,
            lambda data, at: placed.append(
                drafts.move_rule(
                    draft.number,
                    data["rule"],
                    before=data["before"],
                    edit=data["edit"] or 0,
                    actor=who.actor,
                    now=at,
                )
            ),
            about=f"rules:{draft.number}:move",
        ):
            if placed:
                messages.success(request, f"The rule is rule {placed[0]} now")
            return go(address(draft.number))
        draft = version_at(number, now)
        form.show_again(edit=draft.edit)
    else:
        form = MoveForm(initial={"edit": draft.edit, "rule": _rule(draft, at)[0]})
    row = versions.rule_by_id(draft.number, whole(str(form["rule"].value() or "")))
    rows = versions.rows(draft.number)
    context = {
        "nav_here": "settings",
        "frame": frame(draft, "rules", now),
        "form": form,
        "rule": routing_words.said(row, names) if row else None,
        "around": [routing_words.said(one, names) for one in _around(rows, row)],
    }
    return render(request, "desk/routing/move.html", context)


def _around(rows: list[RuleRow], row: RuleRow | None) -> list[RuleRow]:
    """A rule with the five before and after it."""
    at = rows.index(row) if row in rows else 0
    return rows[max(0, at - 5) : at + 6]


@requires(Permission.ADMINISTER)
def delete(request: HttpRequest, number: str, position: str) -> HttpResponse:
    """A rule goes, as the page showed it."""
    now = timezone.now()
    draft, at, names = to_edit(request, number, now), whole(position), routing_words.read()
    if request.method == "POST":
        who = viewer(request)
        form = RuleSeenForm(request.POST)
        if carried_out(
            form,
            lambda data, at: drafts.delete_rule(
                draft.number,
                data["rule"],
                seen=of_text(data["seen"]) or _nothing(),
                actor=who.actor,
                now=at,
            ),
            about=f"rules:{draft.number}:delete",
        ):
            messages.success(request, f"Rule {at} is not in the draft any more")
            return go(address(draft.number))
        rule_id, row = _sent_rule(draft, form, at)
    else:
        form = RuleSeenForm()
        rule_id, row = _rule(draft, at)
    context = {
        "nav_here": "settings",
        "frame": frame(draft, "rules", now),
        "form": form,
        "fresh": RuleSeenForm(initial={"rule": rule_id, "seen": to_text(row)}),
        "rule": routing_words.said(row, names),
    }
    return render(request, "desk/routing/delete.html", context)


def _sent_rule(draft: Version, form: RuleSeenForm, position: int) -> tuple[int, RuleRow]:
    """The rule that a refused form is about, wherever it stands now."""
    rule_id = form.cleaned_data.get("rule") if hasattr(form, "cleaned_data") else None
    row = versions.rule_by_id(draft.number, rule_id) if rule_id is not None else None
    return (rule_id, row) if rule_id is not None and row is not None else _rule(draft, position)


def _nothing() -> RuleRow:
    """What no rule says: a page that was tampered with deletes nothing."""
    return RuleRow(0, None, "", "", "", "", None, None, "")


@requires(Permission.ADMINISTER)
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """All rules of a draft from a table, or none and everything that is wrong with it."""
    now = timezone.now()
    draft = to_edit(request, number, now)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        try:
            rows = _rows_of(form)
        except SheetsRefused as refused:
            problems, rows = refused.problems, None
        if rows is not None and (words := _replaced(request, draft, form, rows)):
            messages.success(request, words)
            return go(address(draft.number))
        draft = version_at(number, now)
        form.show_again(edit=draft.edit)
    else:
        form = TableForm(initial={"edit": draft.edit})
    context = {
        "nav_here": "settings",
        "frame": frame(draft, "rules", now),
        "form": form,
        "problems": problems,
    }
    return render(request, "desk/routing/upload.html", context)


def _rows_of(form: TableForm) -> list[RuleRow] | None:
    """The rules of the table; None where none was sent. Raises SheetsRefused."""
    if not form.is_valid():
        return None
    sent = form.cleaned_data["table"]
    return versions.read_table(sent.name or "rules.csv", sent.read())


def _replaced(request: HttpRequest, draft: Version, form: TableForm, rows: list[RuleRow]) -> str:
    """What the table changed, in words; "" where it was refused."""
    who = viewer(request)
    found: list[Differences] = []
    done = carried_out(
        form,
        lambda data, now: found.append(
            drafts.replace_rules(
                draft.number, rows, edit=data["edit"] or 0, actor=who.actor, now=now
            )
        ),
        about=f"rules:{draft.number}:table",
    )
    if not done:
        return ""
    return f"{len(rows)} rules are in the draft: {changed_words(found[0])}" if found else "Done"
