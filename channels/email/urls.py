"""The address that a mail server calls."""

from django.urls import path

from channels.email import views

urlpatterns = [path("inbound", views.inbound, name="email-inbound")]
