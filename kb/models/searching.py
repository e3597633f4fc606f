"""What search reads and remembers: entries, words, and what people went on with."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class EntryKind(models.TextChoices):
    SERVICE = "service", "Service"
    ANSWER = "answer", "Answer"


class Entry(models.Model):
    """One thing that can be found, written anew whenever its words change (kb.search_index).

    `phrases` are its name and what people call it, each reduced to its stems: "bin empti".
    """

    kind = models.CharField(max_length=8, choices=EntryKind)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    service_slug = models.CharField(max_length=80, blank=True, db_index=True)
    phrases = ArrayField(models.TextField(), default=list)
    # The words of its names alone, short enough to be read for thousands of entries.
    names = SearchVectorField(null=True)
    document = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="entry_once")]
        indexes = [
            GinIndex(fields=["names"], name="entry_names"),
            GinIndex(fields=["document"], name="entry_document"),
            GinIndex(fields=["phrases"], name="entry_phrases"),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word of the entries: what a slip of the finger is compared with.

    `entries` is how many of them have its stem: how telling it is. `slips` are the beginnings
    that are left of it when a letter or two are dropped: of two words that are near each other
    some are the same, and an index finds them.
    """

    word = models.CharField(max_length=60, unique=True)
    stem = models.CharField(max_length=60, db_index=True)
    entries = models.PositiveIntegerField(default=0)
    slips = ArrayField(models.TextField(), default=list, db_default=[])

    class Meta:
        indexes = [GinIndex(fields=["slips"], name="word_slips")]

    def __str__(self) -> str:
        return self.word


class Search(models.Model):
    """One search on a page, without anybody: its words, what was shown, what came of it.

    `words` are its stems in order, the key of what solved it; `said` is how it was written,
    without what we know to be personal. The daily fold counts these into weeks and removes them.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    at = models.DateTimeField(db_index=True)
    words = models.CharField(max_length=120)
    said = models.CharField(max_length=200, db_default="", default="")
    # Whether each word is one that our own pages use: then the words name nobody.
    is_known = models.BooleanField(default=False)
    shown = ArrayField(models.CharField(max_length=90), default=list)
    chosen = models.CharField(max_length=90, blank=True)
    is_settled = models.BooleanField(default=False)
    again = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.words


class SearchWeek(models.Model):
    """How often some words were searched for in a week, and how that went."""

    week = models.DateField()
    words = models.CharField(max_length=120)
    said = models.CharField(max_length=200, db_default="", default="")
    is_known = models.BooleanField(default=False)
    searches = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)
    went_on = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    shown = ArrayField(models.CharField(max_length=90), default=list)

    class Meta:
        ordering = ["-week", "-searches", "words"]
        constraints = [models.UniqueConstraint(fields=["week", "words"], name="words_once_a_week")]

    def __str__(self) -> str:
        return self.words


class Solved(models.Model):
    """What solved it for others: how often an entry settled these words, fading with time."""

    words = models.CharField(max_length=120)
    entry = models.CharField(max_length=90)
    weight = models.FloatField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "entry"], name="solved_once")]

    def __str__(self) -> str:
        return f"{self.words}: {self.entry}"


class Danger(models.Model):
    """Words that may mean danger, and what is said first to who texts or searches for them.

    `words` are phrases parted by commas, as those of a service are. Editors look after both.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    say = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "dangers"
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name
