"""The life of an answer: written, read by another, published now or later, retired.

A version never changes once it is published; what comes after is another version. At most one is
worked on at a time, and nobody saves over words that they have not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

import accounts.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.audit import SYSTEM, Actor
from core.errors import DomainError
from kb import actions, article_content
from kb.article_content import Content
from kb.articles_access import NoSuchArticle, NotYours, edits_all, held, may_publish
from kb.models import WORKED_ON, Article, ArticleVersion, Service, VersionState

# How long an answer holds when its writer says nothing else.
HOLDS = timedelta(days=365)
# Addresses that are other pages'.
TAKEN = frozenset({"new", "files", "four-eyes"})


class Changed(DomainError):
    """Somebody else saved, or did more, since this page was opened; `version` is how it is now."""

    code = "article_changed"

    def __init__(self, version: ArticleVersion | None) -> None:
        words = "Somebody changed this answer while you were writing. Nothing of yours is lost"
        super().__init__(words)
        self.version = version


class NotNow(DomainError):
    code = "article_not_now"


class WordsMissing(DomainError):
    code = "words_missing"


@transaction.atomic
def create(*, viewer: Viewer, organisation: str, content: Content, now: datetime) -> str:
    """A new answer with its first draft; its address comes from its title. Raises NoSuchArticle."""
    body = accounts.queries.organisation(organisation)
    if body is None or not viewer.may(Permission.EDIT_ANSWERS):
        raise NoSuchArticle("Choose an organisation")
    if not edits_all(viewer) and body.pk != viewer.organisation_id:
        raise NoSuchArticle("Choose your own organisation")
    article = Article(
        slug=_fresh_slug(content.title),
        organisation=body,
        is_published=False,
        reviewed_on=timezone.localdate(now),
    )
    _take(article, content)
    article.save()
    version = _draft(article, content, actor=viewer.actor, now=now)
    write_down("article.created", article, version, actor=viewer.actor, now=now)
    return article.slug


def _fresh_slug(title: str) -> str:
    stem = slugify(title)[:70].strip("-") or "answer"
    slug, number = stem, 1
    while slug in TAKEN or Article.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _draft(
    article: Article, content: Content, *, actor: Actor, now: datetime, note: str = ""
) -> ArticleVersion:
    last = article.versions.aggregate(last=Max("number"))["last"] or 0
    return ArticleVersion.objects.create(
        article=article,
        number=last + 1,
        content=article_content.as_json(content),
        note=note[:200],
        written_by=actor.name[:120],
        written_by_id=actor.id,
        writers=[actor.id] if actor.id is not None else [],
        written_at=now,
    )


def worked_on(article: Article) -> ArticleVersion | None:
    """The version that is not published yet, if there is one."""
    return article.versions.filter(state__in=WORKED_ON).first()


def content_of(article: Article) -> Content:
    """What an answer says now."""
    return Content(
        title=article.title,
        summary=article.summary,
        body=article.body,
        say=article.say,
        short=article.short,
        service=article.service.slug if article.service else "",
        review_by=article.review_by,
        **article_content.lists_of(article),
    )


def keep_what_was(article: Article, *, now: datetime) -> None:
    """An answer from before versions were kept: what it says now is its first one."""
    if article.is_published and not article.versions.exists():
        article.live_version = 1
        article.save(update_fields=["live_version"])
        version = _draft(article, content_of(article), actor=SYSTEM, now=now)
        version.state, version.published_at = VersionState.PUBLISHED, now
        version.published_by = SYSTEM.name
        version.save(update_fields=["state", "published_at", "published_by"])


@transaction.atomic
def save(
    *, slug: str, viewer: Viewer, content: Content, edition: int, note: str = "", now: datetime
) -> ArticleVersion:
    """Keeps a draft. `edition` is the one that the words were written over; 0 starts a new draft.

    Raises NoSuchArticle; Changed when it is another one now, with how it is.
    """
    article = held(viewer, slug)
    _must_exist(content)
    keep_what_was(article, now=now)
    version = worked_on(article)
    if (version.edition if version else 0) != edition:
        raise Changed(version)
    if version is None:
        version = _draft(article, content, actor=viewer.actor, now=now, note=note)
    else:
        version.content = article_content.as_json(content)
        version.note = note[:200]
        version.edition += 1
        # What was read by another is not what it says now.
        version.state, version.asked_by_id, version.publish_at = VersionState.DRAFT, None, None
        version.written_by, version.written_by_id = viewer.name[:120], viewer.id
        version.writers = sorted({*version.writers, *([] if viewer.id is None else [viewer.id])})
        version.written_at = now
        version.save()
    if not article.is_published and article.retired_at is None:
        _take(article, content)
        article.save()
    write_down("article.saved", article, version, actor=viewer.actor, now=now)
    return version


def _must_exist(content: Content) -> None:
    wanted = {*content.related_services, *(one.service for one in content.start)}
    wanted |= {content.service} - {""}
    known = set(Service.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if missing := sorted(wanted - known):
        raise WordsMissing(f"There is no service {', '.join(missing)}")


def _current(article: Article, edition: int) -> ArticleVersion:
    version = worked_on(article)
    if version is None or version.edition != edition:
        raise Changed(version)
    return version


@transaction.atomic
def ask_for_review(*, slug: str, viewer: Viewer, edition: int, now: datetime) -> None:
    """Puts a draft before somebody else of the organisation. Raises NoSuchArticle, Changed."""
    article = held(viewer, slug)
    version = _current(article, edition)
    version.state, version.asked_by_id, version.asked_at = VersionState.IN_REVIEW, viewer.id, now
    version.answer, version.publish_at = "", None
    version.save()
    write_down("article.review_asked", article, version, actor=viewer.actor, now=now)


@transaction.atomic
def send_back(*, slug: str, viewer: Viewer, edition: int, words: str, now: datetime) -> None:
    """A reviewer says what to change. Raises NoSuchArticle, Changed, WordsMissing, NotNow."""
    article = held(viewer, slug)
    version = _current(article, edition)
    if version.state != VersionState.IN_REVIEW:
        raise NotNow("Nobody has asked for this draft to be read")
    if not words.strip():
        raise WordsMissing("Write what to change", field="words")
    version.state, version.answer = VersionState.DRAFT, words.strip()[:500]
    version.save(update_fields=["state", "answer"])
    write_down("article.sent_back", article, version, actor=viewer.actor, now=now)


@transaction.atomic
def drop(*, slug: str, viewer: Viewer, edition: int, now: datetime) -> None:
    """Lays a draft aside; it stays among the versions. Raises NoSuchArticle, Changed."""
    article = held(viewer, slug)
    version = _current(article, edition)
    version.state, version.publish_at = VersionState.DROPPED, None
    version.save(update_fields=["state", "publish_at"])
    write_down("article.dropped", article, version, actor=viewer.actor, now=now)


@transaction.atomic
def restore(*, slug: str, viewer: Viewer, number: int, now: datetime) -> ArticleVersion:
    """An earlier version's words as a new draft. Raises NoSuchArticle, NotNow."""
    article = held(viewer, slug)
    keep_what_was(article, now=now)
    earlier = article.versions.filter(number=number).first()
    if earlier is None:
        raise NoSuchArticle("There is no such version")
    if worked_on(article) is not None:
        raise NotNow("There is a draft already. Publish it or lay it aside first")
    content = article_content.from_json(earlier.content)
    note = f"Version {number} again"
    version = _draft(article, content, actor=viewer.actor, now=now, note=note)
    write_down("article.restored", article, version, actor=viewer.actor, now=now, of=number)
    return version


