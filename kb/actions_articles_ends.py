"""How long an answer holds: checked again, retired, brought back; and whose eyes it needs."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

import accounts.queries
from accounts.permissions import Viewer
from core import audit
from kb import actions
from kb.actions_articles import (
    NotNow,
    WordsMissing,
    keep_what_was,
    unscheduled,
    worked_on,
    write_down,
)
from kb.articles_access import NoSuchArticle, edits_all, held
from kb.models import Article, FourEyes, Service, VersionState


@transaction.atomic
def retire(*, slug: str, viewer: Viewer, goes_to: str, now: datetime) -> None:
    """Takes an answer from its readers, and sends them to another or to a service.

    What was to be published later is a draft again: it does not come back by itself.

    `goes_to` is `answers/SLUG` or `services/SLUG`. Raises NoSuchArticle, NotNow, WordsMissing.
    """
    article = held(viewer, slug)
    keep_what_was(article, now=now)
    if not article.is_published:
        raise NotNow("Only an answer that is published can be retired")
    article.goes_to = _checked_target(article, goes_to)
    article.is_published, article.retired_at = False, now
    article.save(update_fields=["goes_to", "is_published", "retired_at", "live_version"])
    actions.index_one("answer", article.slug)
    version = worked_on(article)
    if version is not None and version.state == VersionState.SCHEDULED:
        unscheduled(article, version, actor=viewer.actor, now=now)
    data = {"goes_to": article.goes_to}
    write_down("article.retired", article, None, actor=viewer.actor, now=now, **data)


def _checked_target(article: Article, goes_to: str) -> str:
    kind, _, slug = goes_to.partition("/")
    found = False
    if kind == "answers" and slug != article.slug:
        found = Article.objects.filter(slug=slug, is_published=True).exists()
    elif kind == "services":
        found = Service.objects.filter(slug=slug, is_active=True).exists()
    if not found:
        raise WordsMissing("Choose where readers go instead", field="goes_to")
    return f"/{kind}/{slug}/"


@transaction.atomic
def bring_back(*, slug: str, viewer: Viewer, now: datetime) -> None:
    """A retired answer is published again as it was. Raises NoSuchArticle, NotNow."""
    article = held(viewer, slug)
    if article.retired_at is None:
        raise NotNow("Only a retired answer can be brought back")
    article.is_published, article.retired_at, article.goes_to = True, None, ""
    article.save(update_fields=["is_published", "retired_at", "goes_to"])
    actions.index_one("answer", article.slug)
    write_down("article.brought_back", article, None, actor=viewer.actor, now=now)


@transaction.atomic
def still_right(*, slug: str, viewer: Viewer, review_by: date, now: datetime) -> None:
    """Somebody read it again and it holds. Raises NoSuchArticle, NotNow, WordsMissing."""
    article = held(viewer, slug)
    today = timezone.localdate(now)
    if not article.is_published:
        raise NotNow("Only an answer that is published can be checked")
    if review_by <= today:
        raise WordsMissing("Enter a day that is still to come", field="review_by")
    article.reviewed_on, article.review_by = today, review_by
    article.save(update_fields=["reviewed_on", "review_by"])
    write_down("article.checked", article, None, actor=viewer.actor, now=now)


@transaction.atomic
def set_four_eyes(*, organisation: str, wanted: bool, viewer: Viewer, now: datetime) -> None:
    """Whether a second person reads an organisation's answers. Raises NoSuchArticle."""
    body = accounts.queries.organisation(organisation)
    if body is None or not edits_all(viewer):
        raise NoSuchArticle("Choose an organisation")
    if wanted:
        FourEyes.objects.get_or_create(
            organisation=body, defaults={"since": now, "set_by": viewer.name[:120]}
        )
    else:
        FourEyes.objects.filter(organisation=body).delete()
    audit.record(
        "articles.four_eyes",
        actor=viewer.actor,
        target=f"organisation:{body.slug}",
        at=now,
        data={"wanted": wanted},
    )
