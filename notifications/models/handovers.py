"""How promptly messages were handed over, kept by day: it outlives the messages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from notifications.models.messages import MEDIA


class HandoverDay(models.Model):
    """Messages of one medium that were due on one day in London, and how many went promptly."""

    day = models.DateField()
    medium = models.CharField(max_length=6, choices=MEDIA)
    due = models.PositiveIntegerField()
    # Handed over within handovers.PROMPT of being due.
    prompt = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "medium"]
        constraints = [
            models.UniqueConstraint(fields=["day", "medium"], name="handover_day_once"),
            models.CheckConstraint(
                condition=Q(prompt__lte=F("due")), name="handover_prompt_within_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.medium}: {self.prompt} of {self.due}"
