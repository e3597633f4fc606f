"""What the partnership knows: answers."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from kb.models.services import Service


class Article(models.Model):
    """An answer. `short` is the form that goes into a text message."""

    slug = models.SlugField(unique=True, max_length=80)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    short = models.CharField(max_length=300, blank=True)
    reviewed_on = models.DateField()
    is_published = models.BooleanField(default=True)
    document = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["title", "pk"]
        indexes = [GinIndex(fields=["document"], name="article_document")]

    def __str__(self) -> str:
        return self.title
