"""What ties two enquiries together, and the files that belong to one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from enquiries.lifecycle import LinkKind, Scan
from enquiries.models.uploads import Upload


def folder(attachment: Attachment | Upload, _name: str) -> str:
    """Where a file is kept: its own id, never the name that somebody gave it."""
    return f"attachments/{attachment.public_id}"


class EnquiryLink(models.Model):
    """One enquiry tied to another, until it is undone.

    merged: `enquiry` was the same person's second report of `target`. duplicate: another
    person's report of the same thing, who is told what `target`'s citizen is told. split:
    `enquiry` was taken out of `target`. follows: `enquiry` came after `target` had closed.
    """

    kind = models.CharField(max_length=9, choices=[(k.value, k.value) for k in LinkKind])
    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="links")
    target = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="linked")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"],
                condition=Q(undone_at__isnull=True, kind__in=["merged", "duplicate"]),
                name="link_ended_by_one_only",
            ),
            models.CheckConstraint(condition=~Q(enquiry=F("target")), name="link_never_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.kind} {self.target_id}"


class Attachment(models.Model):
    """A file of an enquiry: an organisation's, or without one the citizen's own.

    `seen_by` of an organisation's: us (those who added it), hub, public (the citizen too); of the
    hub's also shared, with partners who have a part of it. `all` is the citizen's: the hub and who
    has a part of the enquiry read it; with a `referral`, only the organisation whose question it
    answers. A file that waits for its `scan` opens for nobody.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="attachments")
    referral = models.ForeignKey(
        "enquiries.Referral", models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_by = models.CharField(
        max_length=6, choices=[(one, one) for one in ("us", "hub", "shared", "public", "all")]
    )
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=folder, max_length=120)
    thumbnail = models.BinaryField(null=True, blank=True)
    scan = models.CharField(
        max_length=9,
        choices=[(one.value, one.value) for one in Scan if one is not Scan.INFECTED],
        default=Scan.UNSCANNED.value,
        db_default=Scan.UNSCANNED.value,
    )
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(
                fields=["added_at"], name="attachment_waiting", condition=Q(scan="waiting")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, seen_by="all")
                | (Q(organisation__isnull=False) & ~Q(seen_by="all")),
                name="attachment_all_is_the_citizens",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Whether it is still being checked, and opens for nobody."""
        return self.scan == Scan.WAITING.value

    @property
    def is_unscanned(self) -> bool:
        """Whether nothing has looked through it: a picture was drawn anew, which does as well."""
        return self.scan == Scan.UNSCANNED.value and not self.content_type.startswith("image/")
