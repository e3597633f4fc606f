"""Services and answers can be read and mended in Django's own admin."""

from __future__ import annotations

from django.contrib import admin

from kb.models import Article, Service


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin[Service]):
    list_display = ("name", "lgsl", "group", "owner_tier", "resolution_class", "promise_wd")
    list_filter = ("group", "owner_tier", "resolution_class")
    search_fields = ("name", "label", "synonyms")


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin[Article]):
    list_display = ("title", "service", "reviewed_on", "is_published")
    search_fields = ("title", "body")
