"""Addresses of how messages are getting on."""

from django.urls import path

from desk.views import messages

urlpatterns = [
    path("", messages.overview, name="desk-messages"),
    path("days.csv", messages.days_csv, name="desk-messages-days"),
    path("lost/", messages.lost, name="desk-messages-lost"),
    path("lost/again/", messages.again, name="desk-messages-again"),
    path("test/", messages.test, name="desk-messages-test"),
]
