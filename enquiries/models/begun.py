"""Forms that somebody began and has not sent: the answers are sealed, and forgotten in time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from enquiries.channels import Channel


class BegunForm(models.Model):
    """A form on its way. `key` is the id that nobody can guess, under which intake will know it.

    `sealed` are the answers; empty when they are no longer needed. `counted` is the enquiry that
    stands for it in the ledger while it was left unsent; `enquiry` what it became when it was sent.
    """

    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    site = models.ForeignKey(
        "accounts.Site", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Which kiosk, as the ledger's actors have it.
    device = models.BigIntegerField(null=True, blank=True)
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    form = models.ForeignKey(
        "kb.FormVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    last_question = models.CharField(max_length=40, blank=True)
    # Where the answers end it, if they do.
    ended = models.CharField(max_length=40, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted = models.ForeignKey(
        "enquiries.Enquiry", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-touched_at", "-pk"]
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="begun_left",
                condition=Q(sent_at=None, counted=None),
            ),
            models.Index(fields=["expires_at"], name="begun_old"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code_hash"], name="begun_code", condition=~Q(code_hash="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} form, {self.service_id or 'no service'}"