@transaction.atomic
def publish(
    *, slug: str, viewer: Viewer, edition: int, at: datetime | None = None, now: datetime
) -> ArticleVersion:
    """Gives a draft to the readers: now, or at a time to come, when a job does it.

    Raises NoSuchArticle, Changed, and NotYours where another person has to.
    """
    article = held(viewer, slug)
    keep_what_was(article, now=now)
    version = _current(article, edition)
    if not may_publish(viewer, article, version):
        raise NotYours("Somebody else reads your words before they are published. Ask for a review")
    content = article_content.from_json(version.content)
    if not (content.title.strip() and content.summary.strip() and content.body.strip()):
        raise WordsMissing("Write a title, a summary and the answer first")
    if at is not None and at > now:
        version.state, version.publish_at = VersionState.SCHEDULED, at
        version.published_by = viewer.name[:120]
        version.save()
        write_down(
            "article.scheduled", article, version, actor=viewer.actor, now=now, at=at.isoformat()
        )
        return version
    _give_out(article, version, by=viewer.actor, now=now)
    return version


@transaction.atomic
def hold_back(*, slug: str, viewer: Viewer, edition: int, now: datetime) -> None:
    """What was to be published later is a draft again. Raises NoSuchArticle, Changed."""
    article = held(viewer, slug)
    unscheduled(article, _current(article, edition), actor=viewer.actor, now=now)


