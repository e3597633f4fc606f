"""Devices that stand in public places and speak for a site."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Printer(models.TextChoices):
    """What a device prints on."""

    NONE = "", "No printer"
    ROLL = "80mm", "Receipts, 80 mm"
    A4 = "a4", "A4"


class Kiosk(models.Model):
    """One device. Of its one-time code and of its session only digests are kept, of its key the
    public half.

    The session's token is changed every few minutes; the one before still opens for a moment, so
    that what is on its way arrives.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("accounts.Site", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    code_digest = models.CharField(max_length=64, blank=True, db_index=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True, db_index=True)
    token_before = models.CharField(max_length=64, blank=True, db_default="")
    token_at = models.DateTimeField(null=True, blank=True)
    # Its public key as a JWK, and the key's thumbprint (RFC 7638): by this it is known.
    key = models.JSONField(null=True, blank=True)
    thumbprint = models.CharField(max_length=43, blank=True, db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Locked by an administrator: it shows that it is, and does nothing else, until unlocked.
    locked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    # Services, by slug, that are not offered here; languages offered, none said is all; opening
    # hours as sites keep them, None is the site's.
    hidden_services = ArrayField(
        models.CharField(max_length=80), default=list, db_default=[], blank=True
    )
    languages = ArrayField(models.CharField(max_length=10), default=list, db_default=[], blank=True)
    opening = models.JSONField(null=True, blank=True)
    printer = models.CharField(max_length=4, blank=True, choices=Printer, db_default="")
    # Receipts that a roll or a stack of paper is good for; 0 where nobody said.
    paper = models.PositiveIntegerField(default=0, db_default=0)
    # How wide the screen is, in millimetres, so that targets are as large as fingers; 0 unknown.
    screen_mm = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Gets a new release of the kiosk's face before the others.
    is_early = models.BooleanField(default=False, db_default=False)
    # Made up for a demonstration: it has no key, says nothing, and nobody is alarmed about it.
    is_demonstration = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "accounts_kiosk"
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["thumbprint"], name="kiosk_thumbprint", condition=~Q(thumbprint="")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def where(self) -> str:
        """Where it stands and which it is: once where it is named as its place."""
        return self.name if self.name == self.site.name else f"{self.site.name}, {self.name}"
