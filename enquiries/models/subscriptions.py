"""Whom a citizen lets us keep told beside themselves."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Subscription(models.Model):
    """Somebody else who hears how an enquiry goes on, in neutral words, once they have said yes.

    `sealed` is their address, unreadable without the key; `digest` its keyed hash. `secret` opens
    the one page on which they say yes, or stop. `ended_by` is subscriber, citizen or silence.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="subscriptions")
    medium = models.CharField(max_length=5, choices=[("email", "Email"), ("sms", "Text")])
    sealed = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    secret = models.CharField(max_length=32, unique=True, editable=False)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(
                fields=["enquiry"],
                name="subscription_told",
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "digest"], name="subscription_once_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.medium} beside {self.enquiry_id}"
