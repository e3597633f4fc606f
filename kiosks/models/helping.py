"""Staff who are called to a device, and who helps there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HelpCall(models.Model):
    """Somebody pressed Help. It waits until a person comes, it is taken back, or it is too late."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    # The visit that it was pressed in: pressing again is the same call.
    visit = models.CharField(max_length=64)
    language = models.CharField(max_length=10, blank=True)
    called_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["called_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk", "visit"], condition=Q(ended_at=None), name="help_call_once"
            )
        ]

    def __str__(self) -> str:
        return f"help at {self.kiosk_id}"


class StaffCode(models.Model):
    """A code by which somebody of the staff helps at devices of their sites; for a working day."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"code of {self.user_id}"
