"""Writes the catalogue and the starter answers in bulk, and their search documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from kb.actions import index
from kb.models import Article, Question, Service
from kb.reference import ArticleRow, ServiceRow
from kb.reference_questions import QuestionRow


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
def save_questions(rows: Sequence[QuestionRow], *, actor: Actor, now: datetime) -> int:
    """Adds questions and renews known ones by service and key; none is removed: rules name them."""
    services = dict(Service.objects.values_list("slug", "pk"))
    Question.objects.bulk_create(
        [
            Question(
                service_id=services[row.service],
                key=row.key,
                position=row.position,
                words=row.words,
                hint=row.hint,
                choices=row.choices,
                is_required=row.is_required,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["service", "key"],
        update_fields=["position", "words", "hint", "choices", "is_required"],
    )
    _audit("questions", len(rows), actor=actor, now=now)
    return len(rows)


def _audit(what: str, count: int, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "reference.loaded", actor=actor, target=f"reference:{what}", at=now, data={"rows": count}
    )