def unscheduled(article: Article, version: ArticleVersion, *, actor: Actor, now: datetime) -> None:
    """For who holds the article: a version that waits for its time waits no more."""
    version.state, version.publish_at = VersionState.DRAFT, None
    version.published_by = ""
    version.save(update_fields=["state", "publish_at", "published_by"])
    write_down("article.held_back", article, version, actor=actor, now=now)


def publish_due(*, now: datetime, limit: int = 100) -> int:
    """Publishes what was to be published by now. Returns how many.

    One transaction each: a run that was killed has done what it did, and the next does the rest.
    """
    due = ArticleVersion.objects.filter(state=VersionState.SCHEDULED, publish_at__lte=now)
    ids = due.order_by("publish_at", "pk").values_list("article_id", flat=True)[:limit]
    return sum(_publish_if_due(article_id, now=now) for article_id in list(ids))


@transaction.atomic
def _publish_if_due(article_id: int, *, now: datetime) -> bool:
    """False where an editor, or another run, has it in hand or was faster."""
    held_now = Article.objects.select_for_update(skip_locked=True, of=("self",))
    article = held_now.filter(pk=article_id).first()
    version = worked_on(article) if article else None
    if article is None or version is None or version.state != VersionState.SCHEDULED:
        return False
    if version.publish_at is None or version.publish_at > now:
        return False
    by = Actor("staff", None, version.published_by, article.organisation_id)
    _give_out(article, version, by=by, now=now)
    return True


def _give_out(article: Article, version: ArticleVersion, *, by: Actor, now: datetime) -> None:
    """The one place where readers get new words."""
    content = article_content.from_json(version.content)
    version.state, version.published_at, version.published_by = (
        VersionState.PUBLISHED,
        now,
        by.name[:120],
    )
    version.publish_at = None
    version.save()
    today = timezone.localdate(now)
    _take(article, content)
    article.is_published, article.live_version = True, version.number
    article.reviewed_on = today
    article.review_by = content.review_by or today + HOLDS
    article.retired_at, article.goes_to = None, ""
    article.save()
    actions.index_one("answer", article.slug)
    write_down("article.published", article, version, actor=by, now=now)


def _take(article: Article, content: Content) -> None:
    article.title, article.summary, article.body = content.title, content.summary, content.body
    article.say, article.short = content.say, content.short
    article.service = Service.objects.filter(slug=content.service).first()
    article.review_by = content.review_by
    for name, values in article_content.lists(content).items():
        setattr(article, name, values)


def write_down(
    what: str,
    article: Article,
    version: ArticleVersion | None,
    *,
    actor: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """Who did what to which answer, in the audit trail."""
    more: Mapping[str, Any] = {"version": version.number} if version else {}
    audit.record(what, actor=actor, target=f"article:{article.slug}", at=now, data={**more, **data})
