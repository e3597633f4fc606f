"""Who spoke for somebody else in a contact."""

from __future__ import annotations

from django.db import models

from enquiries.models.contacts import Contact


class Acting(models.Model):
    """`by` was in touch, for the person of the contact: "calling for my mother".

    What they may be told is the proxy's as it stands (customers.queries_lives.proxy).
    """

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="acting")
    by = models.ForeignKey("customers.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.by_id} in {self.contact_id}"
