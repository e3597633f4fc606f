"""Addresses of the figures. Every filter stands in the address, so every view can be sent on."""

from django.urls import path

from desk.views import (
    costs,
    packs,
    performance,
    performance_figures,
    performance_one,
    said,
    targets,
    triaged,
)

urlpatterns = [
    path("", performance.overview, name="desk-performance"),
    path("enquiries/", performance.enquiries, name="desk-performance-enquiries"),
    path("enquiries/<str:reference>/", performance_one.one, name="desk-performance-enquiry"),
    path("figures/", performance_figures.figures, name="desk-performance-figures"),
    path("figures.csv", performance_figures.file, {"kind": "csv"}, name="desk-performance-csv"),
    path("figures.xlsx", performance_figures.file, {"kind": "xlsx"}, name="desk-performance-xlsx"),
    path("costs/", costs.costs, name="desk-performance-costs"),
    path("days/", targets.days, name="desk-performance-days"),
    path("targets/", targets.targets, name="desk-performance-targets"),
    path("packs/", packs.overview, name="desk-performance-packs"),
    path("packs/weekly/", packs.mail, {"kind": "weekly"}, name="desk-performance-packs-weekly"),
    path("packs/monthly/", packs.mail, {"kind": "monthly"}, name="desk-performance-packs-monthly"),
    path("packs/<uuid:public_id>/", packs.pack, name="desk-performance-pack"),
    path("said/", said.said, name="desk-performance-said"),
    path("triage/", triaged.triaged, name="desk-performance-triage"),
    path("triage/table.csv", triaged.table, name="desk-performance-triage-table"),
]
