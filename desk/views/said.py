"""What citizens said when we asked whether they got what they needed: newest first, with words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

import metrics.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import performance_words
from enquiries.queries import surveys
from enquiries.queries.surveys import ANSWER_WORDS, PAGE, Said
from metrics.queries import Chosen

HEAD = ("Answer", "When", "Where we asked", "Service", "Enquiry", "In their words")
_TONES = {"yes": "kept", "partly": "soon", "no": "late"}


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def said(request: HttpRequest) -> HttpResponse:
    """A page of answers; the words are for the hub."""
    who = viewer(request)
    answer = request.GET.get("answer", "")
    answer = answer if answer in ANSWER_WORDS else ""
    rows = surveys.said(who, answer=answer, before=_number(request.GET.get("before", "")))
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    counted = metrics.queries.surveyed(who, Chosen())
    kept: dict[str, str | int] = {"answer": answer} if answer else {}
    return render(
        request,
        "desk/performance/said.html",
        {
            "nav_here": "performance",
            "today": timezone.localdate(),
            "share": performance_words.percent(counted.share.value),
            "counted": counted,
            "number": counted.share.denominator,
            "views": _views(answer),
            "head": [{"text": text} for text in HEAD],
            "rows": [_row(one, can_open=who.is_hub) for one in rows[:PAGE]],
            "next": f"?{urlencode({**kept, 'before': more})}" if more else "",
            "first": f"?{urlencode(kept)}" if "before" in request.GET else "",
        },
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _views(chosen: str) -> list[dict[str, object]]:
    """All answers, or one kind."""
    views = {"": "All", **ANSWER_WORDS}
    return [
        {
            "text": words,
            "href": f"?{urlencode({'answer': key})}" if key else "?",
            "current": key == chosen,
        }
        for key, words in views.items()
    ]


def _row(one: Said, *, can_open: bool) -> list[dict[str, str]]:
    return [
        {"text": one.answer_words, "tag": _TONES[one.answer]},
        {"text": performance_words.said_moment(one.at)},
        {"text": one.end_words},
        {"text": one.service or "Not known"},
        {
            "text": one.reference or "None",
            "href": f"/desk/cases/{one.reference}/" if one.reference and can_open else "",
        },
        {"text": one.words},
    ]
