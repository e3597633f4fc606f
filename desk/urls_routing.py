"""Addresses of the rules' editor: versions and rules by the numbers that people call them by."""

from django.urls import path

from desk.views import outside, routing, routing_publish, routing_rules

VERSION = "routing/<slug:number>/"
RULE = f"{VERSION}rules/<slug:position>/"

urlpatterns = [
    path("routing/", routing.overview, name="desk-routing"),
    path("routing/drafts/", routing.make_draft, name="desk-routing-drafts"),
    path("routing/undo/", routing_publish.undo, name="desk-routing-undo"),
    path(VERSION, routing.version, name="desk-rules"),
    path(f"{VERSION}checks/", routing.checks, name="desk-rules-checks"),
    path(f"{VERSION}changes/", routing.changes, name="desk-rules-changes"),
    path(f"{VERSION}compare/", routing.compare, name="desk-rules-compare"),
    path(f"{VERSION}rules.csv", routing.table, name="desk-rules-table"),
    path(f"{VERSION}upload/", routing_rules.upload, name="desk-rules-upload"),
    path(f"{VERSION}publish/", routing_publish.publish, name="desk-rules-publish"),
    path(f"{VERSION}call-back/", routing_publish.call_back, name="desk-rules-call-back"),
    path(f"{VERSION}discard/", routing_publish.discard, name="desk-rules-discard"),
    path(f"{VERSION}rules/new/", routing_rules.add, name="desk-rule-new"),
    path(RULE, routing_rules.rule, name="desk-rule"),
    path(f"{RULE}move/", routing_rules.move, name="desk-rule-move"),
    path(f"{RULE}delete/", routing_rules.delete, name="desk-rule-delete"),
    path("outside/", outside.overview, name="desk-outside"),
    path("outside/<slug:slug>/", outside.change, name="desk-outside-body"),
]
