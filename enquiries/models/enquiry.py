"""The enquiry: one need, the case in the shared queue."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from enquiries.lifecycle import ENDED, LIVE, Outcome, Priority, Status

_LIVE = [status.value for status in sorted(LIVE)]
_ENDED = [status.value for status in sorted(ENDED)]


class Enquiry(models.Model):
    """One need: one reason, one service, one subject or place.

    Only `enquiries.events` writes status and its dates. `owner` is the organisation that must act
    now; `promised_on` the first date told to the citizen; `secret` opens the tracking page.
    `answers` are what the service's questions were answered, by key, as `form` asked them.
    `place_doubt` says in words why the place decides nothing, `beside_code` which district lies
    across a border too near to tell. `outside` is the body it was handed off to: not ours.
    `disputed_at` is set while organisations say of each other that it is theirs. `article`
    is the answer that somebody read: what they say of it is a need of its own, a question, whatever
    the service (measures.md).
    """

    reference = models.CharField(max_length=16, unique=True)
    secret = models.CharField(max_length=32)
    # What begins an index of several columns has none of its own (`db_index`).
    service = models.ForeignKey(
        "kb.Service", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    article = models.CharField(max_length=80, blank=True, default="", db_default="")
    description = models.TextField()
    answers = models.JSONField(default=dict, db_default={}, blank=True)
    form = models.ForeignKey(
        "kb.FormVersion", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    priority = models.CharField(
        max_length=9,
        choices=[(p.value, p.value) for p in Priority],
        default=Priority.NORMAL.value,
        db_default=Priority.NORMAL.value,
    )

    postcode = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=300, blank=True)
    uprn = models.CharField(max_length=12, blank=True)
    easting = models.IntegerField(null=True, blank=True)
    northing = models.IntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    district_code = models.CharField(max_length=12, blank=True)
    ward_code = models.CharField(max_length=12, blank=True)
    beside_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    place_doubt = models.CharField(max_length=200, blank=True, default="", db_default="")

    status = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.NEW.value
    )
    outcome = models.CharField(
        max_length=12, choices=[(o.value, o.value) for o in Outcome], blank=True
    )
    owner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    outside = models.ForeignKey(
        "accounts.OutsideBody", models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        "customers.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    first_contact = models.ForeignKey("enquiries.Contact", models.PROTECT, related_name="+")
    tell_by = models.CharField(max_length=5, blank=True)
    # The keyed hash of the address that the citizen chose later; empty is the one they came with.
    tell_to = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Empty: as the person chose for all of theirs (enquiries.telling_choice).
    tell_how_much = models.CharField(max_length=5, blank=True, default="", db_default="")
    # What they asked in, and are told in.
    language = models.CharField(max_length=12, default="en-gb", db_default="en-gb")

    received_at = models.DateTimeField()
    promised_on = models.DateField(null=True, blank=True)
    # The newest date that was said since; the promise stays the first (R30).
    expected_on = models.DateField(null=True, blank=True)
    # When it was decided whether to tell before they ask (enquiries.actions.reassuring).
    reassured_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    routing_reason = models.CharField(max_length=300, blank=True)
    public_words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name_plural = "enquiries"
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="enquiry_live_due", condition=Q(status__in=_LIVE)
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                name="enquiry_team_due",
                condition=Q(status__in=_LIVE),
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                name="enquiry_owner_due",
                condition=Q(status__in=_LIVE),
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="enquiry_assignee_due",
                condition=Q(status__in=_LIVE, assignee__isnull=False),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="enquiry_free_due",
                condition=Q(status__in=["new", "open", "waiting"], assignee__isnull=True),
            ),
            # Those that need a language that few speak.
            models.Index(
                fields=["language", "due_at", "id"],
                name="enquiry_free_language",
                condition=Q(status__in=["new", "open", "waiting"], assignee__isnull=True)
                & ~Q(language="en-gb"),
            ),
            models.Index(
                fields=["service", "due_at", "id"],
                name="enquiry_service_due",
                condition=Q(status__in=_LIVE),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="enquiry_disputed_due",
                condition=Q(disputed_at__isnull=False),
            ),
            *(
                models.Index(
                    fields=[name, "due_at", "id"],
                    name=f"enquiry_{name.split('_')[0]}_due",
                    condition=Q(status__in=_LIVE),
                )
                for name in ("district_code", "ward_code", "status")
            ),
            models.Index(
                fields=["due_at", "id"],
                name="enquiry_pressing_due",
                condition=Q(status__in=_LIVE) & ~Q(priority=Priority.NORMAL.value),
            ),
            models.Index(
                fields=["received_at"], name="enquiry_live_age", condition=Q(status__in=_LIVE)
            ),
            *(
                models.Index(
                    fields=[name, "-received_at", "-id"],
                    name=f"enquiry_{name.split('_')[0]}_ended",
                    condition=Q(status__in=_ENDED),
                )
                for name in ("service", "owner", "district_code", "ward_code", "status")
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="enquiry_pressing_ended",
                condition=Q(status__in=_ENDED) & ~Q(priority=Priority.NORMAL.value),
            ),
            GinIndex(OpClass(Upper("description"), name="gin_trgm_ops"), name="enquiry_words"),
            models.Index(fields=["postcode", "-received_at"], name="enquiry_postcode"),
            models.Index(
                fields=["closes_at"], name="enquiry_to_close", condition=Q(status="resolved")
            ),
            models.Index(fields=["person", "service"], name="enquiry_person_service"),
            models.Index(fields=["service", "postcode"], name="enquiry_service_place"),
            models.Index(fields=["-received_at", "-id"], name="enquiry_recent"),
            models.Index(
                fields=["service", "received_at"],
                name="enquiry_nearby",
                condition=Q(easting__isnull=False),
            ),
            # What may be the same thing told twice is found by each of its three places.
            models.Index(fields=["service", "uprn"], name="enquiry_service_uprn"),
            models.Index(
                fields=["service", "easting", "northing"],
                name="enquiry_service_point",
                condition=Q(easting__isnull=False),
            ),
            models.Index(
                fields=["service", "received_at"],
                name="enquiry_to_reassure",
                condition=Q(status__in=_LIVE, reassured_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=_ENDED, resolved_at__isnull=False)
                | Q(status__in=_LIVE, resolved_at__isnull=True),
                name="enquiry_resolved_at_fits_status",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=_ENDED) & ~Q(outcome=""))
                | (Q(status__in=_LIVE) & Q(outcome="")),
                name="enquiry_outcome_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="enquiry_closed_at_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(status__in=["new", *_ENDED]),
                name="enquiry_owner_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(disputed_at__isnull=True) | Q(status__in=_LIVE),
                name="enquiry_disputed_only_while_live",
            ),
            models.CheckConstraint(
                condition=Q(outside__isnull=True) | Q(status__in=_ENDED),
                name="enquiry_handed_off_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
