"""Files that came with a form before it was sent: they belong to nobody's enquiry yet."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from enquiries.lifecycle import Scan


def kept_at(upload: Upload, _name: str) -> str:
    """Where a file is kept: where it stays when it has become an attachment of an enquiry."""
    return f"attachments/{upload.public_id}"


class Upload(models.Model):
    """A file of a form that was not sent yet; `journey` is the id that nobody can guess.

    Becomes an attachment with the same id when the form is sent. An infected one has lost its
    file, and stays as long as the form to say so.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    journey = models.CharField(max_length=80)
    question = models.CharField(max_length=40, blank=True, default="", db_default="")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=kept_at, max_length=120, blank=True)
    thumbnail = models.BinaryField(null=True, blank=True)
    scan = models.CharField(
        max_length=9,
        choices=[(one.value, one.value) for one in Scan],
        default=Scan.UNSCANNED.value,
        db_default=Scan.UNSCANNED.value,
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(fields=["added_at"], name="upload_old"),
            models.Index(fields=["added_at"], name="upload_waiting", condition=Q(scan="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "question", "sha256"], name="upload_once_in_a_question"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_infected(self) -> bool:
        """Whether it was not safe, and its file is gone."""
        return self.scan == Scan.INFECTED.value

    @property
    def is_picture(self) -> bool:
        """Whether its owner can be shown it."""
        return self.content_type.startswith("image/") and not self.is_infected
