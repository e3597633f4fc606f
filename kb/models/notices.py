"""What everybody may know already: outages and planned works."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kb.models.services import Service


class NoticeKind(models.TextChoices):
    """Whether something broke, or is being done on purpose."""

    OUTAGE = "outage", "Something is not working"
    WORKS = "works", "Planned works"


class Notice(models.Model):
    """Something known, said before people report it: which services, where, until when.

    It holds everywhere, in areas (by their codes), or within metres of a point. It is shown from
    `starts_at` once it is published, until `ended_at`; one that `ends_itself` is over when its
    expected end has come. `end_words` is what those are told who follow it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=NoticeKind)
    services = models.ManyToManyField(Service, related_name="+")
    title = models.CharField(max_length=120)
    words = models.TextField()
    advice = models.TextField(blank=True)
    everywhere = models.BooleanField(default=False)
    area_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    spot = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    radius_m = models.PositiveIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    expected_end_at = models.DateTimeField(null=True, blank=True)
    ends_itself = models.BooleanField(default=False)
    end_words = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(
                fields=["starts_at"],
                name="notice_in_force",
                condition=Q(published_at__isnull=False, ended_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(everywhere=True)
                | ~Q(area_codes=[])
                | Q(latitude__isnull=False, longitude__isnull=False, radius_m__isnull=False),
                name="notice_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(ends_itself=False) | Q(expected_end_at__isnull=False),
                name="notice_ends_itself_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(published_at__isnull=False),
                name="notice_ends_after_it_was_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title
