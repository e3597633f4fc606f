"""Referrals: one piece of work offered to one team of one organisation."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from enquiries.lifecycle import REJECT_WORDS, ReferralStatus, RejectReason

__all__ = ["LIVE_REFERRAL", "Referral", "ReferralStatus"]

LIVE_REFERRAL = [ReferralStatus.OFFERED.value, ReferralStatus.ACCEPTED.value]


class Referral(models.Model):
    """What one organisation was asked to do about an enquiry, and what became of it.

    `team` and `assignee` are who has it there. A rejection has a reason from the list, and perhaps
    who they think should do it; a return has in `answer_reason` the question that is missing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="referrals")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ReferralStatus], default="offered"
    )
    reason = models.CharField(max_length=300)
    offered_at = models.DateTimeField()
    accept_due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    work_due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    public_words = models.TextField(blank=True)
    answer_reason = models.CharField(max_length=300, blank=True)
    reject_reason = models.CharField(
        max_length=12,
        choices=[(r.value, REJECT_WORDS[r]) for r in RejectReason],
        blank=True,
        default="",
        db_default="",
    )
    # Who the organisation that rejected thinks should do it.
    suggested = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["work_due_at", "pk"]
        indexes = [
            models.Index(
                fields=["organisation", "status", "work_due_at", "id"], name="referral_inbox"
            ),
            models.Index(
                fields=["organisation", "accept_due_at", "id"],
                name="referral_offered_due",
                condition=Q(status="offered"),
            ),
            models.Index(
                fields=["organisation", "-settled_at", "-id"],
                name="referral_done",
                condition=Q(settled_at__isnull=False),
            ),
            models.Index(
                fields=["expires_at"], name="referral_to_expire", condition=Q(status="offered")
            ),
            models.Index(
                fields=["assignee", "work_due_at", "id"],
                name="referral_mine",
                condition=Q(status__in=LIVE_REFERRAL, assignee__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "organisation"],
                condition=Q(status__in=LIVE_REFERRAL),
                name="referral_one_live_per_body",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVE_REFERRAL, settled_at__isnull=True)
                | (~Q(status__in=LIVE_REFERRAL) & Q(settled_at__isnull=False)),
                name="referral_settled_at_fits_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="referral_accepted_at_fits_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | ~Q(outcome=""),
                name="referral_completed_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.status})"
