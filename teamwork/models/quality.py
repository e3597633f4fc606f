"""A sample of links, marked by two people who know nothing of each other's answer."""

import uuid

from django.db import models
from django.db.models import Q


class QualityRound(models.Model):
    """One sample of pairs: what was linked, and what looked alike and was not.

    `linked_total` and `apart_total` say how many of each there were in the days from which the
    sample was drawn, so that a share of the sample speaks for all of them.
    """

    number = models.PositiveIntegerField(unique=True)
    since = models.DateField()
    until = models.DateField()
    seed = models.CharField(max_length=32)
    linked_total = models.PositiveIntegerField()
    apart_total = models.PositiveIntegerField()
    rule_version = models.CharField(max_length=12)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="quality_round_has_days"
            )
        ]

    def __str__(self) -> str:
        return f"quality sample {self.number}"


class QualityPair(models.Model):
    """A later contact and an earlier enquiry. `tier` is how they were linked (measures.md, L1 to
    L4), or empty where they were not; whoever marks never sees it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(QualityRound, models.CASCADE, related_name="pairs")
    place = models.PositiveIntegerField()
    contact = models.ForeignKey("enquiries.Contact", models.PROTECT, related_name="+")
    earlier = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="+")
    tier = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["round", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="quality_place_once"),
            models.UniqueConstraint(
                fields=["round", "contact", "earlier"], name="quality_pair_once"
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.place} of {self.round_id}"


class QualityMark(models.Model):
    """One person's answer: is the contact about the same need? Two answer; where they differ a
    third decides (`decides`), who sees both.
    """

    pair = models.ForeignKey(QualityPair, models.CASCADE, related_name="marks")
    staff = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    answer = models.CharField(
        max_length=6, choices=[(one, one) for one in ("same", "apart", "unsure")]
    )
    decides = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pair", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "staff"], name="quality_mark_once"),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(decides=True), name="quality_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} for {self.pair_id}"
