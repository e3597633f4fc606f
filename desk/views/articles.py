"""Answers, for those who write them: the list, one answer, its versions, its readers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

import kb.queries_editing as editing
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import downloads
from desk import articles, choices
from desk.addresses import pages
from desk.answers import go
from desk.forms_articles import ArticleForm, FileForm, NewArticleForm
from kb import actions_articles, queries_articles
from kb.actions_articles import Changed
from kb.queries_editing import NoSuchArticle

if TYPE_CHECKING:
    from kb.models import Article

ROOT = "/desk/answers/"


def found(who: Viewer, slug: str) -> Article:
    """The answer; 404 for what is not there and what is another organisation's."""
    try:
        return editing.one(who, slug)
    except NoSuchArticle as error:
        raise Http404 from error


@requires(Permission.READ_ANSWERS)
def overview(request: HttpRequest) -> HttpResponse:
    """All that the viewer may change, and what waits; for who changes none, what is published."""
    who, now = viewer(request), timezone.now()
    view = request.GET.get("view", "all")
    if view == articles.READ or not who.may(Permission.EDIT_ANSWERS):
        return _read(request, who)
    view = view if view in editing.VIEWS else "all"
    text = request.GET.get("text", "").strip()[:100]
    page = articles.page_number(request.GET.get("page", ""))
    rows, more = editing.listed(who, view=view, text=text, page=page, now=now)
    waiting = editing.waiting(who, now=now)
    context = {
        "nav_here": "answers",
        "rows": rows,
        "view": view,
        "text": text,
        "views": articles.views(view, waiting),
        "waiting": waiting,
        "pages": pages(page, page + 1 if more else 0),
        "bodies": articles.four_eyes(who),
    }
    return render(request, "desk/articles/list.html", context)


def _read(request: HttpRequest, who: Viewer) -> HttpResponse:
    """Everybody's published answers, to be read out."""
    text = request.GET.get("text", "").replace("\x00", "").strip()[:100]
    page = articles.page_number(request.GET.get("page", ""))
    rows, more = queries_articles.published(who, text, page=page)
    context = {
        "nav_here": "answers",
        "rows": rows,
        "text": text,
        "views": articles.views(articles.READ, editing.waiting(who, now=timezone.now()))
        if who.may(Permission.EDIT_ANSWERS)
        else [],
        "pages": pages(page, page + 1 if more else 0),
    }
    return render(request, "desk/articles/read.html", context)


def _fields(who: Viewer) -> dict[str, Any]:
    return {"services": choices.services(), "areas": queries_articles.area_names()}


@requires(Permission.EDIT_ANSWERS)
def new(request: HttpRequest) -> HttpResponse:
    """A new answer."""
    who = viewer(request)
    owners = [(row.slug, row.name) for row in editing.owners(who)]
    form = NewArticleForm(
        request.POST or None,
        organisations=owners,
        initial={
            "edition": 0,
            "organisation": who.organisation_slug,
            "service": request.GET.get("service", ""),
            "title": request.GET.get("title", "")[:120],
        },
        **_fields(who),
    )
    made: list[str] = []

    def make(data: Any, now: Any) -> None:
        made.append(
            actions_articles.create(
                viewer=who, organisation=data["organisation"], content=form.content(), now=now
            )
        )

    if request.method == "POST" and articles.done(form, make, about="article:new"):
        messages.success(request, "The draft is kept. Nobody reads it until it is published")
        return go(f"{ROOT}{made[0]}/" if made else ROOT)
    context = {"nav_here": "answers", "form": form}
    return render(request, "desk/articles/new.html", context)


@requires(Permission.EDIT_ANSWERS)
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The words, kept as a draft. Nobody saves over words that they have not seen."""
    who = viewer(request)
    article = found(who, slug)
    draft = editing.draft_of(article)
    content = editing.content_of(draft) if draft else actions_articles.content_of(article)
    form = ArticleForm(
        request.POST or None,
        content=content,
        initial={"edition": draft.edition if draft else 0, "note": draft.note if draft else ""},
        **_fields(who),
    )
    theirs: list[Changed] = []
    if request.method == "POST":
        if articles.save(form, slug, who, theirs):
            messages.success(request, "The draft is kept")
            return go(f"{ROOT}{slug}/")
        if theirs:
            # Sent once more, it is sent over what they have now seen.
            version = theirs[0].version
            form.data = {
                **dict(form.data.items()),
                "edition": str(version.edition if version else 0),
            }
            form.renew()
    return articles.show(request, who, found(who, slug), "write", form=form, theirs=theirs)


@requires(Permission.EDIT_ANSWERS)
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """How it looks at each door: the web, a kiosk, a text message, the desk."""
    who = viewer(request)
    return articles.show(request, who, found(who, slug), "preview")


@requires(Permission.EDIT_ANSWERS)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version, and two of them side by side."""
    who = viewer(request)
    article = found(who, slug)
    return articles.show(request, who, article, "versions", **articles.compared(request, article))


@requires(Permission.EDIT_ANSWERS)
def readers(request: HttpRequest, slug: str) -> HttpResponse:
    """What readers said."""
    who = viewer(request)
    article = found(who, slug)
    said = editing.readers(article, now=timezone.now())
    opens = who.is_hub and who.may(Permission.HANDLE_CONTACTS)
    return articles.show(request, who, article, "readers", readers=said, opens_desk=opens)


@requires(Permission.EDIT_ANSWERS)
def used(request: HttpRequest, slug: str) -> HttpResponse:
    """Where readers meet it."""
    who = viewer(request)
    article = found(who, slug)
    return articles.show(request, who, article, "used", used=editing.used(article))


@requires(Permission.EDIT_ANSWERS)
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Its pictures and documents, and a form for one more."""
    who = viewer(request)
    article = found(who, slug)
    form = FileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and articles.add_file(form, slug, who):
        messages.success(request, "The file is added. Put its line into the answer")
        return go(f"{ROOT}{slug}/files/")
    return articles.show(request, who, article, "files", form=form, files=editing.files(article))


@requires(Permission.EDIT_ANSWERS)
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One act on an answer; refused, its page says why with every word kept."""
    who = viewer(request)
    article = found(who, slug)
    chosen = articles.ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return go(f"{ROOT}{slug}/{chosen.tab}")
    form = articles.form_of(chosen, who, article, request.POST)
    if articles.done(
        form,
        lambda data, now: chosen.call(slug=slug, viewer=who, data=data, now=now),
        about=f"article:{slug}:{act}",
    ):
        messages.success(request, chosen.done)
        return go(f"{ROOT}{slug}/{chosen.tab}")
    return articles.show(
        request, who, found(who, slug), chosen.tab.strip("/") or "write", refused=(act, form)
    )


@requires(Permission.ADMINISTER)
def four_eyes(request: HttpRequest) -> HttpResponse:
    """Whether a second person reads an organisation's answers before they are published."""
    if request.method == "POST":
        articles.set_four_eyes(viewer(request), request.POST)
        messages.success(request, "It is set")
    return go(ROOT)


@requires(Permission.EDIT_ANSWERS)
def file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A file as editors see it: also that of a draft."""
    try:
        row = editing.file_of_editors(viewer(request), public_id)
    except NoSuchArticle as error:
        raise Http404 from error
    content = row.file.open("rb")
    response = downloads.of_answer(content, name=row.name, content_type=row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response
