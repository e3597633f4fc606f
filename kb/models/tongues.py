"""What data says, in other languages than the one in which it was written."""

from __future__ import annotations

from django.db import models


class ContentWords(models.Model):
    """One text of our data in another language.

    A text is known by its own words (`key` is their hash), not by where it stands: the same
    question of two services is translated once, and one that is written anew is English until
    somebody translates the new words.
    """

    language = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    source = models.TextField()
    text = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "content words"
        ordering = ["language", "pk"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="words_once")]

    def __str__(self) -> str:
        return f"{self.language}: {self.source[:60]}"
