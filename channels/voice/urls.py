"""Addresses that Twilio calls."""

from django.urls import path

from channels.voice import views

urlpatterns = [
    path("incoming", views.incoming, name="voice-incoming"),
    path("dialled", views.dialled, name="voice-dialled"),
    path("status", views.status, name="voice-status"),
]
