"""Whose answer it is: who may change it, and who may publish it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.permissions import Permission, Role, Viewer
from core.errors import DomainError
from kb.models import Article, ArticleVersion, FourEyes


class NoSuchArticle(DomainError):
    """Not there, or not the viewer's: it reads the same."""

    code = "article_unknown"


class NotYours(DomainError):
    """Another person has to do this."""

    code = "another_person"


def edits_all(viewer: Viewer) -> bool:
    """Whether the answers of every organisation are the viewer's to change."""
    return (
        viewer.is_hub and viewer.may(Permission.EDIT_ANSWERS) and viewer.may(Permission.ADMINISTER)
    )


def own(viewer: Viewer) -> QuerySet[Article]:
    """The answers that a viewer may change: their organisation's; a hub administrator's are all."""
    if not viewer.may(Permission.EDIT_ANSWERS):
        return Article.objects.none()
    if edits_all(viewer):
        return Article.objects.all()
    theirs = Q(organisation_id=viewer.organisation_id or 0)
    return Article.objects.filter(theirs | Q(organisation=None) if viewer.is_hub else theirs)


def held(viewer: Viewer, slug: str) -> Article:
    """An answer of the viewer's, locked. Raises NoSuchArticle."""
    found = own(viewer).select_for_update(of=("self",)).filter(slug=slug).first()
    if found is None or "\x00" in slug:
        raise NoSuchArticle("There is no such answer")
    return found


def wants_four_eyes(organisation_id: int | None) -> bool:
    """Whether a second person reads this organisation's answers before they are published."""
    return FourEyes.objects.filter(organisation_id=organisation_id or 0).exists()


def may_publish(viewer: Viewer, article: Article, version: ArticleVersion) -> bool:
    """Whether this person may: no words of their own where four eyes are wanted.

    Who wrote at it at any time since readers got new words has a part in it, whoever wrote last.
    An administrator may alone, so that nothing waits for somebody who is away.
    """
    if Role.ADMINISTRATOR in viewer.roles or not wants_four_eyes(article.organisation_id):
        return True
    return viewer.id != version.asked_by_id and viewer.id not in writers_of(article)


def writers_of(article: Article) -> frozenset[int]:
    """Everybody who wrote at an answer since its last published version, also at drafts that were
    laid aside: their words may have been taken over."""
    since = article.versions.filter(number__gt=article.live_version)
    rows = since.values_list("written_by_id", "writers")
    found = [one for last, writers in rows for one in (last, *writers)]
    return frozenset(one for one in found if one is not None)
