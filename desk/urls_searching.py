"""Addresses of search as editors look after it."""

from django.urls import path

from desk.views import searching

urlpatterns = [
    path("", searching.gaps, name="desk-search"),
    path("add/", searching.add, name="desk-search-add"),
    path("danger/", searching.dangers, name="desk-search-dangers"),
    path("danger/<slug:slug>/", searching.danger, name="desk-search-danger"),
    path("words/", searching.overview, name="desk-search-words"),
    path("words/<slug:slug>/", searching.words, name="desk-search-service"),
]
