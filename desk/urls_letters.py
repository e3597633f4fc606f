"""Addresses of letters to be printed and posted."""

from django.urls import path

from desk.views import letters

urlpatterns = [
    path("", letters.overview, name="desk-letters"),
    path("take/", letters.take, name="desk-letters-take"),
    path("<uuid:public_id>/letters.pdf", letters.pdf, name="desk-letters-pdf"),
    path("<uuid:public_id>/letters.zip", letters.zipped, name="desk-letters-zip"),
    path("<uuid:public_id>/posted/", letters.posted, name="desk-letters-posted"),
]
