"""Answers as those see them who write them. Every reading takes the viewer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

import accounts.queries
from accounts.permissions import Viewer
from kb import article_content
from kb.article_content import Content
from kb.articles_access import NoSuchArticle, edits_all, may_publish, own, wants_four_eyes
from kb.models import (
    WORKED_ON,
    Article,
    ArticleFile,
    ArticleVersion,
    ArticleViews,
    ReaderWord,
    Service,
    VersionState,
)

if TYPE_CHECKING:
    from accounts.models import Organisation

__all__ = ["NoSuchArticle", "edits_all", "may_publish", "wants_four_eyes"]

PAGE = 50
# What the list of the editors can be narrowed to, in words.
VIEWS = {
    "all": "All",
    "waiting": "Waiting for me",
    "draft": "Drafts",
    "review": "In review",
    "published": "Published",
    "due": "Due for a check",
    "wrong": "Readers say it is wrong",
    "retired": "Retired",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the editors' list."""

    article: Article
    owner: str
    state: str
    words: str
    waits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an editor: the owner's queue."""

    reviews: int
    due: int
    wrong: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.reviews + self.due + self.wrong


def _is_due(today: date) -> Q:
    return Q(is_published=True, review_by__lte=today)


def _is_wrong() -> Exists:
    waiting = ReaderWord.objects.filter(article=OuterRef("pk"), is_wrong=True, settled_at=None)
    return Exists(waiting)


def _in(*states: VersionState) -> Exists:
    return Exists(ArticleVersion.objects.filter(article=OuterRef("pk"), state__in=states))


def _asked_of(viewer: Viewer) -> Exists:
    """Somebody else asked for a reading."""
    asked = ArticleVersion.objects.filter(article=OuterRef("pk"), state=VersionState.IN_REVIEW)
    return Exists(asked.exclude(asked_by_id=viewer.id))


def waiting(viewer: Viewer, *, now: datetime) -> Waiting:
    """How much waits for an editor: one statement."""
    today = timezone.localdate(now)
    found = own(viewer).aggregate(
        reviews=Count("pk", filter=Q(_asked_of(viewer))),
        due=Count("pk", filter=_is_due(today)),
        wrong=Count("pk", filter=Q(_is_wrong())),
    )
    return Waiting(found["reviews"], found["due"], found["wrong"])


def listed(
    viewer: Viewer, *, view: str, text: str = "", page: int = 1, now: datetime
) -> tuple[list[Row], bool]:
    """A page of the viewer's answers, and whether there are more."""
    today = timezone.localdate(now)
    rows = own(viewer).select_related("organisation", "service")
    if view == "waiting":
        rows = rows.filter(_is_due(today) | Q(_is_wrong()) | Q(_asked_of(viewer)))
    elif view == "draft":
        rows = rows.filter(_in(VersionState.DRAFT, VersionState.SCHEDULED))
    elif view == "review":
        rows = rows.filter(_in(VersionState.IN_REVIEW))
    elif view == "published":
        rows = rows.filter(is_published=True)
    elif view == "due":
        rows = rows.filter(_is_due(today)).order_by("review_by", "title", "pk")
    elif view == "wrong":
        rows = rows.filter(_is_wrong())
    elif view == "retired":
        rows = rows.exclude(retired_at=None)
    if text:
        words = text.replace("\x00", "")
        rows = rows.filter(Q(title__icontains=words) | Q(service__name__icontains=words))
    start = (max(page, 1) - 1) * PAGE
    found = list(
        rows.annotate(
            says_wrong=Count(
                "reader_words",
                filter=Q(reader_words__is_wrong=True, reader_words__settled_at=None),
            )
        )[start : start + PAGE + 1]
    )
    drafts = {
        row.article_id: row
        for row in ArticleVersion.objects.filter(
            article__in=[row.pk for row in found], state__in=WORKED_ON
        )
    }
    return [_row(row, drafts.get(row.pk), today) for row in found[:PAGE]], len(found) > PAGE


def _row(article: Article, draft: ArticleVersion | None, today: date) -> Row:
    waits = []
    if draft is not None and article.is_published:
        waits.append(f"{draft.get_state_display()}, version {draft.number}")
    if article.is_published and article.review_by and article.review_by <= today:
        waits.append("Due for a check")
    wrong = getattr(article, "says_wrong", 0)
    if wrong:
        waits.append(
            f"{wrong} reader{'' if wrong == 1 else 's'} say{'s' if wrong == 1 else ''} it is wrong"
        )
    state, words = state_of(article, draft)
    owner = article.organisation.short_name if article.organisation else "Hub"
    return Row(article, owner, state, words, tuple(waits))


