"""Whom somebody has to ring, because nothing that we could send would reach them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from enquiries.models.enquiry import Enquiry


class CallDue(models.Model):
    """One thing that a citizen is to be told by telephone, once. `key` is what makes it once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    event = models.CharField(max_length=40)
    # What is to be said, as a message would have said it; and why nothing was sent.
    words = models.TextField(blank=True)
    why = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["enquiry", "created_at"],
                name="call_due_open",
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"call about {self.enquiry_id}: {self.event}"


class TellingRule(models.Model):
    """Whether an event may be told by a medium when another failed; the product's default is code.

    Of an organisation for what it deals with, else of the whole partnership.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    event = models.CharField(max_length=40)
    medium = models.CharField(max_length=6)
    is_allowed = models.BooleanField()

    class Meta:
        ordering = ["event", "medium", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "event", "medium"],
                name="telling_rule_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.medium}: {'yes' if self.is_allowed else 'no'}"
