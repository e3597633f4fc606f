"""Addresses of who leads a team."""

from django.urls import path

from desk.views import leading, quality

urlpatterns = [
    path("", leading.wall, name="desk-team"),
    path("<uuid:key>/", leading.colleague, name="desk-team-colleague"),
    path("quality/", quality.overview, name="desk-quality"),
    path("quality/draw/", quality.draw, name="desk-quality-draw"),
    path("quality/<int:number>/<slug:act>/", quality.mark, name="desk-quality-mark"),
]
