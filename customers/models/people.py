"""Citizens and how to reach them. The personal-data boundary: names and addresses live here."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse, Upper

from customers.adjusting import KINDS
from customers.models.folding import Compact, Sounds, Words
from customers.ways import MEDIA


class Person(models.Model):
    """One citizen as far as we know. `address` and `postcode` are as given, for letters; `uprn` is
    the property's number, where it is known. Other names and addresses of theirs are rows of their
    own. Who was found to be somebody else's second row is `merged_into` theirs.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True, db_index=True)
    uprn = models.CharField(max_length=12, blank=True, default="", db_default="")
    language = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField()
    # Shortens our clocks by rule (enquiries.ClockRule). Why is for staff who deal with them.
    is_vulnerable = models.BooleanField(default=False, db_default=False)
    vulnerable_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    vulnerable_until = models.DateField(null=True, blank=True)
    # How much they want to hear of their enquiries (enquiries.telling_choice); empty: every step.
    tell_how_much = models.CharField(max_length=5, blank=True, default="", db_default="")
    # By what they want to be told of all their enquiries; empty: as they came to each.
    tell_by = models.CharField(max_length=6, choices=MEDIA, blank=True, default="", db_default="")
    # The kinds of Adjustment that hold, so that whoever writes to them reads one row.
    adjustments = ArrayField(
        models.CharField(max_length=12, choices=KINDS), default=list, db_default=[], blank=True
    )
    # A letter came back from `address`.
    post_unusable_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["full_name", "pk"]
        indexes = [
            GinIndex(OpClass(Upper("full_name"), name="gin_trgm_ops"), name="person_name_trigram"),
            GinIndex(Words("full_name"), name="person_words"),
            GinIndex(Sounds("full_name"), name="person_sounds"),
            models.Index(
                OpClass(Compact("postcode"), name="text_pattern_ops"), name="person_postcode_start"
            ),
            models.Index(fields=["uprn"], name="person_uprn", condition=~Q(uprn="")),
        ]

    def __str__(self) -> str:
        return self.full_name or "Somebody who gave no name"


class ContactPoint(models.Model):
    """A telephone number (E.164) or an e-mail address (lower case) of one person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=[("phone", "phone"), ("email", "email")])
    value = models.CharField(max_length=254)
    digest = models.CharField(max_length=64, db_index=True)
    # When somebody last proved that they read what is sent here, and by what (customers.links).
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=12, blank=True, default="", db_default="")
    # Given for one enquiry alone, by whoever had its link: it proves nothing about this person.
    for_one = models.BooleanField(default=False, db_default=False)
    is_preferred = models.BooleanField(default=False)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    unusable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["person", "-is_preferred", "pk"]
        indexes = [
            models.Index(
                OpClass(Reverse("value"), name="text_pattern_ops"),
                name="phone_tail",
                condition=Q(kind="phone"),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "value"], name="contact_point_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Adjustment(models.Model):
    """What somebody needs so that we can speak with them: recorded, looked at again, ended.

    Kept when it has ended. `words` are for staff: which language, whom to ring instead.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    words = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    # When somebody asks them whether it is still so, and who did last.
    review_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["kind", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ended_at=None),
                name="adjustment_once_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
