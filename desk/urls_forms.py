"""Addresses of the editor of forms: services by their slug, questions and ends by their keys."""

from django.urls import path

from desk.views import forms, forms_parts, forms_publish, forms_try

SERVICE = "<slug:slug>/"
QUESTION = f"{SERVICE}questions/<slug:key>/"
END = f"{SERVICE}ends/<slug:key>/"
QUESTIONS, ENDS = {"part": "questions"}, {"part": "ends"}

urlpatterns = [
    path("", forms.overview, name="desk-forms"),
    path(SERVICE, forms.service, name="desk-form"),
    path(f"{SERVICE}checks/", forms.checks, name="desk-form-checks"),
    path(f"{SERVICE}changes/", forms.changes, name="desk-form-changes"),
    path(f"{SERVICE}history/", forms.history, name="desk-form-history"),
    path(f"{SERVICE}versions/<slug:number>/", forms.version, name="desk-form-version"),
    path(f"{SERVICE}form.toml", forms.download, {"kind": "toml"}, name="desk-form-toml"),
    path(f"{SERVICE}form.json", forms.download, {"kind": "json"}, name="desk-form-json"),
    path(f"{SERVICE}draft/", forms_publish.make_draft, name="desk-form-draft"),
    path(f"{SERVICE}own-words/", forms_publish.own_words, name="desk-form-own-words"),
    path(f"{SERVICE}publish/", forms_publish.publish, name="desk-form-publish"),
    path(f"{SERVICE}discard/", forms_publish.discard, name="desk-form-discard"),
    path(f"{SERVICE}upload/", forms_publish.upload, name="desk-form-upload"),
    path(f"{SERVICE}try/", forms_try.walk, name="desk-form-try"),
    path(f"{SERVICE}questions/look/", forms_parts.look, QUESTIONS, name="desk-form-look"),
    path(f"{SERVICE}ends/look/", forms_parts.look, ENDS, name="desk-form-look-end"),
    path(f"{SERVICE}questions/new/", forms_parts.new, QUESTIONS, name="desk-form-question-new"),
    path(QUESTION, forms_parts.change, QUESTIONS, name="desk-form-question"),
    path(f"{QUESTION}move/", forms_parts.move, QUESTIONS, name="desk-form-question-move"),
    path(f"{QUESTION}remove/", forms_parts.remove, QUESTIONS, name="desk-form-question-remove"),
    path(f"{QUESTION}areas/", forms_parts.areas, name="desk-form-areas"),
    path(f"{QUESTION}areas/<slug:code>/", forms_parts.area, name="desk-form-area"),
    path(f"{SERVICE}ends/new/", forms_parts.new, ENDS, name="desk-form-end-new"),
    path(END, forms_parts.change, ENDS, name="desk-form-end"),
    path(f"{END}move/", forms_parts.move, ENDS, name="desk-form-end-move"),
    path(f"{END}remove/", forms_parts.remove, ENDS, name="desk-form-end-remove"),
]
