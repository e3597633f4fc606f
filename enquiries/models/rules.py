"""Who must act where, and by when: data, so that a partnership can change its mind."""

from __future__ import annotations

from django.db import models


class RoutingRule(models.Model):
    """(service or owner tier) × area × time → organisation and team. Lower positions win."""

    position = models.PositiveIntegerField(unique=True)
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_tier = models.CharField(max_length=10, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"rule {self.position}"


class Agreement(models.Model):
    """What an organisation agreed: working hours to accept, working days to do the work."""

    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    accept_wh = models.PositiveSmallIntegerField()
    work_wd = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["organisation", "service", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "organisation"], nulls_distinct=False, name="agreement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.accept_wh} h, {self.work_wd} days"
