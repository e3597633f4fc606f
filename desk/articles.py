"""What the pages of an answer show, and what may be done there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

import accounts.queries
import kb.queries_editing as editing
from accounts.permissions import Viewer
from core.errors import DomainError
from desk import choices
from desk.answers import carried_out, refuse
from desk.forms import KeyedForm
from desk.forms_articles import (
    ArticleForm,
    CheckedForm,
    EditionForm,
    FileForm,
    PublishForm,
    RetireForm,
    SendBackForm,
)
from enquiries import pictures
from kb import (
    actions_articles,
    actions_articles_ends,
    actions_articles_files,
    actions_articles_readers,
    compare,
    queries_articles,
)
from kb.actions_articles import Changed
from notifications import gsm

if TYPE_CHECKING:
    from kb.models import Article, ArticleVersion

TABS = (
    ("write", "", "Write"),
    ("preview", "preview/", "Preview"),
    ("files", "files/", "Pictures and files"),
    ("versions", "versions/", "Versions"),
    ("readers", "readers/", "What readers say"),
    ("used", "used/", "Where it is used"),
)
# The view of what all organisations have published.
READ = "read"
MOST_BYTES = 10 * 1024 * 1024


def page_number(text: str) -> int:
    """A page from an address; the first for all else."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 else 1


def done(form: Form, work: Callable[[Mapping[str, Any], datetime], object], *, about: str) -> bool:
    """Does what a form asks once; what was changed meanwhile is said above it."""
    return carried_out(form, work, about=about)


def views(chosen: str, waiting: editing.Waiting) -> list[dict[str, Any]]:
    """The ways to narrow the list, each with how much waits in it."""
    counts = {
        "waiting": waiting.total,
        "review": waiting.reviews,
        "due": waiting.due,
        "wrong": waiting.wrong,
    }
    return [
        {
            "text": words,
            "href": f"/desk/answers/?view={name}" if name != "all" else "/desk/answers/",
            "current": name == chosen,
            "count": counts.get(name) or None,
        }
        for name, words in (*editing.VIEWS.items(), (READ, "Everybody’s, to read"))
    ]


def four_eyes(who: Viewer) -> list[tuple[Any, bool]]:
    """Each organisation and whether two read its answers; for who may set it."""
    if not editing.edits_all(who):
        return []
    bodies = accounts.queries.organisations()
    return [(body, editing.wants_four_eyes(body.pk)) for body in bodies]


def set_four_eyes(who: Viewer, data: QueryDict) -> None:
    """What the form says for every organisation."""
    wanted = set(data.getlist("organisation"))
    for body, is_set in four_eyes(who):
        if is_set != (body.slug in wanted):
            actions_articles_ends.set_four_eyes(
                organisation=body.slug, wanted=not is_set, viewer=who, now=timezone.now()
            )


def save(form: ArticleForm, slug: str, who: Viewer, theirs: list[Changed]) -> bool:
    """Keeps the draft. False when it has to come back; `theirs` then says what happened."""

    def keep(data: Mapping[str, Any], now: datetime) -> None:
        try:
            actions_articles.save(
                slug=slug,
                viewer=who,
                content=form.content(),
                edition=data["edition"],
                note=data["note"],
                now=now,
            )
        except Changed as clash:
            theirs.append(clash)
            raise

    return carried_out(form, keep, about=f"article:{slug}:save")


def add_file(form: FileForm, slug: str, who: Viewer) -> bool:
    """Looks at what was sent by its content, and adds it."""
    if not form.is_valid():
        return False
    sent = form.cleaned_data["file"]
    if sent.size > MOST_BYTES:
        form.add_error("file", "The file is larger than 10 MB. Choose a smaller one")
        return False
    try:
        kept = pictures.taken(sent.read())
        actions_articles_files.add(
            slug=slug,
            viewer=who,
            name=str(sent.name),
            alt=form.cleaned_data["alt"],
            kept=kept,
            now=timezone.now(),
        )
    except pictures.NotTaken as error:
        form.add_error("file", str(error))
        return False
    except DomainError as error:
        refuse(form, error)
        return False
    return True


# --- What may be done ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that an editor can do to an answer, and the tab that it is done on."""

    name: str
    call: Callable[..., object]
    form: type[KeyedForm]
    words: str
    button: str
    done: str
    tone: str = ""
    tab: str = ""


