"""Which telephone an agent sits at, and which calls ring there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from inbox.calls import CallState
from inbox.models.calls import Call

_STATES = [(state.value, state.value) for state in CallState]


class DeskLine(models.Model):
    """The telephone at which one agent answers calls today: at one time nobody else's.

    `digest` is its keyed hash, by which news of a call finds the agent; `sealed` is it in words.
    """

    agent = models.OneToOneField("accounts.User", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"line of {self.agent_id}"


class Leg(models.Model):
    """One telephone that rings for a call: the provider's id, and each fact with its time.

    `call` is unknown until a queue says which caller it took; `agent` is who sat at that telephone
    when it rang, or nobody of ours. `opened_at` says that they went on with it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sid = models.CharField(max_length=34, unique=True)
    call = models.ForeignKey(Call, models.CASCADE, null=True, blank=True, related_name="legs")
    agent = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    heard = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=_STATES, default=CallState.RINGING.value)
    rang_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-rang_at", "-pk"]
        indexes = [
            models.Index(
                fields=["agent", "-rang_at"],
                name="leg_of_agent",
                condition=Q(opened_at=None, agent__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"leg {self.public_id}, {self.state}"
