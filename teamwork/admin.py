"""Skills and capacity in Django's own pages, too; leaders say them on their own."""

from __future__ import annotations

from django.contrib import admin

from core.administering import Audited
from teamwork.models import Capacity, Skill


@admin.register(Skill)
class SkillAdmin(Audited[Skill]):
    list_display = ("staff", "kind", "value", "level")
    list_filter = ("kind",)
    list_select_related = ("staff",)


@admin.register(Capacity)
class CapacityAdmin(Audited[Capacity]):
    list_display = ("staff", "most_in_hand")
    list_select_related = ("staff",)
