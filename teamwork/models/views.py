"""Lists of the queue with a name: somebody's own, or a team's."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A view of the queue and what it is narrowed by, as its address has it (never words that were
    looked for). It is `staff`'s own, or every member's of `team`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40)
    staff = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+"
    )
    query = models.CharField(max_length=400)
    place = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False, team__isnull=True)
                | Q(staff__isnull=True, team__isnull=False),
                name="saved_view_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The view that the queue opens with for one member of staff."""

    staff = models.OneToOneField(
        "accounts.User", models.CASCADE, primary_key=True, related_name="+"
    )
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.view_id}"
