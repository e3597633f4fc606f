"""Facts folded from the ledger. Everything here can be thrown away and folded again."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class EnquiryFact(models.Model):
    """One enquiry as figures see it. `ties` names what other enquiries' verdicts may hang on."""

    enquiry = models.OneToOneField(
        "enquiries.Enquiry", models.CASCADE, primary_key=True, related_name="+"
    )
    reference = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    service = models.CharField(max_length=80, blank=True)
    klass = models.CharField(max_length=8)
    organisation = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=80, blank=True)
    site = models.CharField(max_length=50, blank=True)
    linkable = models.BooleanField()
    self_service = models.BooleanField()

    first_contact = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()
    unfinished = models.BooleanField()
    window_end = models.DateTimeField(null=True)
    late_from = models.DateTimeField(null=True)
    outcome_at = models.DateTimeField(null=True)
    # Milestones, whatever the window: the clock's start, the first answer, the first outcome.
    received_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # The last outcome of what was opened again after its first.
    final_at = models.DateTimeField(null=True)
    # The first outcome of the need, second tickets included; none for a second ticket.
    need_settled_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    standing = models.CharField(max_length=7, blank=True, default="", db_default="")

    verdict = models.CharField(max_length=8)
    reason = models.CharField(max_length=32, blank=True)
    owner = models.CharField(max_length=64, blank=True)
    recontacts = models.PositiveSmallIntegerField()
    recontacted = models.BooleanField()
    broken = models.BooleanField()
    capped = models.BooleanField()
    fcc = models.BooleanField(null=True)
    rftr = models.BooleanField(null=True)
    links = models.JSONField(default=list)

    ties = ArrayField(models.CharField(max_length=120), default=list)
    last_recorded_at = models.DateTimeField()
    version = models.CharField(max_length=12)
    folded_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["-started_at", "-enquiry"], name="fact_recent"),
            models.Index(fields=["organisation", "-started_at"], name="fact_organisation"),
            models.Index(fields=["service", "-started_at"], name="fact_service"),
            models.Index(
                fields=["window_end"], name="fact_to_mature", condition=Q(verdict="pending")
            ),
            models.Index(
                fields=["late_from"],
                name="fact_to_be_late",
                condition=Q(verdict="pending", broken=False, outcome_at=None),
            ),
            models.Index(fields=["enquiry"], name="fact_unfinished", condition=Q(unfinished=True)),
            models.Index(
                fields=["window_end"],
                name="fact_decided",
                include=["klass", "organisation", "opened_at", "broken_at", "verdict"],
                condition=Q(verdict__in=["success", "failure"]),
            ),
            models.Index(fields=["last_recorded_at"], name="fact_recorded"),
            models.Index(
                fields=["need_settled_at"],
                name="fact_need_settled",
                condition=Q(need_settled_at__isnull=False),
            ),
            models.Index(
                fields=["organisation", "received_at"],
                name="fact_open_work",
                condition=Q(standing="open"),
            ),
            GinIndex(fields=["ties"], name="fact_ties"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.verdict}"


