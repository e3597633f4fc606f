"""Who carries messages: providers, which of them for whom, how they are, and each hand-over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from notifications.models.messages import MEDIA

KINDS = [
    ("smtp", "E-mail server (SMTP)"),
    ("twilio", "Twilio"),
    ("notify", "GOV.UK Notify"),
    ("webhook", "Webhook"),
    ("print", "Printed by us"),
    ("postbox", "The demo's post box"),
    ("memory", "Memory"),
    ("console", "Console"),
]
RESULTS = [
    ("handed", "Handed over"),
    ("refused", "Refused"),
    ("later", "Not taken now"),
    ("busy", "Asked to wait"),
    ("unclear", "No clear answer"),
]


class Carrier(models.Model):
    """One account with one provider. What the environment names has no row; see registry."""

    slug = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=KINDS)
    # Whose account it is; none: the partnership's.
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    settings = models.JSONField(default=dict, blank=True)
    # Its keys as JSON, sealed (core.sealing): never shown again once written.
    sealed = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """Which carriers take a medium for an organisation, the first that is well before the next."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    medium = models.CharField(max_length=6, choices=MEDIA)
    # A row's slug, or that of a carrier which the environment names.
    carrier = models.SlugField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["medium", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "medium", "carrier"],
                name="route_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.medium} by {self.carrier}"


class CarrierHealth(models.Model):
    """A carrier that is ill, since when, and when it may be tried again. No row: it is well."""

    carrier = models.SlugField(max_length=20, primary_key=True)
    ill_since = models.DateTimeField(null=True, blank=True)
    # From then on one message may be tried with it.
    probe_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    # When it was last well again after an illness.
    well_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ill_since__isnull=True) | Q(probe_at__isnull=False),
                name="ill_carrier_has_its_next_try",
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {'ill' if self.ill_since else 'well'}"


class Attempt(models.Model):
    """One hand-over to a carrier and what came of it. Append-only, removed when old."""

    # No constraint: attempts outlive the message when its case is forgotten.
    notification = models.BigIntegerField(db_index=True)
    carrier = models.SlugField(max_length=20, db_index=False)
    medium = models.CharField(max_length=6, choices=MEDIA)
    at = models.DateTimeField()
    # How long the carrier took to answer, in milliseconds.
    took_ms = models.PositiveIntegerField()
    result = models.CharField(max_length=7, choices=RESULTS)
    code = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["carrier", "-at"], name="attempt_newest"),
            models.Index(
                fields=["carrier", "at"],
                condition=Q(result__in=["later", "unclear"]),
                name="attempt_bad",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.result}"
