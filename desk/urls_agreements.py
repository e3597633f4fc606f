"""Addresses of agreements and of what shortens clocks."""

from django.urls import path

from desk.views import agreements

urlpatterns = [
    path("", agreements.overview, name="desk-agreements"),
    path("with/<slug:body>/", agreements.body, name="desk-agreements-of"),
    path("with/<slug:body>/<slug:service>/", agreements.agreement, name="desk-agreement"),
    path(
        "with/<slug:body>/<slug:service>/end/", agreements.end_agreement, name="desk-agreement-end"
    ),
    path("shorter/", agreements.add_rule, name="desk-clock-rule-add"),
    path("shorter/<slug:service>/<slug:cause>/", agreements.rule, name="desk-clock-rule"),
    path(
        "shorter/<slug:service>/<slug:cause>/end/", agreements.end_rule, name="desk-clock-rule-end"
    ),
]
