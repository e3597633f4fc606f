"""What became of answers with their readers in a time: opened, and what they said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from kb.models import Article, ArticleViews, ReaderWord

_ALL = (date(1970, 1, 1), date(9999, 1, 1))


@dataclass(frozen=True, slots=True)
class Read:
    """One answer: how often it was opened, and how many said yes and no."""

    slug: str
    title: str
    opened: int
    yes: int
    no: int


def read(since: date | None = None, until: date | None = None) -> list[Read]:
    """Every answer that was opened or spoken of in these London days (half-open), by its slug."""
    first, last = since or _ALL[0], until or _ALL[1]
    views = ArticleViews.objects.filter(on__gte=first, on__lt=last).order_by()
    opened = dict(views.values_list("article").annotate(n=Sum("count")))
    # What staff say of it at work is nobody's "no".
    words = ReaderWord.objects.filter(
        at__gte=_midnight(first), at__lt=_midnight(last), said_by=""
    ).order_by()
    said: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for pk, yes, no in words.values_list("article").annotate(
        yes=Count("pk", filter=Q(answered=True)), no=Count("pk", filter=Q(answered=False))
    ):
        said[pk] = (yes, no)
    rows = Article.objects.filter(pk__in={*opened, *said}).order_by("slug")
    return [
        Read(slug, title, opened.get(pk, 0), *said[pk])
        for pk, slug, title in rows.values_list("pk", "slug", "title")
    ]


def titles() -> dict[str, str]:
    """What every answer is called, by its slug."""
    return dict(Article.objects.order_by().values_list("slug", "title"))


def _midnight(day: date) -> datetime:
    """When a day begins here; years that no clock reaches count as the last that one does."""
    day = min(day, _ALL[1] - timedelta(days=1))
    return timezone.make_aware(datetime.combine(day, time.min))
