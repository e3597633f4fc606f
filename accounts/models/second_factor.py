"""The second factor of staff: the key that their code app shares with us, and spare codes."""

from __future__ import annotations

from django.db import models


class SecondFactor(models.Model):
    """One person's code app. The key is sealed (`core.sealing`): this table alone opens nothing."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="+")
    sealed_key = models.CharField(max_length=300)
    # The last half-minute whose code was used: neither it nor an older one is taken again.
    last_step = models.BigIntegerField(default=0)
    set_up_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"code app of {self.user_id}"


class SpareCode(models.Model):
    """One code on paper, for a day without the phone. Only its hash is kept."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    hash = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"spare code of {self.user_id}"
