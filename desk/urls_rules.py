"""Addresses of rules: what happens by itself."""

from django.urls import path

from desk.views import rules

urlpatterns = [
    path("", rules.overview, name="desk-rules"),
    path("new/", rules.new, name="desk-rule-new"),
    path("<uuid:public_id>/", rules.one, name="desk-rule"),
    path("<uuid:public_id>/change/", rules.change, name="desk-rule-change"),
    path("<uuid:public_id>/dry-run/", rules.dry, name="desk-rule-dry"),
    path("<uuid:public_id>/<slug:act>/", rules.act, name="desk-rule-act"),
]
