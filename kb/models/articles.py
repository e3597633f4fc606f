"""What the partnership knows: answers, and every version that they had."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kb.models.services import Service


class VersionState(models.TextChoices):
    """Where a version stands. At most one of an article is not yet published."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    SCHEDULED = "scheduled", "Waits for its time"
    PUBLISHED = "published", "Published"
    DROPPED = "dropped", "Dropped"


# What is worked on: one at a time.
WORKED_ON = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.SCHEDULED)


class Article(models.Model):
    """An answer as readers have it now. `short` is the form that goes into a text message.

    Its words are those of the version that was published last; only `kb.actions_articles` writes
    them. `say` is for agents alone. `areas` are words for the readers of a district; `start` are
    buttons that open a form with what is known. Nobody's (`organisation` null) is the hub's.
    """

    slug = models.SlugField(unique=True, max_length=80)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    say = models.TextField(blank=True, default="", db_default="")
    short = models.CharField(max_length=300, blank=True)
    areas = models.JSONField(default=list, db_default=[], blank=True)
    start = models.JSONField(default=list, db_default=[], blank=True)
    related_services = ArrayField(
        models.CharField(max_length=80), default=list, db_default=[], blank=True
    )
    related_articles = ArrayField(
        models.CharField(max_length=80), default=list, db_default=[], blank=True
    )
    reviewed_on = models.DateField()
    review_by = models.DateField(null=True, blank=True)
    is_published = models.BooleanField(default=True)
    live_version = models.PositiveIntegerField(default=0, db_default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    # Where readers of a retired answer are sent: a path of ours.
    goes_to = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """One version of an answer: what it said, who wrote it when, and what became of it.

    `edition` counts the savings of a draft: who saves over an older one is shown what happened.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    content = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    edition = models.PositiveIntegerField(default=1)
    written_by = models.CharField(max_length=120)
    written_by_id = models.BigIntegerField(null=True, blank=True)
    # Everybody who saved it, who saved it last among them.
    writers = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    written_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    # What a reviewer wants changed.
    answer = models.CharField(max_length=500, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=[state.value for state in WORKED_ON]),
                name="version_one_worked_on",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"], name="version_to_publish", condition=Q(state="scheduled")
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, version {self.number}"


class ArticleFile(models.Model):
    """A picture or a document of an answer, known by its content and drawn anew."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="files")
    file = models.FileField(upload_to="articles/%Y/%m/")
    name = models.CharField(max_length=120)
    # What a picture shows, for who cannot see it.
    alt = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "sha256"], name="article_file_once")
        ]

    def __str__(self) -> str:
        return self.name


class ReaderWord(models.Model):
    """What one reader said of an answer: that it answered, or not, and perhaps why.

    `key` is the form's or the sitting's, so that a second press is none. Nobody's name is kept but
    that of staff who say that it is wrong (`said_by`), with what they were at: `arose_in` is
    "contact:UUID" or "case:REFERENCE".
    """

    key = models.CharField(max_length=120, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="reader_words")
    version = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=8)
    answered = models.BooleanField()
    is_wrong = models.BooleanField(default=False)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    said_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    arose_in = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["article", "-at"], name="reader_word_of_article"),
            models.Index(
                fields=["article"],
                name="reader_word_waits",
                condition=Q(is_wrong=True, settled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{'yes' if self.answered else 'no'} to {self.article_id}"


class ArticleViews(models.Model):
    """How often an answer was opened on a day: traffic, never a contact (measures.md)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    on = models.DateField()
    channel = models.CharField(max_length=8)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "on", "channel"], name="views_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.on}"


class FourEyes(models.Model):
    """An organisation whose answers are read by a second person before they are published."""

    organisation = models.OneToOneField(
        "accounts.Organisation", models.CASCADE, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()
    set_by = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "four eyes"
        ordering = ["organisation"]

    def __str__(self) -> str:
        return f"four eyes of {self.organisation_id}"
