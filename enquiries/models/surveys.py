"""What people say when we ask whether they got what they needed."""

from __future__ import annotations

from django.db import models

from enquiries.channels import Channel

ANSWERS = ("yes", "partly", "no")


class SurveyAnswer(models.Model):
    """One answer at one end point of one sitting; in that sitting it may be changed.

    `key` is the sitting and the end point, hashed: the same twice is one answer. `sealed` are the
    words that came with it, unreadable without the key.
    """

    key = models.CharField(max_length=64, unique=True)
    end_point = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=6, choices=[(one, one) for one in ANSWERS])
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="survey_newest"),
            models.Index(fields=["at", "channel", "answer"], name="survey_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.answer} at {self.end_point}"
