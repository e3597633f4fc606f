"""Addresses of what messages say: event, medium and language name the words."""

from django.urls import path

from desk.views import words

ONE = "<slug:event>/<slug:medium>/<slug:language>/"

urlpatterns = [
    path("", words.overview, name="desk-words"),
    path(ONE, words.one, name="desk-words-one"),
    path(f"{ONE}versions/", words.versions, name="desk-words-versions"),
    path(f"{ONE}<slug:act>/", words.act, name="desk-words-act"),
]
