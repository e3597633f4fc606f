"""Citizens and how to reach them. The personal-data boundary: names and addresses live here."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from customers.adjusting import KINDS
from customers.ways import MEDIA


class Person(models.Model):
    """One citizen as far as we know. `address` and `postcode` are as given, for letters."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True, db_index=True)
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
            GinIndex(OpClass(Upper("full_name"), name="gin_trgm_ops"), name="person_name_trigram")
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


class TextWord(models.Model):
    """Somebody's word on texts to a number: stop, or start again. The newest holds.

    Of the number, not of a person: whoever has it, or gives it to us later, is sent none.
    """

    digest = models.CharField(max_length=64)
    is_stop = models.BooleanField()
    # How we know: they texted it, a provider told us, staff wrote it down, or their own page.
    source = models.CharField(
        max_length=8, choices=[(s, s) for s in ("text", "provider", "desk", "page")]
    )
    by = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["digest", "-id"], name="text_word_newest")]

    def __str__(self) -> str:
        return f"{'stop' if self.is_stop else 'start'}, {self.at:%Y-%m-%d %H:%M}"


class MarketingWord(models.Model):
    """Somebody's yes or no to news that is not about an enquiry of theirs, by one medium (PECR).

    The newest holds; where there is none it is no.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    medium = models.CharField(max_length=6, choices=MEDIA)
    is_yes = models.BooleanField()
    source = models.CharField(max_length=8, choices=[(s, s) for s in ("desk", "page")])
    by = models.CharField(max_length=120, blank=True)
    # What they were asked, in the words in which they were asked it.
    asked = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "medium", "-id"], name="marketing_word_newest")]

    def __str__(self) -> str:
        return f"{'yes' if self.is_yes else 'no'} to news by {self.medium}"


class AddressLink(models.Model):
    """Somebody asked for a link to an address. Kept for known and unknown addresses alike.

    The token is made when the message is written and kept as its digest: whoever reads this table
    opens nothing with it.
    """

    kind = models.CharField(max_length=5, choices=[("phone", "phone"), ("email", "email")])
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=12, default="en-gb")
    asked_at = models.DateTimeField(db_index=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["digest", "-asked_at"], name="address_link_asked")]

    def __str__(self) -> str:
        return f"link to {self.kind}, asked for at {self.asked_at:%Y-%m-%d %H:%M}"


class AddressVisit(models.Model):
    """A browser of somebody who proved an address, for half an hour after the last page."""

    kind = models.CharField(max_length=5, choices=[("phone", "phone"), ("email", "email")])
    digest = models.CharField(max_length=64)
    token_digest = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"visit by {self.kind}, {self.started_at:%Y-%m-%d %H:%M}"
