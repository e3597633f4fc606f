"""Addresses of how messages are getting on."""

from django.urls import path

from desk.views import mail, messages

urlpatterns = [
    path("", messages.overview, name="desk-messages"),
    path("days.csv", messages.days_csv, name="desk-messages-days"),
    path("lost/", messages.lost, name="desk-messages-lost"),
    path("lost/again/", messages.again, name="desk-messages-again"),
    path("test/", messages.test, name="desk-messages-test"),
    path("mail/", mail.asides, name="desk-mail"),
    path("mail/<uuid:public_id>/", mail.one, name="desk-mail-one"),
    path("mail/<uuid:public_id>/<slug:act>/", mail.act, name="desk-mail-act"),
]
