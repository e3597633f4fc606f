"""Enquiries that look like spam and wait for a person: received, promised, sent to nobody yet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from enquiries.lifecycle import Settled


class Holding(models.Model):
    """Why an enquiry is held, until when, and what came of it.

    It presses from `presses_at`; at `goes_on_at` it goes on by itself, if nobody looked. It is
    held while it is neither settled nor moved on otherwise: its enquiry is new. `send_to` is what
    triage is told when it goes on.
    """

    enquiry = models.OneToOneField(
        "enquiries.Enquiry", models.PROTECT, primary_key=True, related_name="holding"
    )
    reasons = ArrayField(models.CharField(max_length=24), default=list)
    send_to = models.CharField(max_length=60, blank=True)
    held_at = models.DateTimeField()
    presses_at = models.DateTimeField()
    goes_on_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_as = models.CharField(
        max_length=9, choices=[(one.value, one.value) for one in Settled], blank=True
    )
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["held_at", "pk"]
        indexes = [
            models.Index(fields=["goes_on_at"], name="holding_open", condition=Q(settled_at=None)),
            models.Index(
                fields=["-settled_at"], name="holding_spam", condition=Q(settled_as="spam")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id} held"
