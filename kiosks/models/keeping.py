"""Numbers that devices may give while they cannot ask us, and what came of them."""

from __future__ import annotations

from django.db import models


class ReservedNumber(models.Model):
    """A reference that a device may print by itself. `used_at`: it leads to an enquiry now,
    or to nothing any more (what was told with it never came, a year ago). None is ever deleted: it
    says nothing of anybody, and no number is printed twice.

    `stands_for` is the reference of that enquiry where it has another: it came in before, at the
    server's own door.
    """

    reference = models.CharField(max_length=16, primary_key=True)
    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    stands_for = models.CharField(max_length=16, blank=True, db_default="")

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return self.reference


class SetAside(models.Model):
    """What a device kept and we could not take as an enquiry: as it came, sealed, for a person."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    entry = models.UUIDField(unique=True)
    reference = models.CharField(max_length=16, blank=True)
    sealed = models.TextField()
    why = models.CharField(max_length=200)
    came_at = models.DateTimeField()
    # Milliseconds by which the device's clock was behind ours when it came (negative: before).
    clock_behind = models.BigIntegerField(default=0, db_default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    # Taken after all, or ended by a person who says why: then what was sealed is gone.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_words = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["came_at", "pk"]

    def __str__(self) -> str:
        return f"set aside {self.entry}"


class Uncarried(models.Model):
    """A reference that was printed and never reached us: its device had to forget it after days."""

    kiosk = models.ForeignKey("kiosks.Kiosk", models.PROTECT, related_name="+")
    entry = models.UUIDField(unique=True)
    reference = models.CharField(max_length=16, blank=True, db_index=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "pk"]

    def __str__(self) -> str:
        return f"never came: {self.reference}"
