"""Facts folded from the ledger. Everything here can be thrown away and folded again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class EnquiryFact(models.Model):
    """One enquiry as figures see it. `ties` names what other enquiries' verdicts may hang on."""

    enquiry = models.OneToOneField(
        "enquiries.Enquiry", models.CASCADE, primary_key=True, related_name="+"
    )
    reference = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    service = models.CharField(max_length=80, blank=True)
    klass = models.CharField(max_length=8)
    organisation = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=80, blank=True)
    site = models.CharField(max_length=50, blank=True)
    linkable = models.BooleanField()
    self_service = models.BooleanField()

    first_contact = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()
    unfinished = models.BooleanField()
    window_end = models.DateTimeField(null=True)
    late_from = models.DateTimeField(null=True)
    outcome_at = models.DateTimeField(null=True)

    verdict = models.CharField(max_length=8)
    reason = models.CharField(max_length=32, blank=True)
    owner = models.CharField(max_length=64, blank=True)
    recontacts = models.PositiveSmallIntegerField()
    recontacted = models.BooleanField()
    broken = models.BooleanField()
    capped = models.BooleanField()
    fcc = models.BooleanField(null=True)
    rftr = models.BooleanField(null=True)
    links = models.JSONField(default=list)

    ties = ArrayField(models.CharField(max_length=120), default=list)
    last_recorded_at = models.DateTimeField()
    version = models.CharField(max_length=12)
    folded_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["-started_at", "-enquiry"], name="fact_recent"),
            models.Index(fields=["organisation", "-started_at"], name="fact_organisation"),
            models.Index(fields=["service", "-started_at"], name="fact_service"),
            models.Index(
                fields=["window_end"], name="fact_to_mature", condition=Q(verdict="pending")
            ),
            models.Index(fields=["enquiry"], name="fact_unfinished", condition=Q(unfinished=True)),
            models.Index(fields=["last_recorded_at"], name="fact_recorded"),
            GinIndex(fields=["ties"], name="fact_ties"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.verdict}"


class Cursor(models.Model):
    """How far the ledger has been read."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.value or 'the beginning'}"
