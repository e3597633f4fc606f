"""Screens on walls, which show how it stands without anybody being signed in at them."""

from __future__ import annotations

import uuid

from django.db import models


class WallScreen(models.Model):
    """One screen, by the name of its place. Its address holds until it is switched off."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    # When it was last seen to look, to a few minutes.
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
