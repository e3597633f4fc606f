"""What first triage took an enquiry to be about, and what a person then said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Suggestion(models.Model):
    """The service that the words of an enquiry suggest, how surely, why; and what was decided.

    `was_set` says that it was sure enough to be taken without a person. `decided` is the service
    that a person said last, and `right` whether that is the one suggested; while both are empty
    nobody has said anything. No word of the citizen is kept here, only a keyed hash of them all.
    """

    enquiry = models.OneToOneField("enquiries.Enquiry", models.PROTECT, related_name="suggestion")
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # In hundredths: 0 to 100.
    certainty = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    # The next likely: [slug, hundredths], best first.
    others = models.JSONField(default=list)
    words_hash = models.CharField(max_length=64)
    was_set = models.BooleanField()
    at = models.DateTimeField()
    decided = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    right = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="suggestion_at")]
        constraints = [
            models.CheckConstraint(condition=Q(certainty__lte=100), name="suggestion_hundredths"),
            models.CheckConstraint(
                condition=Q(was_set=False) | Q(service__isnull=False),
                name="suggestion_set_names_one",
            ),
            models.CheckConstraint(
                condition=Q(decided__isnull=True, decided_at=None, right=None)
                | Q(decided__isnull=False, decided_at__isnull=False, right__isnull=False),
                name="suggestion_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Suggestion for enquiry {self.enquiry_id}"
