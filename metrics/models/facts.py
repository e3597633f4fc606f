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
    # Milestones, whatever the window: the clock's start, the first answer, the first outcome.
    received_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # The last outcome of what was opened again after its first.
    final_at = models.DateTimeField(null=True)
    # The first outcome of the need, second tickets included; none for a second ticket.
    need_settled_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    standing = models.CharField(max_length=7, blank=True, default="", db_default="")

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
            models.Index(
                fields=["late_from"],
                name="fact_to_be_late",
                condition=Q(verdict="pending", broken=False, outcome_at=None),
            ),
            models.Index(fields=["enquiry"], name="fact_unfinished", condition=Q(unfinished=True)),
            models.Index(
                fields=["window_end"],
                name="fact_decided",
                include=["klass", "organisation", "opened_at", "broken_at", "verdict"],
                condition=Q(verdict__in=["success", "failure"]),
            ),
            models.Index(fields=["last_recorded_at"], name="fact_recorded"),
            models.Index(
                fields=["need_settled_at"],
                name="fact_need_settled",
                condition=Q(need_settled_at__isnull=False),
            ),
            models.Index(
                fields=["organisation", "received_at"],
                name="fact_open_work",
                condition=Q(standing="open"),
            ),
            GinIndex(fields=["ties"], name="fact_ties", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.verdict}"


class ItemFact(models.Model):
    """One item of a contact as figures see it; one item of each contact `heads` it.

    `organisation`, `team`, `service` and `klass` are the enquiry's; `channel`, `site`, `taken_by`
    and `taken_team` the contact's. `avoidable` is the reason, empty where it was of use.
    """

    item = models.OneToOneField(
        "enquiries.ContactItem", models.CASCADE, primary_key=True, related_name="+"
    )
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=8)
    site = models.CharField(max_length=50, blank=True)
    taken_by = models.CharField(max_length=50, blank=True)
    taken_team = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=80, blank=True)
    service = models.CharField(max_length=80, blank=True)
    klass = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    avoidable = models.CharField(max_length=32, blank=True)
    heads = models.BooleanField()
    left_out = models.BooleanField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="item_fact_at"),
            models.Index(fields=["organisation", "at"], name="item_fact_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enquiry_id}"


class Cursor(models.Model):
    """How far the ledger has been read."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.value or 'the beginning'}"
