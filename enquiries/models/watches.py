"""Cases that somebody at the desk keeps in sight without having them in hand."""

from __future__ import annotations

from django.db import models


class Watch(models.Model):
    """One case that one member of staff watches."""

    staff = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name_plural = "watches"
        constraints = [
            models.UniqueConstraint(fields=["staff", "enquiry"], name="watch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} watches {self.enquiry_id}"
