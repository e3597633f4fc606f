"""What a service asks."""

from __future__ import annotations

from django.db import models

from kb.models.services import Service


class Question(models.Model):
    """One question of a service's form whose answer decides who must act.

    `choices` is a list of {"value", "words"} in the order in which they are shown.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="questions")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(max_length=120)
    hint = models.CharField(max_length=200, blank=True)
    choices = models.JSONField(default=list)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["service", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "key"], name="question_once_per_service")
        ]

    def __str__(self) -> str:
        return self.words
