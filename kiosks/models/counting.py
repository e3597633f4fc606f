"""What happens at a device, counted by the day. Numbers only: nothing of a person."""

from __future__ import annotations

from django.db import models


class DayCount(models.Model):
    """How often something happened at a device on a day.

    `source` is who counted: `server`, or `device` for what it did while it could not reach us; a
    device tells its own total of the day each time, so that hearing it twice counts once.
    """

    kiosk = models.ForeignKey("kiosks.Kiosk", models.CASCADE, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=6)
    # starts, completions, resets, resets_with_data, helps, prints, assisted; or "left", with where.
    name = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk", "day", "source", "name"], name="kiosk_day_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day} {self.kiosk_id}"


class DropOut(models.Model):
    """At which question people left, on a day at a device."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.CASCADE, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=6)
    service = models.CharField(max_length=80, blank=True)
    question = models.CharField(max_length=80)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk", "day", "source", "service", "question"],
                name="kiosk_drop_out_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.question} {self.day}"


class KioskDay(models.Model):
    """A day that has ended, as it was: where the device stood, how long it should have been there,
    and how long nothing was heard of it."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.CASCADE, related_name="+")
    day = models.DateField()
    site = models.ForeignKey("accounts.Site", models.PROTECT, related_name="+")
    # Of its opening hours, and of these without a word.
    open_seconds = models.PositiveIntegerField(default=0)
    silent_seconds = models.PositiveIntegerField(default=0)
    # Those that began on this day.
    outages = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kiosk", "day"], name="kiosk_day_once"),
            models.CheckConstraint(
                condition=models.Q(silent_seconds__lte=models.F("open_seconds")),
                name="kiosk_day_silent_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kiosk_id} on {self.day}"
