"""What else is known of people: other names and addresses, alerts, who acts for them, and who
turned out to be the same."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from customers.living import ADDRESS_KINDS, ALERT_KINDS, BASES, MAY, SEEN_BY
from customers.models.folding import Sounds, Words
from customers.models.people import Person


class GivenName(models.Model):
    """Another name of somebody, as they gave it. The one that we use is the person's own."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            GinIndex(Words("name"), name="given_name_words"),
            GinIndex(Sounds("name"), name="given_name_sounds"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"], condition=Q(ended_at=None), name="given_name_once"
            )
        ]

    def __str__(self) -> str:
        return f"another name of {self.person_id}"


class PostalAddress(models.Model):
    """An address of somebody besides the one that letters go to: of before, of work, a carer's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ADDRESS_KINDS)
    address = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8, blank=True)
    uprn = models.CharField(max_length=12, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120, blank=True)
    # Somebody saw a paper that says so.
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=120, blank=True)
    unusable_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["uprn"], name="postal_address_uprn", condition=~Q(uprn="")),
            models.Index(fields=["postcode"], name="postal_address_postcode"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} address of {self.person_id}"


class Alert(models.Model):
    """What whoever deals with somebody has to know: why, until when it is looked at, and who may
    read it. Kept when it has ended.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ALERT_KINDS)
    why = models.CharField(max_length=300)
    seen_by = models.CharField(max_length=12, choices=SEEN_BY)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    review_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        indexes = [
            models.Index(fields=["review_on"], name="alert_to_review", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} alert of {self.person_id}"


class Proxy(models.Model):
    """`acts` speaks for `person`: on what basis, what they may be told, and until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    acts = models.ForeignKey(Person, models.CASCADE, related_name="+")
    relation = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=12, choices=BASES)
    may = models.CharField(max_length=8, choices=MAY)
    words = models.CharField(max_length=200, blank=True)
    from_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "proxies"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "acts"], condition=Q(ended_at=None), name="proxy_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("acts")), name="proxy_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.acts_id} for {self.person_id}"


class Merge(models.Model):
    """Two rows were one person: `gone` was read into `kept`, and can be taken out again.

    `moved` are the keys of the rows that changed hands, by table; `fields` what changed in rows
    that stayed, as it was and as it became; `undone` what could not be put back, in words.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Person, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Person, models.CASCADE, related_name="+")
    why = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    fields = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=120, blank=True)
    undone_why = models.CharField(max_length=300, blank=True)
    undone = ArrayField(models.CharField(max_length=300), default=list, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="merge_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class Apart(models.Model):
    """Somebody said that two who look alike are two. `one` is the older row."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Move(models.Model):
    """Somebody told us once that they live elsewhere now."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    from_address = models.CharField(max_length=300, blank=True)
    from_postcode = models.CharField(max_length=8, blank=True)
    to_address = models.CharField(max_length=300)
    to_postcode = models.CharField(max_length=8)
    to_uprn = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"move of {self.person_id}"


class MoveNotice(models.Model):
    """One organisation that a change of address touches: told, chased, acknowledged.

    `about` are the enquiries for which it is told. A newer move withdraws what is open.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    move = models.ForeignKey(Move, models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    about = ArrayField(models.CharField(max_length=16), default=list)
    told_at = models.DateTimeField()
    chase_at = models.DateTimeField()
    chased = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["organisation", "told_at"],
                name="move_notice_open",
                condition=Q(acknowledged_at=None, withdrawn_at=None),
            ),
            models.Index(
                fields=["chase_at"],
                name="move_notice_to_chase",
                condition=Q(acknowledged_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["move", "organisation"], name="move_notice_once")
        ]

    def __str__(self) -> str:
        return f"notice of move {self.move_id} to {self.organisation_id}"
