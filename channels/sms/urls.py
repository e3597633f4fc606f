"""Addresses that Twilio calls."""

from django.urls import path

from channels.sms import views

urlpatterns = [
    path("inbound", views.inbound, name="sms-inbound"),
    path("status", views.status, name="sms-status"),
]
