"""Addresses that GOV.UK Notify calls."""

from django.urls import path

from channels.sms import views_notify

urlpatterns = [
    path("receipt", views_notify.receipt, name="notify-receipt"),
    path("returned", views_notify.returned, name="notify-returned"),
    path("inbound", views_notify.inbound, name="notify-inbound"),
]
