"""What is asked of messages on every page of a case, as statements made once."""

from __future__ import annotations

from functools import cache

from django.db.models import CharField

from core.statements import Given, Objects, objects
from notifications.models import Notification


@cache
def about() -> Objects[Notification]:
    """Messages about a case, oldest first."""
    return objects(Notification.objects.filter(about=Given("about", CharField())), prepared=True)
