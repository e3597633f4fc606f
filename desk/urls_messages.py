"""Addresses of how messages are getting on."""

from django.urls import path

from desk.views import carriers, mail, messages

urlpatterns = [
    path("", messages.overview, name="desk-messages"),
    path("days.csv", messages.days_csv, name="desk-messages-days"),
    path("lost/", messages.lost, name="desk-messages-lost"),
    path("lost/again/", messages.again, name="desk-messages-again"),
    path("providers/", carriers.overview, name="desk-providers"),
    path("providers/one/", carriers.one, name="desk-provider"),
    path("providers/route/", carriers.route, name="desk-provider-route"),
    path("test/", messages.test, name="desk-messages-test"),
    path("mail/", mail.asides, name="desk-mail"),
    path("mail/<uuid:public_id>/", mail.one, name="desk-mail-one"),
    path("mail/<uuid:public_id>/<slug:act>/", mail.act, name="desk-mail-act"),
]
