"""What can still be taken back."""

import uuid

from django.db import models


class Undo(models.Model):
    """An act of a moment ago with the act that takes it back, until `until` (ten seconds).

    `inverse` names a function of teamwork.undoing, `data` is what it needs; `about` is the address
    of the page that the act was done on, where whoever takes it back goes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    words = models.CharField(max_length=200)
    inverse = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    about = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"undo: {self.words}"
