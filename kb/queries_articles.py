"""Answers as readers have them, at every door."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q, QuerySet

import accounts.queries
from accounts.permissions import Viewer
from kb import article_content, markdown, search
from kb.article_content import Parts, Start
from kb.models import Article, ArticleFile, Service
from kb.queries import Match


def live(slug: str) -> Article | None:
    """One published answer with its service and its owner."""
    if "\x00" in slug:
        return None
    rows = Article.objects.filter(slug=slug, is_published=True)
    return rows.select_related("service", "organisation").first()


def goes_to(slug: str) -> str | None:
    """The path to which the readers of a retired answer are sent; the last one of a chain."""
    seen: set[str] = set()
    path = None
    while slug not in seen and "\x00" not in slug:
        seen.add(slug)
        rows = Article.objects.filter(slug=slug, is_published=False)
        next_path = rows.exclude(retired_at=None).values_list("goes_to", flat=True).first()
        if not next_path:
            return path
        path, (_, kind, slug, *_rest) = next_path, next_path.split("/")
        if kind != "answers":
            return path
    return path


def about(service_slug: str, limit: int = 5) -> Sequence[Article]:
    """Published answers about a service, and those that name it as related, in that order."""
    rows = Article.objects.filter(
        Q(service__slug=service_slug) | Q(related_services__contains=[service_slug]),
        is_published=True,
    ).select_related("service", "organisation")
    return sorted(
        rows[:50], key=lambda row: row.service is None or row.service.slug != service_slug
    )[:limit]


def parts(article: Article, codes: Sequence[str] | None) -> Parts:
    """The words for readers of these areas; with None all of them."""
    return article_content.for_area(article.body, article_content.lists_of(article)["areas"], codes)


def starts(article: Article) -> tuple[Start, ...]:
    """The buttons of an answer whose services are still offered."""
    known = article_content.lists_of(article)["start"]
    wanted = {one.service for one in known}
    offered = Service.objects.filter(slug__in=wanted, is_active=True)
    still = set(offered.values_list("slug", flat=True))
    return tuple(one for one in known if one.service in still)


def related(article: Article) -> tuple[list[Service], list[Article]]:
    """Services and published answers that an editor named beside this one."""
    services = {
        row.slug: row
        for row in Service.objects.filter(slug__in=article.related_services, is_active=True)
    }
    answers = {
        row.slug: row
        for row in Article.objects.filter(slug__in=article.related_articles, is_published=True)
    }
    return (
        [services[slug] for slug in article.related_services if slug in services],
        [answers[slug] for slug in article.related_articles if slug in answers],
    )


def area_names() -> dict[str, str]:
    """The areas whose readers may have words of their own: each district, by its code."""
    return {
        row.area_code: row.short_name
        for row in accounts.queries.organisations(acting=True)
        if row.kind == "district" and row.area_code
    }


READ_AT_ONCE = 20


def published(viewer: Viewer, text: str, *, page: int = 1) -> tuple[list[Article], bool]:
    """A page of what everybody may read, for staff who answer people, and whether there is more.

    With words what they find, best first. What one's agents are to say is their organisation's
    and the hub's: of another one it is left out.
    """
    start = (page - 1) * READ_AT_ONCE
    rows = Article.objects.filter(is_published=True).select_related("service", "organisation")
    if text:
        hits = search.find(text, limit=start + READ_AT_ONCE + 1, kind="answer").hits
        slugs = [one.slug for one in hits][start:]
        known = {row.slug: row for row in rows.filter(slug__in=slugs)}
        found = [known[slug] for slug in slugs if slug in known]
    else:
        found = list(rows.order_by("title", "pk")[start : start + READ_AT_ONCE + 1])
    for row in found:
        mine = row.organisation_id in (None, viewer.organisation_id)
        if not (viewer.is_hub or mine):
            row.say = ""
    return found[:READ_AT_ONCE], len(found) > READ_AT_ONCE


# An answer fits a question where it is as near as this, and so much nearer than the next one.
SURE, CLEAR = 0.5, 0.15
# Without an answer that fits, the only one about a service is taken where the service is certain.
CERTAIN = 0.7


def short_answer(text: str, match: Match, area_code: str = "") -> str:
    """What fits into a text message and answers a question; empty where nothing is sure to.

    The answer that the words find is taken before the one about the service that they name.
    """
    hits = search.find(text, limit=3, kind="answer").hits
    if hits and hits[0].score >= SURE:
        near = hits[1].score if len(hits) > 1 else 0.0
        is_about = match.service_slug in (None, hits[0].service_slug)
        if is_about and hits[0].score - near >= CLEAR:
            return _short(Article.objects.filter(slug=hits[0].slug, is_published=True), area_code)
    if match.service_slug is None or match.certainty < CERTAIN:
        return ""
    about = Article.objects.filter(service__slug=match.service_slug, is_published=True)
    return _short(about, area_code) if about.count() == 1 else ""


def short_for(service_slug: str, area_code: str = "") -> str:
    """What fits into a text message about a service; empty where nothing was written for that.

    Where readers of the area have words in place of the others, the short form is not theirs.
    """
    return _short(Article.objects.filter(service__slug=service_slug, is_published=True), area_code)


def _short(rows: QuerySet[Article], area_code: str) -> str:
    for row in rows.exclude(short=""):
        theirs = [one for one in row.areas if one["code"] == area_code]
        if not any(one["mode"] == article_content.REPLACE for one in theirs):
            return row.short
    return ""


def file_of_readers(public_id: uuid.UUID) -> ArticleFile | None:
    """A file that a published answer shows; None for all others."""
    row = ArticleFile.objects.filter(public_id=public_id, article__is_published=True)
    found = row.select_related("article").first()
    if found is None:
        return None
    texts = [found.article.body, *(str(one.get("words", "")) for one in found.article.areas)]
    shown = {one for text in texts for one in markdown.files_in(text)}
    return found if str(public_id) in shown else None