class ItemFact(models.Model):
    """One item of a contact as figures see it; one item of each contact `heads` it.

    `organisation`, `team`, `service` and `klass` are the enquiry's; `channel`, `site`, `taken_by`
    and `taken_team` the contact's. `avoidable` is the reason, empty where it was of use.
    """

    item = models.OneToOneField(
        "enquiries.ContactItem", models.CASCADE, primary_key=True, related_name="+"
    )
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=8)
    site = models.CharField(max_length=50, blank=True)
    taken_by = models.CharField(max_length=50, blank=True)
    taken_team = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=80, blank=True)
    service = models.CharField(max_length=80, blank=True)
    klass = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    avoidable = models.CharField(max_length=32, blank=True)
    heads = models.BooleanField()
    left_out = models.BooleanField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="item_fact_at"),
            models.Index(fields=["organisation", "at"], name="item_fact_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enquiry_id}"


class Alike(models.Model):
    """What a rollup counts as one: the values that figures tell apart, as a JSON list."""

    key = models.CharField(max_length=400, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class Rollup(models.Model):
    """How often each `Alike` came in a day, week or month: of everybody, or of one part.

    `what` is counted, by `level`: `within` an organisation where the level names two parts.
    `alike`, `numbers` and `recontacts` belong together, place by place.
    """

    what = models.CharField(max_length=10)
    level = models.CharField(max_length=24)
    within = models.CharField(max_length=50, blank=True)
    part = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=5)
    start = models.DateField()
    alike = ArrayField(models.BigIntegerField())
    numbers = ArrayField(models.IntegerField())
    recontacts = ArrayField(models.IntegerField())

    class Meta:
        ordering = ["what", "level", "within", "part", "unit", "start"]
        indexes = [
            models.Index(fields=["what", "level", "unit", "start"], name="rollup_by_part"),
            models.Index(fields=["start", "unit"], name="rollup_of_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "level", "within", "part", "unit", "start"], name="rollup_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.part or self.level}, {self.unit} {self.start}"


class ChangedDay(models.Model):
    """A day whose facts have changed since it was counted; written by the database itself."""

    day = models.DateField()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return str(self.day)


class UnitCost(models.Model):
    """What one contact of a channel costs an organisation from a day on, as it entered it.

    Published figures differ five- to tenfold, so there is no constant (measures.md). A row that
    was wrong is entered again for the same day.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    since = models.DateField()
    pounds = models.DecimalField(max_digits=8, decimal_places=2)
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation", "channel", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "since"], name="unit_cost_once"
            ),
            models.CheckConstraint(condition=Q(pounds__gte=0), name="unit_cost_is_no_gain"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.pounds}"


class OnlineDay(models.Model):
    """What of its services an organisation offered online on a day (BVPI 157): types, not use."""

    day = models.DateField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    permissible = models.PositiveIntegerField()
    enabled = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day"], name="online_day_once"),
            models.CheckConstraint(
                condition=Q(enabled__lte=models.F("permissible")), name="online_within_permissible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.enabled} of {self.permissible}"


class Pack(models.Model):
    """The figures of a week or a month on paper: of one organisation, or "" of the whole.

    `said` are the first sentences, for the message that tells of it.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7)
    since = models.DateField()
    organisation = models.CharField(max_length=50, blank=True)
    made_at = models.DateTimeField()
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    said = models.JSONField(default=list)
    version = models.CharField(max_length=12)

    class Meta:
        ordering = ["-since", "kind", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "organisation", "since"], name="pack_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.since}: {self.organisation or 'the whole'}"


class PackReader(models.Model):
    """Whether somebody wants packs in their mail; None is what managers get unasked.

    `since` is when they last chose.
    """

    user = models.OneToOneField("accounts.User", models.CASCADE, primary_key=True, related_name="+")
    weekly = models.BooleanField(null=True, default=True, db_default=True)
    monthly = models.BooleanField(null=True)
    since = models.DateTimeField()

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.since:%Y-%m-%d}"


class Cursor(models.Model):
    """How far the ledger has been read."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.value or 'the beginning'}"


class Annotation(models.Model):
    """What happened on a day that figures show, as a manager wrote it; without an organisation it
    is everybody's."""

    day = models.DateField()
    until = models.DateField(null=True)
    words = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("day")),
                name="annotation_runs_forwards",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.words}"


class Band(models.Model):
    """Between what a figure should stay, of the whole or of one organisation, and its target.

    In hundredths, or for `cpr` in contacts. `outside_since`: it was told that it has left.
    """

    figure = models.CharField(max_length=16)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    target = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    tells = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    compared_on = models.DateField(null=True)
    outside_since = models.DateField(null=True)

    class Meta:
        ordering = ["figure", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "organisation"], name="band_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="band_low_below_high",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure}: {self.low} to {self.high}"
