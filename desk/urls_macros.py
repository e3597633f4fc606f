"""Addresses of macros: those who lead write them."""

from django.urls import path

from desk.views import macros

urlpatterns = [
    path("", macros.overview, name="desk-macros"),
    path("new/", macros.new, name="desk-macro-new"),
    path("<uuid:public_id>/", macros.one, name="desk-macro"),
    path("<uuid:public_id>/<slug:act>/", macros.act, name="desk-macro-act"),
]
