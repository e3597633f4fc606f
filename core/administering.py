"""Django's own pages for reference data: what is changed there stands in the audit trail too."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core import audit
from core.audit import Actor

M = TypeVar("M", bound=Model)


def actor_of(request: HttpRequest) -> Actor:
    """Who sits before Django's own pages."""
    return Actor("staff", request.user.pk, str(request.user))


class Audited(admin.ModelAdmin[M]):
    """Every change made in these pages leaves its line, in the transaction of the change."""

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> LogEntry:
        """Made."""
        self._record(request, obj, "created", {"said": message})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> LogEntry:
        """Changed: which fields."""
        self._record(request, obj, "changed", {"said": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[M]) -> list[LogEntry]:
        """Removed, one by one or many at once."""
        for obj in queryset:
            self._record(request, obj, "removed", {"was": str(obj)})
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, obj: Model, verb: str, data: dict[str, object]) -> None:
        name = obj._meta.model_name
        audit.record(
            f"{name}.{verb}",
            actor=actor_of(request),
            target=f"{name}:{obj.pk}",
            at=timezone.now(),
            data=data,
        )
