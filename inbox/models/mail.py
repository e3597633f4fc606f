"""E-mails as they came in, and how far each mailbox was read."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from inbox.mails import MailKind, MailState

_STATES = [(state.value, state.value) for state in MailState]
_KINDS = [(kind.value, kind.value) for kind in MailKind]


class InboundMail(models.Model):
    """One mail of one mailbox, once: `digest` is that of its Message-ID, or of its bytes.

    `raw` is the mail itself; None when it is no longer kept. `sender` to `quoted` are what was read
    of it. `checks` are what our own mail server found out about the sender (RFC 8601), by method.
    `reference` is the case that it belongs to. `is_cut` says that it was too large to be
    kept whole.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mailbox = models.CharField(max_length=254)
    digest = models.CharField(max_length=64)
    door = models.CharField(max_length=8)
    raw = models.BinaryField(null=True, blank=True)
    size = models.PositiveIntegerField()
    is_cut = models.BooleanField(default=False, db_default=False)
    received_at = models.DateTimeField()

    state = models.CharField(max_length=7, choices=_STATES, default=MailState.NEW.value)
    why = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    kind = models.CharField(max_length=9, choices=_KINDS, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_hash = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    checks = models.JSONField(default=dict, db_default={}, blank=True)
    # How it found its case: token, thread, reference, or "" for a new one.
    found_by = models.CharField(max_length=12, blank=True)
    reference = models.CharField(max_length=16, blank=True)
    # Files that were not kept, with the reason of each.
    left_out = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="inbound_mail_open",
                condition=Q(state__in=[MailState.NEW.value, MailState.ASIDE.value]),
            ),
            models.Index(
                fields=["reference"], name="inbound_mail_of_case", condition=~Q(reference="")
            ),
            models.Index(
                fields=["sender_hash", "received_at"],
                name="inbound_mail_sender",
                condition=~Q(sender_hash=""),
            ),
            models.Index(
                fields=["settled_at"], name="inbound_mail_raw", condition=Q(raw__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "digest"], name="inbound_mail_once"),
            models.CheckConstraint(
                condition=Q(state=MailState.NEW.value, settled_at__isnull=True)
                | (~Q(state=MailState.NEW.value) & Q(settled_at__isnull=False)),
                name="inbound_mail_settled_at_fits_state",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.public_id}, {self.state}"


class Mailbox(models.Model):
    """How far a mailbox was read: IMAP's numbers count only within one `uid_validity`."""

    name = models.CharField(max_length=254, unique=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    # The newest mail that was there before us: up to it only what nobody has read is ours; 0: done.
    old_uid = models.BigIntegerField(default=0, db_default=0)
    # The mail at which its server broke off, and how often.
    stuck_uid = models.BigIntegerField(default=0, db_default=0)
    stuck_times = models.PositiveSmallIntegerField(default=0, db_default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name
