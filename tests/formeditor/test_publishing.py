"""The editor of forms: publishing, versions, files, and what is asked in people's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import AuditEvent
from kb.forms import files, reading
from kb.models import FormVersion, Service
from tests import forms_of
from tests.desk.steps import new_key, text
from tests.formeditor.steps import ROOT, draft, filled, hidden, live, question, save

pytestmark = pytest.mark.django_db
LIST = "/desk/settings/forms/"


def test_publishing_checks_what_the_page_showed(admin: Client) -> None:
    draft(admin)
    page = admin.get(f"{ROOT}publish/")
    assert "Nothing: the draft says the same" in text(page)
    save(admin, "questions/road/", words="Which road?")
    sent = {**hidden(page), "note": "Shorter"}
    told = admin.post(f"{ROOT}publish/", sent)
    assert "has changed this draft since the page was made" in text(told)
    assert "Which road is it on?" in text(told)
    assert admin.post(f"{ROOT}publish/", {**filled(told), "note": ""}).status_code == 200
    done = admin.post(f"{ROOT}publish/", {**filled(told), "note": "Shorter"}, follow=True)
    assert "Pothole asks this from now on" in text(done)
    assert (live().number, live().note, live().data["questions"][0]["words"]) == (
        2,
        "Shorter",
        "Which road?",
    )
    assert FormVersion.objects.get(number=1).state == "past"
    assert AuditEvent.objects.filter(action="form.published").count() == 2
    again = admin.post(f"{ROOT}publish/", sent, follow=True)
    assert "There is no draft any more" in text(again)


def test_a_version_that_went_live_meanwhile_is_said_and_numbers_keep_their_order(
    admin: Client,
) -> None:
    made = draft(admin)
    page = admin.get(f"{ROOT}publish/")
    forms_of.publish("pothole", *made.data["questions"][:1])
    assert live().number == 3
    told = admin.post(f"{ROOT}publish/", {**hidden(page), "note": "Mine"})
    assert "Another version went live meanwhile" in text(told)
    assert "went live after this draft was made" in text(told)
    done = admin.post(f"{ROOT}publish/", {**filled(told), "note": "Mine"})
    assert done.status_code == 303
    assert live().number == 4


def test_history_compares_and_an_old_version_comes_back_as_a_draft(admin: Client) -> None:
    draft(admin)
    save(admin, "questions/road/", words="Which road?")
    page = admin.get(f"{ROOT}changes/")
    assert "Question “road”: question" in text(page)
    publish = admin.get(f"{ROOT}publish/")
    admin.post(f"{ROOT}publish/", {**hidden(publish), "note": "Shorter"})
    history = text(admin.get(f"{ROOT}history/"))
    assert "Shorter" in history
    assert "1 change" in history
    assert "Which road?" in text(admin.get(f"{ROOT}changes/?version=2"))
    old = admin.get(f"{ROOT}versions/1/")
    assert "Which road is it on?" in text(old)
    assert hidden(old)["of"] == "1"
    draft(admin, of=1)
    assert (question("road") or {})["words"] == "Which road is it on?"
    refused = admin.post(f"{ROOT}draft/", {"key": new_key(), "of": "1"}, follow=True)
    assert "There is a draft already" in text(refused)
    for number in ("9", "x", "3"):
        assert admin.get(f"{ROOT}versions/{number}/").status_code == 404


def test_files_leave_and_come_back_into_the_draft(admin: Client) -> None:
    draft(admin)
    toml = admin.get(f"{ROOT}form.toml").content
    assert files.read("x.toml", toml, service="pothole").form == reading.form(live().data)
    data = json.loads(admin.get(f"{ROOT}form.json").content)
    data["questions"][0]["words"] = "From a file?"
    page = admin.get(f"{ROOT}upload/")

    def send(name: str, content: bytes, seen: Any = page) -> Any:
        return admin.post(
            f"{ROOT}upload/",
            {**hidden(seen), "key": new_key(), "file": SimpleUploadedFile(name, content)},
        )

    wrong = text(send("x.toml", b'[[questions]]\nkey = "A b"\ntype = "x"\n'))
    assert "problems, so nothing was changed" in wrong
    assert "Line 1, Question 1 (A b): The type is one of" in wrong
    assert "Choose a file" in text(admin.post(f"{ROOT}upload/", hidden(page)))
    assert "larger than 400 kB" in text(send("x.toml", b"#" * 500_000))
    assert send("x.json", json.dumps(data).encode()).status_code == 303
    assert (question("road") or {})["words"] == "From a file?"
    stale = text(send("x.json", json.dumps(data | {"describe": False}).encode()))
    assert "has changed this draft meanwhile" in stale
    assert live().number == 1


def test_own_words_are_left_out_and_asked_for_again(admin: Client) -> None:
    draft(admin)
    admin.post(f"{ROOT}own-words/", {"key": new_key(), "describe": ""})
    assert FormVersion.objects.get(state="draft").data["describe"] is False
    assert "the answers are the description" in text(admin.get(ROOT))
    admin.post(f"{ROOT}own-words/", {"key": new_key(), "describe": "on"})
    assert "describe" not in FormVersion.objects.get(state="draft").data


def test_a_service_of_its_own_form_begins_with_nothing(admin: Client) -> None:
    root = f"{LIST}missed-bin/"
    made = draft(admin, root)
    assert made.data == {"questions": []}
    assert Service.objects.get(slug="missed-bin").forms.count() == 1
