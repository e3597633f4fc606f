"""What the partnership does: services, by LGSL."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ResolutionClass(models.TextChoices):
    """How an enquiry about a service ends; sets the repeat window (measures.md)."""

    INFORM = "INFORM", "A question answered"
    TRANSACT = "TRANSACT", "Finished at the contact"
    REQUEST = "REQUEST", "Done later"
    STAGED = "STAGED", "Several contacts by nature"


class Service(models.Model):
    """One service of the catalogue. LGSL and LGIL ids are those of LG Inform Plus's lists."""

    slug = models.SlugField(unique=True, max_length=80)
    lgsl = models.PositiveIntegerField(unique=True)
    lgil = ArrayField(models.PositiveSmallIntegerField(), default=list)
    # Of these, what the law wants done otherwise than online: not counted in BVPI 157.
    not_online = ArrayField(
        models.PositiveSmallIntegerField(), default=list, db_default=[], blank=True
    )
    label = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    group = models.CharField(max_length=40)
    summary = models.CharField(max_length=200)
    owner_tier = models.CharField(max_length=10)
    tier_source = models.CharField(max_length=120, blank=True)
    resolution_class = models.CharField(max_length=8, choices=ResolutionClass)
    promise_wd = models.PositiveSmallIntegerField(null=True, blank=True)
    first_response_wh = models.PositiveSmallIntegerField(null=True, blank=True)
    location = models.CharField(
        max_length=7, choices=[(kind, kind) for kind in ("address", "map", "site", "none")]
    )
    subject = models.CharField(
        max_length=6, choices=[("place", "place"), ("person", "person")], default="person"
    )
    family = models.CharField(max_length=40)
    anonymous_ok = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    out_of_hours = models.CharField(max_length=80, blank=True)
    owner_note = models.CharField(max_length=200, blank=True)
    synonyms = models.TextField(blank=True)
    prompt = models.CharField(max_length=240, blank=True)
    # How near another report is shown before somebody tells us the same, in metres; 0 is never,
    # and empty leaves it to `kb.queries_notices.shows_nearby`.
    nearby_m = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_place(self) -> bool:
        """Whether a postcode is asked for: the answer or the owner depends on where."""
        return self.location in ("address", "map")
