"""The bodies of the partnership, their teams and the places where people meet them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class OrganisationKind(models.TextChoices):
    HUB = "hub", "Hub"
    COUNTY = "county", "County council"
    DISTRICT = "district", "District council"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    TOWN = "town", "Town council"


def office_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to five: what an organisation has until it says otherwise."""
    return {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


class Organisation(models.Model):
    """A public body, or the hub itself: the partnership's front door (ADR 0007)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=OrganisationKind)
    area_code = models.CharField(max_length=12, blank=True, db_index=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    calendar = models.JSONField(default=office_hours)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_hub(self) -> bool:
        """Whether this is the front door rather than a body that acts."""
        return self.kind == OrganisationKind.HUB


class Team(models.Model):
    """People of one organisation who share a queue."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    slug = models.SlugField()
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    is_default = models.BooleanField(default=False)
    # None: the team keeps its organisation's hours.
    calendar = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="team_slug_per_body"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(is_default=True),
                name="team_one_default_per_body",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    SERVICE_CENTRE = "service_centre", "Service centre"
    CENTRE = "centre", "Centre"
    CONTACT_CENTRE = "contact_centre", "Contact centre"
    KIOSK = "kiosk", "Kiosk site"


class Site(models.Model):
    """A place, or for the contact centre a non-place, where contacts are taken."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SiteKind)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    opening = models.JSONField(default=office_hours)
    phone = models.CharField(max_length=32, blank=True)
    # What one can get done there, by the keys of accounts.offers.
    offers = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class OutsideKind(models.TextChoices):
    ROADS = "roads", "Motorways and trunk roads"
    HOUSING = "housing", "Housing association"
    WATER = "water", "Canals and rivers"
    OTHER = "other", "Another body"


class OutsideBody(models.Model):
    """A body that is not of the partnership, and is the one to ask: "not ours", and whose it is.

    `hand_off` is what a citizen reads: who deals with it, and what to do now.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=OutsideKind)
    phone = models.CharField(max_length=32)
    url = models.URLField(blank=True)
    hand_off = models.CharField(max_length=400)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "outside bodies"

    def __str__(self) -> str:
        return self.name
