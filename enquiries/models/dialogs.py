"""Conversations by text: where each stands, sealed, until it is an enquiry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SmsDialog(models.Model):
    """What was asked of a telephone number last, and what it has answered so far.

    `phone_hash` stands for the number. `sealed` holds number, words and answers; `token_hash` opens
    its page, for who has the link. `is_open`: an answer is waited for, and what was said becomes an
    enquiry without it. `enquiry` is what it became.
    """

    phone_hash = models.CharField(max_length=64, unique=True)
    token_hash = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    is_open = models.BooleanField()
    revision = models.PositiveIntegerField()
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-touched_at", "-pk"]
        indexes = [
            models.Index(fields=["touched_at"], name="dialog_waits", condition=Q(is_open=True)),
            models.Index(fields=["expires_at"], name="dialog_old"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], name="dialog_token", condition=~Q(token_hash="")
            )
        ]

    def __str__(self) -> str:
        return f"a conversation by text, {'open' if self.is_open else 'over'}"
