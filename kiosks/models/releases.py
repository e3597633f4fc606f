"""Releases of the face that devices keep: what each holds, and who has it."""

from __future__ import annotations

from django.db import models


class Release(models.Model):
    """One edition of the kiosk's own pages and scripts, complete, so that it can come back.

    `share` is the part of all devices, in per cent, that have it; devices marked early have it
    before. What was withdrawn nobody has.
    """

    version = models.CharField(max_length=16, unique=True)
    made_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    share = models.PositiveSmallIntegerField(default=0, db_default=0)
    early_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__lte=100), name="release_share_in_per_cent"
            )
        ]

    def __str__(self) -> str:
        return self.version


class ReleaseFile(models.Model):
    """One file of a release, as it is served."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["release", "path"], name="release_file_once")
        ]

    def __str__(self) -> str:
        return self.path
