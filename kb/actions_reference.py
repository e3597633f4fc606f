"""Writes the catalogue and the starter answers in bulk, and their search documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from kb.actions import index
from kb.actions_forms import publish
from kb.forms import writing
from kb.models import Article, FormState, FormVersion, Service
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
    """Adds answers and renews known ones by slug."""
    services = dict(Service.objects.values_list("slug", "pk"))
    Article.objects.bulk_create(
        [
            Article(
                slug=row.slug,
                service_id=services.get(row.service),
                title=row.title,
                summary=row.summary,
                body=row.body,
                short=row.short,
                reviewed_on=row.reviewed_on,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["service", "title", "summary", "body", "short", "reviewed_on"],
    )
    index()
    _audit("articles", len(rows), actor=actor, now=now)
    return len(rows)


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
