"""Addresses of the kiosk."""

from django.urls import path, re_path

from channels.kiosk import (
    answers,
    asking,
    choosing,
    devices,
    easier,
    helping,
    kept,
    nearby,
    pulse,
    saving,
    views,
    worker,
)

app_name = "kiosk"
urlpatterns = [
    path("", views.home, name="home"),
    path("enrol/", devices.enrol, name="enrol"),
    path("kept/", kept.kept, name="kept"),
    path("kept/gone/", kept.gone, name="gone"),
    path("pulse/", pulse.pulse, name="pulse"),
    path("start/", views.start, name="start"),
    path("again/", views.again, name="again"),
    path("easier/", easier.easier, name="easier"),
    path("menu/", views.menu, name="menu"),
    path("people/", views.people, name="people"),
    path("help/", helping.call, name="help"),
    path("track/", views.track, name="track"),
    path("about/", choosing.about, name="about"),
    path("about/<slug:slug>/", choosing.subject, name="subject"),
    path("about/<slug:slug>/<slug:name>/", choosing.group, name="group"),
    path("search/", choosing.search, name="search"),
    path("answers/<slug:slug>/", answers.answer, name="answer"),
    path("question/<slug:key>/", asking.own, name="own"),
    path("where/", asking.where, name="where"),
    path("what/", asking.what, name="what"),
    path("nearby/", nearby.nearby, name="nearby"),
    path("tell/", asking.tell, name="tell"),
    re_path(r"^you/(?P<way>email|sms)/$", asking.you, name="you"),
    path("end/<slug:key>/", asking.end, name="end"),
    path("save/", saving.save, name="save"),
    path("return/", saving.take_up, name="return"),
    path("check/", asking.check, name="check"),
    path("sent/", asking.sent, name="sent"),
    path("said/<str:token>/", views.said, name="said"),
    path("sw.js", worker.worker, name="worker"),
    path("shell/<slug:release>/<path:path>", worker.file, name="file"),
]
