"""Contacts: one sitting on one channel, and what each was about."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from enquiries.channels import Channel, ItemKind


class Contact(models.Model):
    """One sitting on one channel: a call, a visit, a form, a text conversation (measures.md)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    person = models.ForeignKey(
        "customers.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    # Keyed hashes of every address that was given in it: what is not proved is written to about
    # what it was given with. Empty where nobody wrote them down.
    given = ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)
    site = models.ForeignKey(
        "accounts.Site", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # `contact_agent` begins with it.
    agent = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    thread = models.CharField(max_length=64, blank=True)
    session = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    abandoned = models.BooleanField(default=False)
    # The kiosk's contact that staff of the same site helped with: itself, where they helped in it,
    # and so it is one contact with staff in it (R46, R56).
    assists = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # What was done on a page, in the ledger's words: article_yes, article_no.
    signals = ArrayField(models.CharField(max_length=16), default=list, db_default=[])
    note = models.CharField(max_length=300, blank=True)
    # Seconds that they waited before an agent was there: of the call, or as the counter typed it.
    queue_wait = models.PositiveIntegerField(null=True, blank=True)
    # How the sitting ended (ContactOutcome); empty until it is wrapped up at the desk.
    outcome = models.CharField(max_length=12, blank=True, default="", db_default="")
    # Since when its agent is busy with another one, when they were reminded of it, and how often.
    parked_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    chases = models.PositiveSmallIntegerField(default=0, db_default=0)
    # When a colleague took it over in the same sitting (R41): what is raised in it was transferred.
    handed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(
                fields=["channel", "thread", "-ended_at"],
                name="contact_thread",
                condition=~Q(thread=""),
            ),
            models.Index(fields=["agent", "-started_at"], name="contact_agent"),
            models.Index(
                fields=["channel", "session", "-ended_at"],
                name="contact_session",
                condition=~Q(session=""),
            ),
            models.Index(
                fields=["started_at", "agent"],
                name="contact_unfinished",
                condition=Q(ended_at=None, agent__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
                name="contact_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} contact {self.public_id}"


class Receipt(models.Model):
    """Proof that something came in once: the unique pair makes a replay impossible (D1)."""

    channel = models.CharField(max_length=8)
    external_id = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    references = ArrayField(models.CharField(max_length=16), default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"


class ContactItem(models.Model):
    """What one contact said about one enquiry. `avoidable` holds the reason, if it was."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="items")
    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="items")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ItemKind])
    avoidable = models.CharField(max_length=32, blank=True)
    evidence = ArrayField(models.CharField(max_length=24), default=list)
    about = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the desk answered to "is it about this?": yes, no; empty where nothing was offered.
    desk_answer = models.CharField(max_length=3, blank=True, default="", db_default="")
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["at"], name="item_chases", condition=Q(kind=ItemKind.CHASE.value)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.contact_id}"
