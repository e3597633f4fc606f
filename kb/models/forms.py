"""Forms: what a service asks, in versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kb.models.services import Service


class FormState(models.TextChoices):
    """Where a version stands. A service has one draft and one live version at most."""

    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    PAST = "past", "Past"


class FormVersion(models.Model):
    """One version of a service's form. `data` is read by kb.forms.reading.

    A live or past version never changes: enquiries keep the one they were asked with. `revision`
    counts the changes of a draft, so that two editors do not overwrite each other.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="forms")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=5, choices=FormState, default=FormState.DRAFT)
    data = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["service", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="form_number_once"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="draft"), name="form_one_draft"
            ),
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="live"), name="form_one_live"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
                name="form_published_fits_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class AreaDraft(models.Model):
    """What one organisation is writing about its own areas in the form of a service.

    `changes` are by question, then by the code of an area: {"was": the mark of what was live when
    it was written, "to": the area's differences, or null where they are taken away}. It is kept
    apart from the draft of the whole form: neither sees the other's words before they are live.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["service", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["service", "organisation"], name="area_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.service}"
