"""Who must act where, and by when: data, so that a partnership can change its mind."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from enquiries.channels import Channel
from enquiries.lifecycle import Priority


class RuleSet(models.Model):
    """One version of all routing rules. Published ones are never changed, only followed by others.

    A draft has no `published_at`. Live is the published one with the newest `live_from` that has
    come; one whose `live_from` is still to come is waiting.
    """

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=120, blank=True)
    live_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(
                fields=["-live_from", "-number"],
                name="rule_set_live",
                condition=Q(published_at__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, live_from__isnull=True)
                | Q(published_at__isnull=False, live_from__isnull=False),
                name="rule_set_published_has_live_from",
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class RoutingRule(models.Model):
    """(service or owner tier) × area × conditions × time → who must act. Lower positions win.

    Empty fields match everything. `answers` maps a question's key to the values that match.
    Who must act is an organisation with perhaps a team, or a body outside the partnership.
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="rules")
    position = models.PositiveIntegerField()
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_tier = models.CharField(max_length=10, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    priority = models.CharField(
        max_length=9, choices=[(p.value, p.value) for p in Priority], blank=True
    )
    channels = ArrayField(
        models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel]),
        default=list,
        blank=True,
    )
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    outside = models.ForeignKey(
        "accounts.OutsideBody", models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "position"], name="rule_position_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, outside__isnull=True)
                | Q(organisation__isnull=True, outside__isnull=False, team__isnull=True),
                name="rule_names_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"rule {self.position}"


class Agreement(models.Model):
    """What an organisation agreed: working hours to accept, working days to do the work.

    `elapsed` counts hours and days of the clock instead, by night and on bank holidays too (R5):
    for emergencies.
    """

    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    accept_wh = models.PositiveSmallIntegerField()
    work_wd = models.PositiveSmallIntegerField()
    elapsed = models.BooleanField(default=False)

    class Meta:
        ordering = ["organisation", "service", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "organisation"], nulls_distinct=False, name="agreement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.accept_wh} h, {self.work_wd} days"


class ClockRule(models.Model):
    """Shortens our clocks to a percentage for a priority, or for a vulnerable person.

    Of several that fit, the one with the smallest percentage holds. `service` None is any.
    """

    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.CharField(
        max_length=9, choices=[(p.value, p.value) for p in Priority], blank=True
    )
    vulnerable = models.BooleanField(default=False)
    percent = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["service", "priority", "vulnerable", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="clock_rule_only_shortens"
            ),
            models.CheckConstraint(
                condition=~Q(priority="") | Q(vulnerable=True), name="clock_rule_has_a_cause"
            ),
            models.UniqueConstraint(
                fields=["service", "priority", "vulnerable"],
                nulls_distinct=False,
                name="clock_rule_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
