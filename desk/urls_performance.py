"""Addresses of the figures. Every filter stands in the address, so every view can be sent on."""

from django.urls import path

from desk.views import performance, said, triaged

urlpatterns = [
    path("", performance.overview, name="desk-performance"),
    path("enquiries/", performance.enquiries, name="desk-performance-enquiries"),
    path("said/", said.said, name="desk-performance-said"),
    path("triage/", triaged.triaged, name="desk-performance-triage"),
    path("triage/table.csv", triaged.table, name="desk-performance-triage-table"),
]
