"""Services and answers can be read and mended in Django's own admin."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.administering import Audited
from kb import actions
from kb.models import Purpose, Service

M = TypeVar("M", bound=Model)


class Searched(Audited[M]):
    """What is mended here is found by its new words at once."""

    kind = ""

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Its address may be new too: what stood under the old one is taken out.
        for slug in {obj.slug, form.initial.get("slug", obj.slug)}:  # type: ignore[attr-defined]
            actions.index_one(self.kind, slug)


@admin.register(Service)
class ServiceAdmin(Searched[Service]):
    kind = "service"
    list_display = ("name", "lgsl", "group", "owner_tier", "resolution_class", "promise_wd")
    list_filter = ("group", "owner_tier", "resolution_class")
    search_fields = ("name", "label", "synonyms")


@admin.register(Purpose)
class PurposeAdmin(Audited[Purpose]):
    list_display = ("name", "for_all", "controller", "retention", "is_proposal")
    list_filter = ("is_proposal", "for_all")
    search_fields = ("name", "words")
