"""Addresses of notices."""

from django.urls import path

from desk.views import notices

urlpatterns = [
    path("", notices.overview, name="desk-notices"),
    path("new/", notices.new, name="desk-notice-new"),
    path("<uuid:public_id>/", notices.one, name="desk-notice"),
    path("<uuid:public_id>/publish/", notices.publish, name="desk-notice-publish"),
    path("<uuid:public_id>/end/", notices.end, name="desk-notice-end"),
    path("<uuid:public_id>/discard/", notices.discard, name="desk-notice-discard"),
]
