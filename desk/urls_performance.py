"""Addresses of the figures. Every filter stands in the address, so every view can be sent on."""

from django.urls import path

from desk.views import performance, said

urlpatterns = [
    path("", performance.overview, name="desk-performance"),
    path("enquiries/", performance.enquiries, name="desk-performance-enquiries"),
    path("said/", said.said, name="desk-performance-said"),
]
