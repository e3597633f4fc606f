"""Knowledge and scripts beside a contact or a case."""

from django.urls import path

from desk.views import knowledge, scripts

urlpatterns = [
    path("contact/<uuid:public_id>/knowledge/", knowledge.of_contact, name="desk-knowledge"),
    path("contact/<uuid:public_id>/knowledge/said/", knowledge.said, name="desk-knowledge-said"),
    path("contact/<uuid:public_id>/knowledge/wrong/", knowledge.wrong, name="desk-knowledge-wrong"),
    path("contact/<uuid:public_id>/scripts/", scripts.begin, name="desk-scripts"),
    path("contact/<uuid:public_id>/scripts/<uuid:script>/", scripts.script, name="desk-script"),
    path("cases/<str:reference>/scripts/", scripts.begin_from_case, name="desk-case-scripts"),
    path("cases/<str:reference>/knowledge/", knowledge.of_case, name="desk-case-knowledge"),
    path(
        "cases/<str:reference>/knowledge/said/",
        knowledge.said_in_case,
        name="desk-case-knowledge-said",
    ),
    path(
        "cases/<str:reference>/knowledge/wrong/",
        knowledge.wrong_in_case,
        name="desk-case-knowledge-wrong",
    ),
]
