"""Addresses of calls at one's own telephone."""

from django.urls import path

from desk.views import pop

urlpatterns = [
    path("", pop.calls, name="desk-pop"),
    path("line/", pop.line, name="desk-pop-line"),
    path("<uuid:public_id>/open/", pop.open_call, name="desk-pop-open"),
    path("<uuid:public_id>/away/", pop.put_away, name="desk-pop-away"),
]
