"""How telephone calls went, by day: it outlives the calls, and names nobody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class CallDay(models.Model):
    """Calls to us that rang on one London day while somebody could answer.

    `prompt` were answered within 20 seconds. `given_up` came to nothing and were not followed by
    another call of the same number within two hours; of a withheld number each stands alone.
    """

    day = models.DateField(primary_key=True)
    rang = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    prompt = models.PositiveIntegerField()
    given_up = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prompt__lte=F("answered")) & Q(rang__gte=F("answered") + F("given_up")),
                name="call_day_adds_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.answered} of {self.rang}"
