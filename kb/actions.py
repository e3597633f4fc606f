"""Keeps the search documents of services and articles in step with their words."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db import transaction

from kb.models import Article, Service


@transaction.atomic
def index() -> None:
    """Writes every search document anew; call after an import."""
    Service.objects.update(
        document=SearchVector("name", weight="A", config="english")
        + SearchVector("synonyms", weight="A", config="english")
        + SearchVector("summary", "label", weight="B", config="english")
        + SearchVector("group", weight="C", config="english")
    )
    Article.objects.update(
        document=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english")
        + SearchVector("body", weight="C", config="english")
    )
