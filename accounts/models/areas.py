"""Where: areas by GSS code, and every live postcode of the county (Code-Point Open)."""

from __future__ import annotations

from django.db import models


class Area(models.Model):
    """A county, district, ward or town. Codes are ONS GSS codes; towns have codes of our own."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(
        max_length=8,
        choices=[(kind, kind) for kind in ("county", "district", "ward", "town")],
    )
    parent_code = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """One live postcode without its space. Eastings in metres (OSGB36), degrees in WGS84."""

    postcode = models.CharField(max_length=7, primary_key=True)
    district_code = models.CharField(max_length=12, db_index=True)
    ward_code = models.CharField(max_length=12, blank=True)
    easting = models.IntegerField()
    northing = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.postcode


class Address(models.Model):
    """One address by its UPRN, as an operator's licensed table has it. May be none at all."""

    uprn = models.CharField(max_length=12, primary_key=True)
    postcode = models.CharField(max_length=7, db_index=True)
    text = models.CharField(max_length=300)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.text


class Boundary(models.Model):
    """The edge of one area as GeoJSON geometry (Polygon or MultiPolygon, WGS84 degrees).

    An operator imports them; without any, a point is placed by the postcodes nearest to it.
    """

    area_code = models.CharField(max_length=12, unique=True)
    geometry = models.JSONField()
    source = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["area_code"]
        verbose_name_plural = "boundaries"

    def __str__(self) -> str:
        return self.area_code
