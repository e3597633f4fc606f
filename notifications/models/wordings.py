"""What messages say where somebody changed it, version by version, and letters on their way."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from notifications.models.messages import MEDIA, Notification


class WordingState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    RETIRED = "retired", "Replaced"


class Wording(models.Model):
    """The words of one event by one medium in one language, of the partnership or of a body.

    One that has no live version says nothing: then the next does, at last what we ship.
    """

    event = models.CharField(max_length=40)
    medium = models.CharField(max_length=6, choices=MEDIA)
    language = models.CharField(max_length=12)
    # None: the partnership's, which everybody has who has none of their own.
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["event", "medium", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "medium", "language", "organisation"],
                name="wording_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.medium} in {self.language}"


class WordingVersion(models.Model):
    """One version of a wording. `edition` counts the savings of a draft, so that nobody saves over
    what somebody else wrote meanwhile."""

    wording = models.ForeignKey(Wording, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=WordingState.choices, default=WordingState.DRAFT)
    subject = models.CharField(max_length=500, blank=True)
    body = models.TextField()
    edition = models.PositiveIntegerField(default=1)
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.CharField(max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["wording", "number"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["wording"], condition=Q(state="draft"), name="wording_one_draft"
            ),
            models.UniqueConstraint(
                fields=["wording"], condition=Q(state="live"), name="wording_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id}, version {self.number}"


class LetterBatch(models.Model):
    """Letters that somebody downloaded together to print them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Whose print room: the slug of an organisation; "": the partnership's.
    organisation = models.CharField(max_length=50, blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Letters of {self.made_at:%Y-%m-%d %H:%M}"


class PrintedLetter(models.Model):
    """A letter as it is printed: sealed, and gone with the message that it carries."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notification = models.OneToOneField(Notification, models.CASCADE, related_name="+")
    organisation = models.CharField(max_length=50, blank=True, default="", db_default="")
    # The PDF in base64, sealed (core.sealing).
    sealed = models.TextField()
    pages = models.PositiveSmallIntegerField()
    is_large = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    batch = models.ForeignKey(
        LetterBatch, models.PROTECT, null=True, blank=True, related_name="letters"
    )

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(
                fields=["organisation", "made_at"],
                condition=Q(batch__isnull=True),
                name="letter_to_print",
            )
        ]

    def __str__(self) -> str:
        return f"Letter {self.public_id}"
