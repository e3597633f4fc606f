"""What people enter for figures, and what is made of them for people: none of it is folded."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class UnitCost(models.Model):
    """What one contact of a channel costs an organisation from a day on, as it entered it.

    Published figures differ five- to tenfold, so there is no constant (measures.md). A row that
    was wrong is entered again for the same day.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    since = models.DateField()
    pounds = models.DecimalField(max_digits=8, decimal_places=2)
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation", "channel", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "since"], name="unit_cost_once"
            ),
            models.CheckConstraint(condition=Q(pounds__gte=0), name="unit_cost_is_no_gain"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.pounds}"


class OnlineDay(models.Model):
    """What of its services an organisation offered online on a day (BVPI 157): types, not use."""

    day = models.DateField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    permissible = models.PositiveIntegerField()
    enabled = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day"], name="online_day_once"),
            models.CheckConstraint(
                condition=Q(enabled__lte=models.F("permissible")), name="online_within_permissible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.enabled} of {self.permissible}"


class Pack(models.Model):
    """The figures of a week or a month on paper: of one organisation, or "" of the whole.

    `said` are the first sentences, for the message that tells of it.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7)
    since = models.DateField()
    organisation = models.CharField(max_length=50, blank=True)
    made_at = models.DateTimeField()
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    said = models.JSONField(default=list)
    version = models.CharField(max_length=12)

    class Meta:
        ordering = ["-since", "kind", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "organisation", "since"], name="pack_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.since}: {self.organisation or 'the whole'}"


class PackReader(models.Model):
    """Whether somebody wants packs in their mail; None is what managers get unasked.

    `since` is when they last chose.
    """

    user = models.OneToOneField("accounts.User", models.CASCADE, primary_key=True, related_name="+")
    weekly = models.BooleanField(null=True, default=True, db_default=True)
    monthly = models.BooleanField(null=True)
    since = models.DateTimeField()

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.since:%Y-%m-%d}"


class Annotation(models.Model):
    """What happened on a day that figures show, as a manager wrote it; without an organisation it
    is everybody's."""

    day = models.DateField()
    until = models.DateField(null=True)
    words = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("day")),
                name="annotation_runs_forwards",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.words}"


class Band(models.Model):
    """Between what a figure should stay, of the whole or of one organisation, and its target.

    In hundredths, or for `cpr` in contacts. `outside_since`: it was told that it has left.
    """

    figure = models.CharField(max_length=16)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    target = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    tells = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    compared_on = models.DateField(null=True)
    outside_since = models.DateField(null=True)

    class Meta:
        ordering = ["figure", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "organisation"], name="band_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="band_low_below_high",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure}: {self.low} to {self.high}"
