"""Addresses of "before they ask"."""

from django.urls import path

from desk.views import before

urlpatterns = [
    path("", before.overview, name="desk-before"),
    path("<slug:slug>/", before.service, name="desk-before-service"),
]
