"""Addresses of the pages on which answers are written."""

from django.urls import path

from desk.views import articles

urlpatterns = [
    path("", articles.overview, name="desk-articles"),
    path("new/", articles.new, name="desk-article-new"),
    path("four-eyes/", articles.four_eyes, name="desk-articles-four-eyes"),
    path("files/<uuid:public_id>/", articles.file, name="desk-article-file"),
    path("<slug:slug>/", articles.write, name="desk-article"),
    path("<slug:slug>/preview/", articles.preview, name="desk-article-preview"),
    path("<slug:slug>/versions/", articles.versions, name="desk-article-versions"),
    path("<slug:slug>/readers/", articles.readers, name="desk-article-readers"),
    path("<slug:slug>/used/", articles.used, name="desk-article-used"),
    path("<slug:slug>/files/", articles.files, name="desk-article-files"),
    path("<slug:slug>/<slug:act>/", articles.act, name="desk-article-act"),
]
