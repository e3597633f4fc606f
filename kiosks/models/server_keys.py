"""The hub's own keys for devices: what they seal to, and what commands are signed with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class KeyPurpose(models.TextChoices):
    SEAL = "seal", "What devices keep is sealed to it"
    SIGN = "sign", "Commands are signed with it"


class ServerKey(models.Model):
    """A pair of keys. The private half is sealed with a key that is not in the database."""

    kid = models.CharField(max_length=43, unique=True)
    purpose = models.CharField(max_length=4, choices=KeyPurpose)
    public = models.JSONField()
    private = models.TextField()
    made_at = models.DateTimeField()
    # No longer handed out; still opens what was sealed to it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(retired_at=None), name="server_key_one_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.kid}"
