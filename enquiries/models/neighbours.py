"""What others may read of an enquiry before they report the same, and who follows a notice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PublicNote(models.Model):
    """Words, and perhaps a picture, of an enquiry that staff wrote or chose for its neighbours.

    Nothing that a citizen said is shown to another one, unless somebody here read it first.
    """

    enquiry = models.OneToOneField("enquiries.Enquiry", models.PROTECT, related_name="public_note")
    words = models.CharField(max_length=300)
    picture = models.ForeignKey(
        "enquiries.Attachment", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    picture_words = models.CharField(max_length=200, blank=True)
    shown_at = models.DateTimeField()
    shown_by = models.CharField(max_length=120, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=True) | ~Q(picture_words=""),
                name="public_note_picture_has_words",
            )
        ]

    def __str__(self) -> str:
        return self.words


class NoticeFollow(models.Model):
    """Somebody who wants to hear when a notice ends, through the enquiry that they made of it.

    `told_end` is the end that they were told last; `done_at` says that they know it is over.
    """

    enquiry = models.OneToOneField("enquiries.Enquiry", models.PROTECT, related_name="+")
    notice = models.ForeignKey("kb.Notice", models.PROTECT, related_name="+")
    told_end = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["notice"], name="notice_followed", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id} follows notice {self.notice_id}"
