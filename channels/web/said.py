"""What somebody says when we ask whether they got what they needed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.asking import limits, survey


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def said(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the question, or takes the answer. Opening the address answers nothing: mail scanners
    open every link."""
    found = survey.asked_by(token)
    if found is None:
        return render(request, "web/said.html", {"asked": None}, status=404)
    asked, question = found
    if request.method != "POST":
        return render(request, "web/said.html", {"asked": question})
    try:
        limits.check(request, "feedback")
    except limits.TooMany as error:
        return error.page()
    words = request.POST.get("words")
    wrong = survey.take(
        asked, answer=request.POST.get("answer", ""), words=words, now=timezone.now()
    )
    if not wrong:
        return redirect("web:said", token=token)
    context = {
        "asked": question,
        "wrong": wrong,
        "wrongs": [{"text": wrong, "href": "#survey_words" if question.given else "#survey"}],
        "typed": words,
    }
    return render(request, "web/said.html", context)
