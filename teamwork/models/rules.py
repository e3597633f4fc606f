"""What happens by itself: rules with their versions, what waits for them, what they did."""

from __future__ import annotations

import uuid

from django.db import models


class Rule(models.Model):
    """A rule of the hub's: of one team's cases, or of all (`team` empty). `current` is the
    number of the version that holds.

    Lower positions come first. `owner` is told when it is paused: it failed so many times in a
    row (`failures`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField(default=0)
    current = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"rule {self.public_id}"


class RuleVersion(models.Model):
    """What a rule said from `made_at` on. Never changed, only followed by another."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    trigger = models.CharField(max_length=20)
    conditions = models.JSONField(default=dict)
    acts = models.JSONField(default=list)
    goes_on = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class RuleEvent(models.Model):
    """A line of the ledger that some rule waits for: gone when the rules have been through."""

    event = models.BigIntegerField(unique=True)
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"line {self.event}"


class RuleRun(models.Model):
    """What a version of a rule did about one line of the ledger: once.

    `outcome` is done, failed or stopped (by the guard against loops); `why` says why not; `acts`
    is how many things it did. Nobody's words are in it.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+", db_index=False)
    event = models.BigIntegerField()
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=7, choices=[(one, one) for one in ("done", "failed", "stopped")]
    )
    acts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["rule", "-id"], name="rule_run_latest"),
            models.Index(fields=["enquiry", "-at"], name="rule_run_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["version", "event"], name="rule_run_once")]

    def __str__(self) -> str:
        return f"{self.outcome} about line {self.event}"


class RuleCursor(models.Model):
    """How far the rules have read the ledger."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.TextField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.value}"
