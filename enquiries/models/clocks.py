"""The clocks of an enquiry: when each started, when it is due, how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from enquiries.lifecycle import ClockKind, ClockState

_OPEN = [ClockState.RUNNING.value, ClockState.PAUSED.value]


class Clock(models.Model):
    """One clock (measures.md "Clocks"). Only `enquiries.actions.deadlines` writes it.

    `budget` is working time, or elapsed time where `elapsed`; with a calendar day's promise it is
    the working time from start to that day's closing (R7). `due_at` is None while paused unless
    the budget was spent before. A result is decided once: met or missed never changes again.
    """

    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="clocks")
    referral = models.ForeignKey(
        "enquiries.Referral", models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    kind = models.CharField(max_length=14, choices=[(k.value, k.value) for k in ClockKind])
    # Whose calendar it runs on.
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    budget = models.DurationField()
    elapsed = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=7,
        choices=[(s.value, s.value) for s in ClockState],
        default=ClockState.RUNNING.value,
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(
                fields=["warn_at"],
                name="clock_to_warn",
                condition=Q(state=ClockState.RUNNING.value, warned_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="clock_to_miss",
                condition=Q(state=ClockState.RUNNING.value),
            ),
            models.Index(
                fields=["organisation"], name="clock_open_of_body", condition=Q(state__in=_OPEN)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "kind"],
                condition=Q(referral__isnull=True),
                name="clock_once_per_enquiry",
            ),
            models.UniqueConstraint(
                fields=["referral", "kind"],
                condition=Q(referral__isnull=False),
                name="clock_once_per_referral",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.MISSED.value, missed_at__isnull=False)
                | (~Q(state=ClockState.MISSED.value) & Q(missed_at__isnull=True)),
                name="clock_missed_at_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, stopped_at__isnull=True)
                | Q(state=ClockState.MISSED.value)
                | Q(
                    state__in=[ClockState.MET.value, ClockState.VOID.value],
                    stopped_at__isnull=False,
                ),
                name="clock_stopped_at_fits_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enquiry_id}: {self.state}"
