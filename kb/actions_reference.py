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
from kb.models import Article, FormState, FormVersion, Service
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
    """Adds questions to the live forms and renews known ones by their key; none is removed, because
    rules name them.
    """
    for slug in dict.fromkeys(row.service for row in rows):
        _ask(slug, [row for row in rows if row.service == slug], actor=actor, now=now)
    _audit("questions", len(rows), actor=actor, now=now)
    return len(rows)


def _ask(slug: str, rows: Sequence[QuestionRow], *, actor: Actor, now: datetime) -> None:
    live = FormVersion.objects.filter(service__slug=slug, state=FormState.LIVE).first()
    data: dict[str, Any] = live.data if live is not None else {"questions": []}
    renewed = {row.key: row for row in rows}
    questions = [
        {**one, **_question(renewed.pop(one["key"]))} if one["key"] in renewed else one
        for one in data["questions"]
    ]
    questions += [_question(row) for row in sorted(renewed.values(), key=lambda row: row.position)]
    publish(service_slug=slug, data={**data, "questions": questions}, actor=actor, now=now)


def _question(row: QuestionRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "type": "choice",
        "words": row.words,
        "hint": row.hint,
        "choices": row.choices,
        "required": row.is_required,
    }


def _audit(what: str, count: int, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "reference.loaded", actor=actor, target=f"reference:{what}", at=now, data={"rows": count}
    )
