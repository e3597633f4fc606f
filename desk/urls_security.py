"""Addresses of what callers are asked."""

from django.urls import path

from desk.views import security

urlpatterns = [
    path("", security.overview, name="desk-security"),
    path("<slug:slug>/", security.one, name="desk-security-one"),
    path("<slug:slug>/remove/", security.remove, name="desk-security-remove"),
]
