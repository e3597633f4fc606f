"""What readers do with an answer: they open it, and say whether it answered their question."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from accounts.permissions import Viewer
from core import audit
from kb.articles_access import NoSuchArticle, held
from kb.models import Article, ReaderWord

MOST_WORDS = 500
# Programs that fetch pages say so, nearly all of them.
_NOT_PEOPLE = ("bot", "crawl", "spider", "slurp", "preview", "curl", "wget", "python-", "monitor")


@transaction.atomic
def said(
    *,
    article: Article,
    key: str,
    channel: str,
    answered: bool,
    is_wrong: bool = False,
    words: str = "",
    now: datetime,
) -> ReaderWord:
    """Keeps what a reader said; with the same key again, only what it adds: words, "is wrong"."""
    words = "".join(c for c in words if c.isprintable() or c == "\n").strip()[:MOST_WORDS]
    row, fresh = ReaderWord.objects.get_or_create(
        key=key[:120],
        defaults={
            "article": article,
            "version": article.live_version,
            "channel": channel,
            "answered": answered,
            "is_wrong": is_wrong,
            "words": words,
            "at": now,
        },
    )
    if fresh or row.settled_at is not None or row.article_id != article.pk:
        return row
    row.is_wrong = row.is_wrong or is_wrong
    row.words = row.words or words
    row.save(update_fields=["is_wrong", "words"])
    return row


@transaction.atomic
def doubted(
    *,
    slug: str,
    viewer: Viewer,
    arose_in: str,
    channel: str = "desk",
    words: str = "",
    now: datetime,
) -> str:
    """An agent says at work that an answer is wrong: its editors see it with what it arose in.

    Said again there it adds only words. Returns its title. Raises NoSuchArticle.
    """
    rows = Article.objects.filter(slug=slug.replace("\x00", ""), is_published=True)
    article = rows.first()
    if article is None:
        raise NoSuchArticle("There is no such answer")
    # What was dealt with was another doubt: this one is new.
    known = ReaderWord.objects.filter(article=article, arose_in=arose_in, said_by=viewer.name[:120])
    before = known.exclude(settled_at=None).count()
    row = said(
        article=article,
        key=f"desk:{arose_in}:{viewer.id}:{article.pk}:{before}",
        channel=channel,
        answered=False,
        is_wrong=True,
        words=words,
        now=now,
    )
    if not row.said_by:
        row.said_by, row.arose_in = viewer.name[:120], arose_in[:60]
        row.save(update_fields=["said_by", "arose_in"])
    return article.title


@transaction.atomic
def settle(*, slug: str, viewer: Viewer, word_id: int, now: datetime) -> None:
    """An editor has dealt with what a reader said. Raises NoSuchArticle."""
    article = held(viewer, slug)
    row = article.reader_words.select_for_update().filter(pk=word_id).first()
    if row is None:
        raise NoSuchArticle("There is no such message")
    if row.settled_at is not None:
        return
    row.settled_at, row.settled_by = now, viewer.name[:120]
    row.save(update_fields=["settled_at", "settled_by"])
    audit.record(
        "article.reader_answered",
        actor=viewer.actor,
        target=f"article:{slug}",
        at=now,
        data={"word": word_id},
    )


def is_person(agent: str) -> bool:
    """Whether a browser's name is that of somebody who reads."""
    name = agent.lower()
    return bool(name) and not any(one in name for one in _NOT_PEOPLE)


def opened(article: Article, *, channel: str, on: date) -> None:
    """Counts one opening: a number of a day, nobody's. Traffic, never a contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kb_articleviews (article_id, "on", channel, count) VALUES (%s, %s, %s, 1)'
            ' ON CONFLICT (article_id, "on", channel)'
            " DO UPDATE SET count = kb_articleviews.count + 1",
            [article.pk, on, channel],
        )