def state_of(article: Article, draft: ArticleVersion | None) -> tuple[str, str]:
    """How an answer stands, as a tone and in words."""
    if article.is_published:
        return "kept", "Published"
    if article.retired_at is not None:
        return "quiet", "Retired"
    if draft is not None and draft.state == VersionState.IN_REVIEW:
        return "soon", "In review"
    if draft is not None and draft.state == VersionState.SCHEDULED:
        return "moving", "Waits for its time"
    return "waiting", "Draft"


def one(viewer: Viewer, slug: str) -> Article:
    """An answer that the viewer may change. Raises NoSuchArticle."""
    found = None
    if "\x00" not in slug:
        found = own(viewer).select_related("organisation", "service").filter(slug=slug).first()
    if found is None:
        raise NoSuchArticle("There is no such answer")
    return found


def draft_of(article: Article) -> ArticleVersion | None:
    """The version that is worked on."""
    return article.versions.filter(state__in=WORKED_ON).first()


def content_of(version: ArticleVersion) -> Content:
    """What a version says."""
    return article_content.from_json(version.content)


def as_read(article: Article, content: Content) -> Article:
    """An answer as it would be with this content: for a preview, never saved."""
    shown = Article(
        pk=article.pk,
        slug=article.slug,
        organisation=article.organisation,
        service=Service.objects.filter(slug=content.service).first(),
        title=content.title,
        summary=content.summary,
        body=content.body,
        say=content.say,
        short=content.short,
        reviewed_on=timezone.localdate(),
        review_by=content.review_by,
    )
    for name, values in article_content.lists(content).items():
        setattr(shown, name, values)
    return shown


def versions(article: Article) -> Sequence[ArticleVersion]:
    """Every version, the newest first."""
    return list(article.versions.all()[:200])


def version(article: Article, number: int) -> ArticleVersion | None:
    """One version by its number."""
    return article.versions.filter(number=number).first()


def files(article: Article) -> Sequence[ArticleFile]:
    """The pictures and documents of an answer."""
    return list(article.files.all())


def file_of_editors(viewer: Viewer, public_id: uuid.UUID) -> ArticleFile:
    """A file of an answer that the viewer may change. Raises NoSuchArticle."""
    row = ArticleFile.objects.filter(public_id=public_id, article__in=own(viewer)).first()
    if row is None:
        raise NoSuchArticle("There is no such file")
    return row


@dataclass(frozen=True, slots=True)
class Readers:
    """What became of an answer with its readers, over so many days."""

    days: int
    opened: int
    yes: int
    no: int
    words: tuple[ReaderWord, ...]

    @property
    def silent(self) -> int:
        """Who opened it and said nothing: unknown, in no figure (R38)."""
        return max(0, self.opened - self.yes - self.no)


def readers(article: Article, *, now: datetime, days: int = 90) -> Readers:
    """Openings, yes, no, and what they wrote: what waits first."""
    since = now - timedelta(days=days)
    rows = ReaderWord.objects.filter(article=article)
    # What staff say of it at work is nobody's "no".
    counted = rows.filter(at__gte=since, said_by="").aggregate(
        yes=Count("pk", filter=Q(answered=True)), no=Count("pk", filter=Q(answered=False))
    )
    seen = ArticleViews.objects.filter(article=article, on__gte=timezone.localdate(since))
    opened = seen.aggregate(n=Sum("count"))["n"] or 0
    written = rows.filter(Q(is_wrong=True) | ~Q(words=""))
    ordered = sorted(
        written[:200], key=lambda row: (row.settled_at is not None or not row.is_wrong, -row.pk)
    )
    return Readers(days, opened, counted["yes"], counted["no"], tuple(ordered))


@dataclass(frozen=True, slots=True)
class Used:
    """Where readers meet an answer."""

    services: tuple[Service, ...]
    answers: tuple[Article, ...]
    sent_here: tuple[Article, ...]


def used(article: Article) -> Used:
    """The pages that lead to an answer."""
    slugs = [article.service.slug] if article.service else []
    services = Service.objects.filter(slug__in=[*slugs, *article.related_services])
    return Used(
        tuple(services),
        tuple(Article.objects.filter(related_articles__contains=[article.slug])),
        tuple(Article.objects.filter(goes_to=f"/answers/{article.slug}/")),
    )


def owners(viewer: Viewer) -> Sequence[Organisation]:
    """The organisations that the viewer writes for."""
    rows = accounts.queries.organisations()
    if edits_all(viewer):
        return rows
    return [row for row in rows if row.pk == viewer.organisation_id]


def targets(article: Article) -> list[tuple[str, str]]:
    """Where readers of a retired answer may be sent, by kind and name."""
    services = Service.objects.filter(is_active=True).values_list("slug", "name")
    answers = Article.objects.filter(is_published=True).exclude(pk=article.pk)
    return [
        *(
            (f"answers/{slug}", f"Answer: {title}")
            for slug, title in answers.values_list("slug", "title")[:500]
        ),
        *((f"services/{slug}", f"Service: {name}") for slug, name in services),
    ]
