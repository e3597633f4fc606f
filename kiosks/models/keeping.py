"""Numbers that devices may give while they cannot ask us, and what came of them."""

from __future__ import annotations

from django.db import models


class ReservedNumber(models.Model):
    """A reference that a device may print by itself. `used_at`: an enquiry has it now."""

    reference = models.CharField(max_length=16, primary_key=True)
    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return self.reference


class SetAside(models.Model):
    """What a device kept and we could not take as an enquiry: as it came, sealed, for a person."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    entry = models.UUIDField(unique=True)
    reference = models.CharField(max_length=16, blank=True)
    sealed = models.TextField()
    why = models.CharField(max_length=200)
    came_at = models.DateTimeField()
    # Taken after all, or read by a person and ended.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["came_at", "pk"]

    def __str__(self) -> str:
        return f"set aside {self.entry}"


class Uncarried(models.Model):
    """A reference that was printed and never reached us: its device had to forget it after days."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    entry = models.UUIDField(unique=True)
    reference = models.CharField(max_length=16, blank=True, db_index=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "pk"]

    def __str__(self) -> str:
        return f"never came: {self.reference}"
