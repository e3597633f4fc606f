"""Several acts in one key, as teams keep them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Macro(models.Model):
    """Acts that are done to a case together. Of one team, or of all the hub's (`team` empty).

    `acts` are rows of teamwork.recipes; `key` is the letter or number that chooses it in a list.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=1, blank=True)
    acts = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "key"],
                name="macro_key_once",
                condition=Q(ended_at=None) & ~Q(key=""),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name
