"""The same act on many cases: what was chosen, what is forecast of each, what came of each."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class BulkState(models.TextChoices):
    LOOKING = "looking", "Being looked at"
    SHOWN = "shown", "Looked at"
    RUNNING = "running", "Under way"
    STOPPED = "stopped", "Stopped"
    DONE = "done", "Done"
    BACKING = "backing", "Being taken back"
    BACK = "back", "Taken back"


class Together(models.Model):
    """One act on many. `sealed` is a JSON object of what it was given (core.sealing): words that
    citizens will read. It is shown first, then told to begin; it is done case by case."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    act = models.CharField(max_length=12)
    sealed = models.TextField(blank=True)
    # The list that it was chosen from, for the way back.
    query = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=7, choices=BulkState, default=BulkState.LOOKING.value)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["staff", "-made_at"], name="together_of_staff")]

    def __str__(self) -> str:
        return f"{self.act} by {self.staff_id}"


class ItemState(models.TextChoices):
    CHOSEN = "chosen", "Chosen"
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    LEFT = "left", "Left out"
    BACK = "back", "Taken back"
    STANDS = "stands", "Cannot be taken back"


class TogetherItem(models.Model):
    """One case of many. `words` say why it cannot be, before, or was not, after; `undo` is what
    takes it back, as long as that can be."""

    together = models.ForeignKey(Together, models.CASCADE, related_name="items")
    reference = models.CharField(max_length=16)
    state = models.CharField(max_length=7, choices=ItemState, default=ItemState.CHOSEN.value)
    words = models.CharField(max_length=300, blank=True)
    undo = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["together", "reference"], name="together_once_each"),
        ]
        indexes = [
            models.Index(
                fields=["together", "id"],
                name="together_item_waiting",
                condition=Q(state=ItemState.WAITING.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"
