"""Addresses of working calendars and agreements."""

from django.urls import path

from desk.views import calendars

urlpatterns = [
    path("", calendars.overview, name="desk-calendars"),
    path("holiday/", calendars.holiday, name="desk-calendar-holiday"),
    path("<slug:body>/", calendars.calendar, name="desk-calendar"),
    path("<slug:body>/teams/<slug:team>/", calendars.calendar, name="desk-calendar-team"),
    path("<slug:body>/teams/<slug:team>/<slug:act>/", calendars.act, name="desk-calendar-team-act"),
    path("<slug:body>/<slug:act>/", calendars.act, name="desk-calendar-act"),
]
