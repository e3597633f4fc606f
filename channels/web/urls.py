"""Addresses of the website."""

from django.urls import path

from channels.asking import questions
from channels.web import (
    answers,
    ask,
    ask_questions,
    mine,
    nearby,
    places,
    privacy,
    said,
    searching,
    track,
    track_acts,
    track_telling,
    views,
)

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("services/", views.services, name="services"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("answers/files/<uuid:public_id>/", answers.file, name="answer-file"),
    path("answers/<slug:slug>/", answers.answer, name="answer"),
    path("answers/<slug:slug>/said/", answers.said, name="answer-said"),
    path("answers/<slug:slug>/words/", answers.words, name="answer-words"),
    path("search/", searching.search, name="search"),
    path("search/suggest/", searching.suggest, name="suggest"),
    path("ask/", ask.about, name="ask"),
    path("ask/<str:journey_id>/about/", ask.about, name="ask-about"),
    path("ask/<str:journey_id>/q/<slug:key>/", ask_questions.question, name="ask-question"),
    path("ask/<str:journey_id>/end/<slug:key>/", ask_questions.end, name="ask-end"),
    path("ask/<str:journey_id>/files/", ask_questions.old, {"step": questions.WHAT}, "ask-files"),
    path("ask/<str:journey_id>/files/<uuid:file_id>/", ask.picture, name="ask-file"),
    path("ask/<str:journey_id>/nearby/", nearby.nearby, name="ask-nearby"),
    path("ask/<str:journey_id>/told/", nearby.told, name="ask-told"),
    path("ask/<str:journey_id>/question/<slug:key>/", ask_questions.old, {"step": ""}),
    path("ask/<str:journey_id>/where/", ask_questions.old, {"step": questions.WHERE}),
    path("ask/<str:journey_id>/what/", ask_questions.old, {"step": questions.WHAT}),
    path("ask/<str:journey_id>/you/", ask_questions.old, {"step": questions.YOU}),
    path("ask/<str:journey_id>/check/", ask.check, name="ask-check"),
    path("ask/<str:journey_id>/sent/", ask.sent, name="ask-sent"),
    path("track/", track.track, name="track"),
    path("track/link/", track.send_link, name="track-link"),
    path("track/<str:reference>/<str:secret>/", track.by_secret, name="track-secret"),
    *(
        path(
            f"track/<str:reference>/<str:secret>/{name}/",
            track_acts.act,
            {"name": name},
            name=f"track-{name}",
        )
        for name in track_acts.ACTS
    ),
    path("track/<str:reference>/<str:secret>/tell/", track_telling.tell, name="track-tell"),
    path("track/<str:reference>/<str:secret>/others/", track_telling.others, name="track-others"),
    path(
        "track/<str:reference>/<str:secret>/others/<uuid:public_id>/remove/",
        track_telling.remove,
        name="track-others-remove",
    ),
    path("kept-told/<str:secret>/", track_telling.kept_told, name="kept-told"),
    path("said/<str:token>/", said.said, name="said"),
    path("track/<str:reference>/<str:secret>/files/<uuid:file_id>/", track.file, name="track-file"),
    path("my/", mine.start, name="my"),
    path("my/sent/", mine.sent, name="my-sent"),
    path("my/open/<str:token>/", mine.open_link, name="my-open"),
    path("my/enquiries/", mine.enquiries, name="my-enquiries"),
    path("my/telling/", mine.telling, name="my-telling"),
    path("my/leave/", mine.leave, name="my-leave"),
    path("places/near/", places.near, name="places-near"),
    path("places/postcode/", places.postcode, name="places-postcode"),
    path("places/around/", places.around, name="places-around"),
    path("places/districts/", places.districts, name="places-districts"),
    path("places/pictures/<uuid:public_id>/", places.picture, name="places-picture"),
    path("accessibility/", views.statement, {"name": "accessibility"}, name="accessibility"),
    path("privacy/", privacy.general, name="privacy"),
    path("privacy/<slug:slug>/", privacy.of_service, name="privacy-service"),
    path("attribution/", views.statement, {"name": "attribution"}, name="attribution"),
]
