"""What was said to whom, and what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, Value

from notifications.lifecycle import FINAL, State

MEDIA = [("sms", "Text"), ("email", "Email"), ("letter", "Letter")]
STATES = [(state.value, state.value) for state in State]


class Notification(models.Model):
    """One message to one address. `key` is what makes telling somebody twice impossible."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    event = models.CharField(max_length=40)
    medium = models.CharField(max_length=6, choices=MEDIA)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    # The same words as HTML, without their page (notifications.mail_html); e-mails and letters.
    html = models.TextField(blank=True, default="", db_default="")
    about = models.CharField(max_length=20, blank=True, db_index=True)
    lane = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, default="en-gb", db_default="en-gb")
    # The slug of the organisation in whose name it is sent, which decides its words and its
    # carriers; "": the partnership's.
    organisation = models.CharField(max_length=50, blank=True, default="", db_default="")
    # What its words were made of, to say it again by another medium. Hidden facts are not in it.
    facts = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    # Keys without a constraint: a case that is forgotten takes its messages along at once.
    # The message that did not arrive and that this one was sent for.
    instead_of = models.BigIntegerField(null=True, blank=True)
    # The one message that says what this one would have said.
    merged_into = models.BigIntegerField(null=True, blank=True)
    # The lines of a postal address, one below the other; letters only.
    postal = models.TextField(blank=True, default="", db_default="")
    # Words that only the reader may see (a link that opens things): sealed, gone once sent.
    sealed = models.TextField(blank=True, default="", db_default="")
    # A text of the night goes in the morning (notifications.quiet).
    hold_until = models.DateTimeField(null=True, blank=True)
    # Why it waits: "" is the night; "many", that this address was told much within an hour;
    # "undo", that the act which made it can still be taken back.
    held_for = models.CharField(
        max_length=4,
        choices=[("many", "many"), ("undo", "undo")],
        blank=True,
        default="",
        db_default="",
    )
    # After this it would say what is no longer so.
    good_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=STATES, default=State.QUEUED)
    provider = models.CharField(max_length=20, blank=True)
    provider_id = models.CharField(max_length=120, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # When it was first handed to a provider: what is looked up there cannot be older.
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When its carrier was last asked what became of it (notifications.unheard).
    asked_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=300, blank=True)
    # What the refusal said of the address itself: "", opted_out or unusable.
    address_state = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in FINAL), settled_at__isnull=False)
                | (~Q(state__in=sorted(s.value for s in FINAL)) & Q(settled_at__isnull=True)),
                name="notification_settled_at_matches_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT, State.DELIVERED]) | Q(sent_at__isnull=False),
                name="notification_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="notification_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=[State.QUEUED, State.SENDING, State.UNKNOWN]),
                name="notification_open",
            ),
            models.Index(fields=["-created_at", "-id"], name="notification_newest"),
            # What failed lately, however long ago it was asked for (notifications.queries_health).
            models.Index(
                fields=["settled_at"],
                condition=Q(state__in=[State.FAILED, State.EXPIRED]),
                name="notification_ended_badly",
            ),
            # How much one address was told lately (notifications.together).
            models.Index(fields=["to", "tried_at"], name="notification_to"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="notification_merged",
            ),
            models.Index(
                fields=["instead_of"],
                condition=Q(instead_of__isnull=False),
                name="notification_instead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.medium}, {self.state}"


class DeliveryReceipt(models.Model):
    """What a provider said became of a message. The same word twice is one row."""

    notification = models.ForeignKey(
        Notification, models.CASCADE, null=True, blank=True, related_name="receipts"
    )
    provider = models.CharField(max_length=20)
    sid = models.CharField(max_length=120)
    status = models.CharField(max_length=30)
    error_code = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sid", "status"], name="receipt_once_per_status")
        ]

    def __str__(self) -> str:
        return f"{self.sid} {self.status}"


class PostboxMessage(models.Model):
    """What the demo's own provider holds: messages out, and the texts that visitors sent in."""

    reference = models.CharField(max_length=120, unique=True)
    medium = models.CharField(max_length=6, choices=MEDIA)
    is_inbound = models.BooleanField(default=False)
    # The person's side of the conversation: whom we wrote to, or who wrote to us.
    to = models.CharField(max_length=254, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    about = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="postbox_newest")]

    def __str__(self) -> str:
        return f"{self.medium} at {self.at:%Y-%m-%d %H:%M}"
