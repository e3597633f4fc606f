"""Addresses of the devices in public places."""

from django.urls import path

from desk.views import (
    kiosks,
    kiosks_figures,
    kiosks_fleet,
    kiosks_kept,
    kiosks_one,
    kiosks_releases,
    kiosks_settings,
)

urlpatterns = [
    path("", kiosks_fleet.fleet, name="desk-kiosks"),
    path("new/", kiosks.new, name="desk-kiosks-new"),
    path("set-aside/", kiosks_kept.set_aside, name="desk-kiosks-set-aside"),
    path("figures/", kiosks_figures.figures, name="desk-kiosk-figures"),
    path("figures/table.csv", kiosks_figures.table, name="desk-kiosk-figures-table"),
    path("figures/left.csv", kiosks_figures.left, name="desk-kiosk-figures-left"),
    path("releases/", kiosks_releases.releases, name="desk-kiosk-releases"),
    path("releases/<slug:version>/<slug:step>/", kiosks_releases.stage, name="desk-kiosk-release"),
    path("<uuid:public_id>/", kiosks_one.one, name="desk-kiosk"),
    path("<uuid:public_id>/settings/", kiosks_settings.change, name="desk-kiosk-settings"),
    path("<uuid:public_id>/tell/<slug:kind>/", kiosks_one.tell, name="desk-kiosk-tell"),
    path("<uuid:public_id>/end/", kiosks.end, name="desk-end-kiosk"),
]
