"""Addresses of the translations of our data: languages by their codes."""

from django.urls import path

from desk.views import languages

LANGUAGE = "<slug:code>/"

urlpatterns = [
    path("", languages.overview, name="desk-languages"),
    path(LANGUAGE, languages.language, name="desk-language"),
    path(f"{LANGUAGE}words.po", languages.download, name="desk-language-words"),
    path(f"{LANGUAGE}upload/", languages.upload, name="desk-language-upload"),
    path(f"{LANGUAGE}save/", languages.save, name="desk-language-save"),
]
