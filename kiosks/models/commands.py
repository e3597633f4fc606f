"""What a device is told to do with its next sign of life."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class CommandKind(models.TextChoices):
    RELOAD = "reload", "Start its page again"
    CLEAR = "clear", "Clear the screen and what it has stored, but what is kept for us"
    MESSAGE = "message", "Show a message"
    LOCK = "lock", "Lock"
    UNLOCK = "unlock", "Unlock"
    UPDATE = "update", "Look for a new release now"


class Command(models.Model):
    """One command: handed out, signed, until the device has done it or it is too late."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kiosk = models.ForeignKey("kiosks.Kiosk", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=CommandKind)
    words = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(
                fields=["kiosk", "made_at"], name="kiosk_commands", condition=Q(done_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.kiosk_id}"
