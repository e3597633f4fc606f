"""Tries to sign in, counted here so that no restart and no second server forgets them."""

from __future__ import annotations

from django.db import models


class SignInTry(models.Model):
    """One try. Addresses are kept as keyed hashes: the count needs no names."""

    email_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["email_hash", "at"], name="sign_in_try_email"),
            models.Index(fields=["network_hash", "at"], name="sign_in_try_network"),
            models.Index(fields=["at"], name="sign_in_try_at"),
        ]

    def __str__(self) -> str:
        return f"try at {self.at}"
