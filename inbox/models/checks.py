"""What callers are asked before we say what we know, and how it went."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from inbox.questions import Question

_QUESTIONS = [(one.value, one.value) for one in Question]


class QuestionSet(models.Model):
    """What is asked in one scope (inbox.questions), and how many of it must be right."""

    scope = models.CharField(max_length=80, unique=True)
    questions = ArrayField(models.CharField(max_length=12, choices=_QUESTIONS))
    needed = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["scope"]

    def __str__(self) -> str:
        return f"{self.scope}: {self.needed} of {len(self.questions)}"


class CallerCheck(models.Model):
    """One try of a caller to be known: which questions, and which were right. Never an answer.

    `contact` and `person` are of rooms above and beside ours; `person` is empty where what they
    said fits nobody.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.UUIDField()
    person = models.UUIDField(null=True, blank=True)
    agent = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    scope = models.CharField(max_length=80)
    asked = ArrayField(models.CharField(max_length=12))
    right = ArrayField(models.CharField(max_length=12), default=list)
    is_passed = models.BooleanField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["contact"], name="caller_check_contact")]

    def __str__(self) -> str:
        return f"check of {self.contact}, {'passed' if self.is_passed else 'failed'}"
