"""Which e-mail of a citizen our e-mails about a case answer."""

from __future__ import annotations

from django.db import models


class MailThread(models.Model):
    """The Message-ID of the newest e-mail that a citizen sent about a case."""

    about = models.CharField(max_length=20, unique=True)
    message_id = models.CharField(max_length=255)

    class Meta:
        ordering = ["about"]

    def __str__(self) -> str:
        return f"thread of {self.about}"
