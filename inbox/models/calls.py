"""Telephone calls as a provider tells of them, and callers who wait to be rung back."""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q

from inbox.calls import LIVE, UNANSWERED, CallState, Direction

_STATES = [(state.value, state.value) for state in CallState]
_DIRECTIONS = [(one.value, one.value) for one in Direction]
_LIVE = sorted(state.value for state in LIVE)
_UNANSWERED = sorted(state.value for state in UNANSWERED)


class CallbackEnd(StrEnum):
    """Why nobody has to be rung back any more."""

    SPOKE = "spoke"
    RANG_AGAIN = "rang_again"
    WRONG_NUMBER = "wrong_number"
    UNREACHABLE = "unreachable"


_ENDS = [(end.value, end.value) for end in CallbackEnd]


class Callback(models.Model):
    """One number whose calls came to nothing, however many they were, until somebody has spoken.

    `sealed` is the number, readable only with a key that is not in the database.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    caller_hash = models.CharField(max_length=64)
    sealed = models.TextField()
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(max_length=12, choices=_ENDS, blank=True)
    # The contact that it became: a room above ours.
    contact = models.UUIDField(null=True, blank=True)
    # When they asked to be rung, if they chose; in which contact, and when we were reminded.
    wanted_at = models.DateTimeField(null=True, blank=True)
    asked_in = models.UUIDField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        indexes = [
            models.Index(
                fields=["wanted_at"],
                name="callback_wanted",
                condition=Q(closed_at=None, wanted_at__isnull=False),
            ),
            models.Index(fields=["since"], name="callback_open", condition=Q(closed_at=None)),
            models.Index(fields=["closed_at"], name="callback_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["caller_hash"], condition=Q(closed_at=None), name="callback_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_how="")
                | (Q(closed_at__isnull=False) & ~Q(closed_how="")),
                name="callback_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"call back since {self.since:%Y-%m-%d %H:%M}"


class Call(models.Model):
    """One call, once: `sid` is the provider's id, `heard` each fact with its time (inbox.calls).

    All other times and the state are worked out from `heard`. `caller_hash` is "" for who withheld
    their number. `contact` is the phone contact that it became, in a room above ours.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sid = models.CharField(max_length=34, unique=True)
    direction = models.CharField(max_length=8, choices=_DIRECTIONS, default=Direction.INBOUND.value)
    caller_hash = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    dialled = models.CharField(max_length=40, blank=True)
    heard = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=_STATES, default=CallState.RINGING.value)
    rang_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    agent = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contact = models.UUIDField(null=True, blank=True)
    callback = models.ForeignKey(
        Callback, models.SET_NULL, null=True, blank=True, related_name="calls"
    )

    class Meta:
        ordering = ["-rang_at", "-pk"]
        indexes = [
            models.Index(fields=["rang_at"], name="call_live", condition=Q(state__in=_LIVE)),
            models.Index(
                fields=["caller_hash", "-rang_at"],
                name="call_of_caller",
                condition=~Q(caller_hash=""),
            ),
            models.Index(
                fields=["-answered_at"],
                name="call_on_the_line",
                condition=Q(agent=None, contact__isnull=False),
            ),
            models.Index(
                fields=["rang_at"],
                name="call_withheld_missed",
                condition=Q(caller_hash="", state__in=_UNANSWERED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(contact__isnull=False), name="call_one_per_contact"
            ),
            models.CheckConstraint(
                condition=(Q(answered_at=None) | Q(answered_at__gte=models.F("rang_at")))
                & (Q(ended_at=None) | Q(ended_at__gte=models.F("rang_at"))),
                name="call_ends_after_it_rang",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.public_id}, {self.state}"
