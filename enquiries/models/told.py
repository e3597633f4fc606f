"""What another hub's ledger said, word for word: for rows of ours that were made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ToldLine(models.Model):
    """One line of a ledger that was taken in (`manage.py import_ledger`).

    `name` is what the file calls it, `key` our row of it where there is one; of a correction, the
    enquiry whose item it is about. `line` is what the file says; `own` puts our keys in the place
    of its names.
    """

    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120, blank=True)
    number = models.PositiveIntegerField()
    key = models.BigIntegerField(null=True)
    line = models.JSONField()
    own = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["kind", "number"], name="told_in_order"),
            models.Index(
                fields=["kind", "key"], name="told_of_row", condition=Q(key__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=~Q(name=""), name="told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ToldTie(models.Model):
    """Under what a line is found that belongs to no enquiry and bears on some: a person, a merge,
    our message, a contact without a word. `p:` names a person, `a:` an address, `s:` a session,
    `t:` a thread, `c:` a contact.
    """

    tie = models.CharField(max_length=130)
    line = models.ForeignKey(ToldLine, models.CASCADE, related_name="ties")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["tie"], name="told_tied")]

    def __str__(self) -> str:
        return self.tie


class ToldFile(models.Model):
    """A ledger that was taken in. Without an end it was cut off, and nothing of it was kept."""

    name = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["began_at"]

    def __str__(self) -> str:
        return self.name
