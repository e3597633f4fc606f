"""Addresses around the queue: the next case, kept views, acts on many."""

from django.urls import path

from desk.views import queue_next, queue_together, queue_views

urlpatterns = [
    path("next/", queue_next.take, name="desk-next"),
    path("views/", queue_views.views, name="desk-views"),
    path("views/new/", queue_views.new, name="desk-views-new"),
    path("views/<uuid:public_id>/<slug:act>/", queue_views.act, name="desk-views-act"),
    path("together/", queue_together.start, name="desk-together"),
    path("together/<uuid:public_id>/", queue_together.one, name="desk-together-one"),
    path("together/<uuid:public_id>/<slug:act>/", queue_together.act, name="desk-together-one-act"),
    path("together/<slug:act>/", queue_together.look, name="desk-together-look"),
    path("cases/<str:reference>/watch/", queue_next.watch, name="desk-watch"),
    path("cases/<str:reference>/unwatch/", queue_next.unwatch, name="desk-unwatch"),
]
