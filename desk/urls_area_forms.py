"""Addresses of forms as a partner's editor changes them: for their own areas only."""

from django.urls import path

from desk.views import area_forms

QUESTION = "<slug:slug>/questions/<slug:key>/"

urlpatterns = [
    path("", area_forms.overview, name="desk-area-forms"),
    path("<slug:slug>/", area_forms.service, name="desk-area-form"),
    path("<slug:slug>/try/", area_forms.walk, name="desk-area-form-try"),
    path("<slug:slug>/publish/", area_forms.publish, name="desk-area-form-publish"),
    path("<slug:slug>/discard/", area_forms.discard, name="desk-area-form-discard"),
    path(QUESTION, area_forms.choose, name="desk-area-form-question"),
    path(f"{QUESTION}<slug:code>/", area_forms.area, name="desk-area-form-area"),
]
