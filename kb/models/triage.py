"""By which words first triage knows what a text is about, beside what people call a service."""

from __future__ import annotations

from django.db import models


class Cue(models.Model):
    """The words of one service, or of what is none (kb.triage.NOT_SERVICES).

    `says` are phrases that nearly decide it, `points` words that point to it; parted by commas.
    """

    subject = models.SlugField(max_length=80, unique=True)
    says = models.TextField(blank=True)
    points = models.TextField(blank=True)

    class Meta:
        ordering = ["subject"]

    def __str__(self) -> str:
        return self.subject
