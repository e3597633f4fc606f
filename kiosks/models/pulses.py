"""Signs of life of devices, and the times when there were none."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Pulse(models.Model):
    """What a device said last, every thirty seconds; one row for each, written in place."""

    kiosk = models.OneToOneField(
        "kiosks.Kiosk", models.CASCADE, primary_key=True, related_name="pulse"
    )
    at = models.DateTimeField()
    # The release of its face, and the edition of questions and answers that it keeps.
    release = models.CharField(max_length=16, blank=True, db_default="")
    content = models.CharField(max_length=16, blank=True, db_default="")
    # Enquiries that it keeps for us, and since when the oldest; numbers that it can still give.
    queued = models.PositiveIntegerField(default=0, db_default=0)
    oldest_at = models.DateTimeField(null=True, blank=True)
    numbers = models.PositiveIntegerField(default=0, db_default=0)
    touched_at = models.DateTimeField(null=True, blank=True)
    # Receipts printed since somebody put paper in; and the device's own total, as it said it last.
    printed = models.PositiveIntegerField(default=0, db_default=0)
    printed_ever = models.PositiveIntegerField(default=0, db_default=0)
    # Seconds by which its clock is before ours (negative: behind).
    clock_off = models.FloatField(default=0, db_default=0)
    # When the newest nonce was made that it has signed: what comes with an older one is no news.
    nonce_at = models.DateTimeField(null=True, blank=True)
    # Words of its own for what is wrong: storage_full, storage_low, printer, update_failed.
    problems = ArrayField(models.CharField(max_length=24), default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"pulse of {self.kiosk_id}"


class Outage(models.Model):
    """A time, within opening hours, in which a device said nothing for three turns."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk"], condition=Q(ended_at=None), name="kiosk_one_outage"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
                name="kiosk_outage_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return f"outage of {self.kiosk_id} since {self.began_at:%Y-%m-%d %H:%M}"
