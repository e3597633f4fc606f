"""What people said of texts and news, and how they proved an address."""

from __future__ import annotations

from django.db import models

from customers.models.people import Person
from customers.ways import MEDIA


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
