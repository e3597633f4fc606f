"""Short texts that staff send again and again, each body's own."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class CannedText(models.Model):
    """Words to begin a text with; they are changed before they are sent, or not."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    words = models.TextField()
    # Kept when it has ended: what was changed last, and by whom.
    ended_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(ended_at=None),
                name="canned_text_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
