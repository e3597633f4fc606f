"""When people begin to ask how it is going, by service; and whether we tell them before."""

from __future__ import annotations

from django.db import models


class ChasePoint(models.Model):
    """One service: what our own ledger says of its chases, and what an administrator set.

    `median_hours` is the elapsed time from receipt to the first chase, over `chases` enquiries;
    `after` is what follows from both: so long after receipt they are told. None: they are not.
    """

    service = models.OneToOneField("kb.Service", models.CASCADE, related_name="+")
    chases = models.PositiveIntegerField(default=0)
    median_hours = models.FloatField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    is_on = models.BooleanField(default=True)
    own_hours = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=120, blank=True)
    after = models.DurationField(null=True, blank=True)

    class Meta:
        ordering = ["service"]

    def __str__(self) -> str:
        return f"when people ask about {self.service_id}"
