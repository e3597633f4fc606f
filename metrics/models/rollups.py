"""Facts added up by day, week and month. Everything here can be thrown away and counted again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Alike(models.Model):
    """What a rollup counts as one: the values that figures tell apart, as a JSON list."""

    key = models.CharField(max_length=400, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class Rollup(models.Model):
    """How often each `Alike` came in a day, week or month: of everybody, or of one part.

    `what` is counted, by `level`: `within` an organisation where the level names two parts.
    `alike`, `numbers` and `recontacts` belong together, place by place.
    """

    what = models.CharField(max_length=10)
    level = models.CharField(max_length=24)
    within = models.CharField(max_length=50, blank=True)
    part = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=5)
    start = models.DateField()
    alike = ArrayField(models.BigIntegerField())
    numbers = ArrayField(models.IntegerField())
    recontacts = ArrayField(models.IntegerField())

    class Meta:
        ordering = ["what", "level", "within", "part", "unit", "start"]
        indexes = [
            models.Index(fields=["what", "level", "unit", "start"], name="rollup_by_part"),
            models.Index(fields=["start", "unit"], name="rollup_of_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "level", "within", "part", "unit", "start"], name="rollup_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.part or self.level}, {self.unit} {self.start}"


class RolledPart(models.Model):
    """A part whose sums are kept (`RolledCell`), of the whole or of one value of a level."""

    what = models.CharField(max_length=10)
    level = models.CharField(max_length=24)
    within = models.CharField(max_length=50, blank=True)
    part = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["what", "level", "within", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "level", "within", "part"], name="rolled_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} by {self.level}: {self.within} {self.part}"


class RolledCell(models.Model):
    """The sums of a day, week or month (`unit` 0, 1, 2) of one part and one `Alike`.

    Millions of slim rows, written by statements that know both: there are no foreign keys. What
    each sum is, `metrics.sums.Tally` says.
    """

    pk = models.CompositePrimaryKey("part_id", "unit", "start", "alike_id")
    part_id = models.IntegerField()
    unit = models.SmallIntegerField()
    start = models.DateField()
    alike_id = models.IntegerField()
    mature = models.IntegerField()
    linkable = models.IntegerField()
    linkable_success = models.IntegerField()
    recontacted = models.IntegerField()
    anonymous_success = models.IntegerField()
    pending = models.IntegerField()
    unbroken = models.IntegerField()
    left_out = models.IntegerField()
    capped = models.IntegerField()
    recontacts = models.IntegerField()
    fcc = models.IntegerField()
    fcc_of = models.IntegerField()
    rftr = models.IntegerField()
    rftr_of = models.IntegerField()

    class Meta:
        ordering = ["part_id", "unit", "start", "alike_id"]
        indexes = [models.Index(fields=["unit", "start"], name="rolled_cell_of_day")]

    def __str__(self) -> str:
        return f"{self.alike_id} of {self.part_id}, {self.unit} {self.start}"


class ChangedDay(models.Model):
    """A day whose facts have changed since it was counted; written by the database itself."""

    day = models.DateField()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return str(self.day)
