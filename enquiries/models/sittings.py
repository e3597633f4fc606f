"""What belongs to one sitting at the desk: what it was said to be about, and who took it over."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from enquiries.models.contacts import Contact, ContactItem


class AboutOffer(models.Model):
    """One enquiry that "is it about this?" offered in a contact, and what the agent answered.

    Written when they answer: who scrolls past says nothing. `rank` is where it stood, `because` the
    strongest reason (queries.about_this). These rows are what recall is counted from.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=8)
    # yes: it is about this; no: about none of those that were shown; empty: another was chosen.
    answer = models.CharField(max_length=3, blank=True)
    item = models.ForeignKey(
        ContactItem, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "enquiry"], name="about_offer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id} in {self.contact_id}: {self.answer or 'not chosen'}"


class HandOver(models.Model):
    """One agent offers a contact to a colleague, or to a team, while they are still in touch.

    `sealed` is what they say to whoever takes it (core.sealing), and is gone when it is answered
    and the contact is wrapped up. `is_cold` says that they were put through without waiting.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    from_user = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    to_user = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    to_team = models.ForeignKey(
        "accounts.Team", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    sealed = models.TextField(blank=True)
    is_cold = models.BooleanField(default=False)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # accepted, refused, taken_back, over; empty while it stands.
    answer = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["offered_at", "pk"]
        indexes = [
            models.Index(
                fields=["to_user", "offered_at"],
                name="hand_over_to_user",
                condition=Q(answered_at=None, to_user__isnull=False),
            ),
            models.Index(
                fields=["to_team", "offered_at"],
                name="hand_over_to_team",
                condition=Q(answered_at=None, to_team__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(answered_at=None), name="hand_over_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="hand_over_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over of {self.contact_id}, {self.answer or 'offered'}"
