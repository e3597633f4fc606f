"""The ledger: append-only, the source of every figure."""

from __future__ import annotations

from django.db import models
from django.db.models import BigIntegerField, Func, TextField
from django.db.models.functions import Cast

# Which transaction wrote a line. Readers that follow the ledger take only lines below the
# oldest running transaction, so that a late commit is never stepped over.
_WRITER = Cast(
    Cast(Func(function="pg_current_xact_id", output_field=TextField()), TextField()),
    BigIntegerField(),
)


class Standing(models.Manager["EnquiryEvent"]):
    """Lines of acts that stand: those that were taken back at once never happened."""

    def get_queryset(self) -> models.QuerySet[EnquiryEvent]:
        """Without the lines of what was taken back."""
        return super().get_queryset().filter(undone_at=None)


class Every(models.Manager["EnquiryEvent"]):
    """All that was ever written."""


class EnquiryEvent(models.Model):
    """One line of an enquiry's ledger. Never changed, but for the erasure of personal data, and
    the mark that its act was taken back within seconds (a line of its own says by whom)."""

    # `event_sequence_once` begins with it.
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, related_name="events", db_index=False
    )
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=32)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(db_default=_WRITER, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = Standing()
    # For the story of a case, and for who changes or forgets what was written.
    every = Every()

    class Meta:
        base_manager_name = "every"
        ordering = ["enquiry", "sequence", "pk"]
        indexes = [models.Index(fields=["transaction", "id"], name="event_written")]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "sequence"], name="event_sequence_once")
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.sequence}"