def _ask(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles.ask_for_review(slug=slug, viewer=viewer, edition=data["edition"], now=now)


def _send_back(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles.send_back(
        slug=slug, viewer=viewer, edition=data["edition"], words=data["words"], now=now
    )


def _publish(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    at = None
    if data["when"] == "later":
        at = timezone.make_aware(datetime.combine(data["on"], data["at"]))
    actions_articles.publish(slug=slug, viewer=viewer, edition=data["edition"], at=at, now=now)


def _hold_back(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles.hold_back(slug=slug, viewer=viewer, edition=data["edition"], now=now)


def _drop(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles.drop(slug=slug, viewer=viewer, edition=data["edition"], now=now)


def _restore(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles.restore(slug=slug, viewer=viewer, number=data["edition"], now=now)


def _retire(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles_ends.retire(slug=slug, viewer=viewer, goes_to=data["goes_to"], now=now)


def _bring_back(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles_ends.bring_back(slug=slug, viewer=viewer, now=now)


def _checked(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles_ends.still_right(
        slug=slug, viewer=viewer, review_by=data["review_by"], now=now
    )


def _settle(*, slug: str, viewer: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    actions_articles_readers.settle(slug=slug, viewer=viewer, word_id=data["edition"], now=now)


_ALL = (
    Act("ask", _ask, EditionForm, "Ask a colleague to read it", "Ask for a review",
        "Your colleagues see that you ask for a review"),
    Act("send-back", _send_back, SendBackForm, "Say what should change", "Send it back",
        "It is a draft again, with what should change"),
    Act("publish", _publish, PublishForm, "Publish it", "Publish",
        "It is done: readers get it now, or at the time you set"),
    Act("hold-back", _hold_back, EditionForm, "Do not publish it at that time", "Hold it back",
        "It is a draft again and waits for you"),
    Act("drop", _drop, EditionForm, "Lay the draft aside", "Lay it aside",
        "The draft is laid aside. It stays among the versions", tone="secondary"),
    Act("restore", _restore, EditionForm, "", "", "Its words are a new draft"),
    Act("retire", _retire, RetireForm, "Retire it", "Retire it and send readers on",
        "It is retired, and its readers are sent on", tone="warning"),
    Act("bring-back", _bring_back, KeyedForm, "Bring it back", "Bring it back",
        "Readers have it again"),
    Act("checked", _checked, CheckedForm, "It is still right", "Mark it as checked today",
        "It is marked as checked today", tone="secondary"),
    Act("settle", _settle, EditionForm, "", "", "It is marked as dealt with", tab="readers/"),
)  # fmt: skip
ACTS: dict[str, Act] = {act.name: act for act in _ALL}


def form_of(act: Act, who: Viewer, article: Article, data: QueryDict | None = None) -> KeyedForm:
    """The form of an act; with `data` as it was sent."""
    more: dict[str, Any] = {}
    if act.form is RetireForm:
        more["targets"] = editing.targets(article)
    draft = editing.draft_of(article)
    initial = {"edition": draft.edition if draft else 0}
    return act.form(data, initial=initial, auto_id=f"{act.name}_%s", **more)


def possible(who: Viewer, article: Article, draft: ArticleVersion | None) -> list[str]:
    """What may be done now, the likeliest first."""
    found = []
    if draft is not None:
        may = editing.may_publish(who, article, draft)
        if draft.state == "scheduled":
            found.append("hold-back")
        elif may:
            found.append("publish")
        if draft.state == "in_review":
            found.append("send-back")
        elif draft.state == "draft":
            found.append("ask")
        found.append("drop")
    if article.is_published:
        found += ["checked", "retire"]
    if article.retired_at is not None:
        found.append("bring-back")
    return found


# --- The page --------------------------------------------------------------------------------


def show(
    request: HttpRequest,
    who: Viewer,
    article: Article,
    tab: str,
    *,
    refused: tuple[str, KeyedForm] | None = None,
    theirs: list[Changed] | None = None,
    **context: Any,
) -> HttpResponse:
    """One tab of an answer."""
    draft = editing.draft_of(article)
    content = editing.content_of(draft) if draft else actions_articles.content_of(article)
    if tab == "write" and "form" not in context:
        context["form"] = ArticleForm(
            None,
            content=content,
            initial={"edition": draft.edition if draft else 0},
            services=choices.services(),
            areas=queries_articles.area_names(),
        )
    if tab == "readers" and "readers" not in context:
        context["readers"] = editing.readers(article, now=timezone.now())
    acts = []
    for name in possible(who, article, draft) if tab == "write" else []:
        is_refused = refused is not None and refused[0] == name
        form = refused[1] if is_refused and refused else form_of(ACTS[name], who, article)
        acts.append({"act": ACTS[name], "form": form, "open": is_refused})
    tone, state = editing.state_of(article, draft)
    context |= {
        "nav_here": "answers",
        "article": article,
        "owner": article.organisation.name if article.organisation else "The hub",
        "draft": draft,
        "tone": tone,
        "state": state,
        "tabs": _tabs(article, tab),
        "acts": acts,
        "refused": refused[1] if refused else None,
        "theirs": _theirs(theirs, content) if theirs else None,
        "four_eyes": editing.wants_four_eyes(article.organisation_id),
        "key": uuid.uuid4(),
    }
    if tab == "preview":
        context["faces"] = _faces(editing.as_read(article, content))
    return render(request, f"desk/articles/{tab}.html", context)


def _tabs(article: Article, here: str) -> list[dict[str, Any]]:
    return [
        {"text": words, "href": f"/desk/answers/{article.slug}/{path}", "current": name == here}
        for name, path, words in TABS
    ]


def _theirs(clashes: list[Changed], now_said: Any) -> dict[str, Any]:
    """Who changed it meanwhile, and how it is now."""
    version = clashes[0].version
    return {"version": version, "content": now_said}


def _faces(article: Article) -> dict[str, Any]:
    """The answer as each door gives it."""
    text = gsm.plain(article.short)
    names = queries_articles.area_names()
    parts = queries_articles.parts(article, None)
    return {
        "article": article,
        "body": parts.body,
        "areas": [(names.get(one.code, one.code), one) for one in parts.areas],
        "starts": queries_articles.starts(article),
        "text": text,
        "size": gsm.measure(text),
        "strange": gsm.outside(text),
    }


def compared(request: HttpRequest, article: Article) -> dict[str, Any]:
    """The versions, and two of them side by side where the address names them."""
    rows = editing.versions(article)
    numbers = [row.number for row in rows]
    newer = page_number(request.GET.get("new", ""))
    older = page_number(request.GET.get("old", ""))
    asked = "new" in request.GET and newer in numbers and older in numbers
    if not asked and len(numbers) > 1:
        newer, older = numbers[0], numbers[1]
    changes = []
    pair = {row.number: row for row in rows}
    if newer in pair and older in pair and newer != older:
        changes = compare.changes(
            editing.content_of(pair[older]),
            editing.content_of(pair[newer]),
            queries_articles.area_names(),
        )
    return {"versions": rows, "old": older, "new": newer, "changes": changes, "asked": asked}
