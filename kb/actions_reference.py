"""Writes the catalogue and the starter answers in bulk, and their search documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

import accounts.queries
from core import audit
from core.audit import Actor
from kb.actions import index
from kb.actions_forms import publish
from kb.article_content import Content, as_json, lists
from kb.forms import writing
from kb.models import Article, ArticleVersion, FormState, FormVersion, Service, VersionState
from kb.reference import ArticleRow, ServiceRow
from kb.reference_forms import FormFile


@transaction.atomic
def save_services(rows: Sequence[ServiceRow], *, actor: Actor, now: datetime) -> int:
    """Adds services and renews known ones by slug; none is removed, because enquiries name them."""
    Service.objects.bulk_create(
        [Service(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[name for name in ServiceRow.__slots__ if name != "slug"],
    )
    index()
    _audit("services", len(rows), actor=actor, now=now)
    return len(rows)


@transaction.atomic
def save_articles(rows: Sequence[ArticleRow], *, actor: Actor, now: datetime) -> int:
    """Adds answers, published, and renews known ones by slug; what people have written stays."""
    services = {row.slug: row for row in Service.objects.all()}
    owners = _owners()
    theirs = set(
        ArticleVersion.objects.exclude(written_by_id=None).values_list("article__slug", flat=True)
    )
    for row in rows:
        if row.slug not in theirs:
            _save_article(row, services.get(row.service), owners, actor=actor, now=now)
    index()
    _audit("articles", len(rows), actor=actor, now=now)
    return len(rows)


def _owners() -> dict[str, int]:
    """Organisations by slug; and by the tier that only one of them is, with the hub for others."""
    rows = accounts.queries.organisations()
    found = {row.slug: row.pk for row in rows}
    for row in rows:
        if sum(other.kind == row.kind for other in rows) == 1:
            found[f"tier:{row.kind}"] = row.pk
    return found


def _content(row: ArticleRow) -> Content:
    return Content(
        title=row.title,
        summary=row.summary,
        body=row.body,
        say=row.say,
        short=row.short,
        service=row.service,
        areas=row.areas,
        start=row.start,
        related_services=row.related_services,
        review_by=row.review_by,
    )


def _save_article(
    row: ArticleRow,
    service: Service | None,
    owners: Mapping[str, int],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    tier = f"tier:{service.owner_tier}" if service else ""
    hub = owners.get("tier:hub")
    content = _content(row)
    article, _ = Article.objects.update_or_create(
        slug=row.slug,
        defaults={
            "organisation_id": owners.get(row.organisation) or owners.get(tier) or hub,
            "service": service,
            "title": row.title,
            "summary": row.summary,
            "body": row.body,
            "say": row.say,
            "short": row.short,
            **lists(content),
            "reviewed_on": row.reviewed_on,
            "review_by": row.review_by,
        },
    )
    kept = as_json(content)
    last = article.versions.first()
    if last is not None and last.content == kept:
        return
    article.live_version = last.number + 1 if last else 1
    article.save(update_fields=["live_version"])
    ArticleVersion.objects.create(
        article=article,
        number=article.live_version,
        state=VersionState.PUBLISHED,
        content=kept,
        note="Came with the hub" if last is None else "Renewed from its file",
        written_by=actor.name[:120],
        written_at=now,
        published_by=actor.name[:120],
        published_at=now,
    )


@transaction.atomic
def save_forms(
    rows: Sequence[FormFile], *, replace: bool, actor: Actor, now: datetime
) -> list[str]:
    """Publishes forms. Gives the services whose live form somebody has edited: those stay as they
    are unless `replace`; the same form again changes nothing.
    """
    edited = set(
        FormVersion.objects.filter(state=FormState.LIVE)
        .exclude(published_by="")
        .values_list("service__slug", flat=True)
    )
    left = []
    for row in rows:
        data = writing.data(row.form)
        if row.service in edited and not replace and not _same(row.service, data):
            left.append(row.service)
            continue
        publish(service_slug=row.service, data=data, note=row.note, actor=actor, now=now)
    _audit("forms", len(rows) - len(left), actor=actor, now=now)
    return left


def _same(slug: str, data: dict[str, Any]) -> bool:
    live = FormVersion.objects.filter(service__slug=slug, state=FormState.LIVE).first()
    return live is not None and live.data == data


def _audit(what: str, count: int, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "reference.loaded", actor=actor, target=f"reference:{what}", at=now, data={"rows": count}
    )
