"""Addresses of who leads a team."""

from django.urls import path

from desk.views import leading, quality, skills, walls

urlpatterns = [
    path("", leading.wall, name="desk-team"),
    path("screen/", leading.screen, name="desk-team-screen"),
    path("<uuid:key>/", leading.colleague, name="desk-team-colleague"),
    path("<uuid:key>/skills/", skills.skills, name="desk-team-skills"),
    path("walls/", walls.screens, name="desk-walls"),
    path("walls/<uuid:public_id>/end/", walls.end, name="desk-walls-end"),
    path("quality/", quality.overview, name="desk-quality"),
    path("quality/draw/", quality.draw, name="desk-quality-draw"),
    path("quality/<slug:number>/<slug:act>/", quality.mark, name="desk-quality-mark"),
]
