"""Visits: of citizens while they type, of kiosks, and of staff from sign-in to sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

if TYPE_CHECKING:
    from accounts.sessions import SessionStore


class Session(AbstractBaseSession):
    """Django's session, which knows whose it is: so it can be listed, and ended by others.

    `user` and what follows are empty for everybody who is not signed in.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    network_hash = models.CharField(max_length=64, blank=True, default="")
    browser = models.CharField(max_length=60, blank=True, default="")

    class Meta(AbstractBaseSession.Meta):
        ordering = ["-started_at", "pk"]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The engine that reads and writes these rows."""
        from accounts.sessions import SessionStore

        return SessionStore
