"""Addresses that GOV.UK Notify calls."""

from django.urls import path

from channels.sms import views_notify

urlpatterns = [
    path("receipt", views_notify.receipt, name="notify-receipt"),
    path("inbound", views_notify.inbound, name="notify-inbound"),
]
