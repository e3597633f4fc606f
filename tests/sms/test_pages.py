"""The page of a conversation by text: a place on a map, a photo; and who else may open it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import privacy
from enquiries.models import Attachment, Enquiry, SmsDialog
from notifications.models import Notification
from tests import forms_of
from tests.outbox import run_outbox
from tests.sms.asked import DEEP, HOLE
from tests.uploads.steps import photo

pytestmark = pytest.mark.django_db

PHOTO = {"key": "photo", "type": "file", "words": "Do you have a picture?", "required": True}


def path_in(answer: str) -> str:
    found = re.search(r"https://hub\.example(/w/[\w-]+/)", answer)
    assert found is not None, answer
    return found.group(1)


def asked_where(phone: Any) -> str:
    phone.text("pothole outside the Spar")
    phone.text("2")
    return path_in(phone.text("link"))


def test_a_link_opens_the_place_and_the_next_question_comes_by_text(holes, phone, client):
    path = asked_where(phone)
    page = client.get(path)
    assert page.status_code == 200
    assert "Where is it?" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    sent = client.post(path, {"postcode": "wr1 3ez", "address": "Bridge Street"})
    assert "Go back to your text messages" in sent.content.decode()
    run_outbox()
    message = Notification.objects.get(event="sms_turn", provider="memory")
    assert message.to == phone.number
    assert "Q2 Bridge Street, WR1 3EZ" in message.body
    phone.text("1")
    assert Enquiry.objects.get().postcode == "WR1 3EZ"


def test_the_page_speaks_the_language_of_the_conversation(holes, phone, client):
    phone.text("Polski. pothole outside the Spar")
    phone.text("2")
    path = path_in(phone.text("link"))

    def read(answer: Any) -> str:
        content: str = answer.content.decode()
        return content

    page = client.get(path, headers={"Accept-Language": "en-GB"})
    assert page["Content-Language"] == "pl"
    assert '<html lang="pl"' in read(page)
    assert "Where is it?" not in read(page)
    refused = read(client.post(path, {"postcode": "SW1A 1AA"}, headers={"Accept-Language": "en"}))
    assert '<html lang="pl"' in refused
    assert "Error:" not in refused
    assert 'href="?language=en-gb"' in refused
    here = client.get(f"{path}?language=en-gb")
    assert "Where is it?" in read(here)
    sent = client.post(f"{path}?language=en-gb", {"postcode": "WR1 3EZ"})
    assert "We have it" in read(sent)
    # The conversation goes on as it was.
    message = Notification.objects.get(event="sms_turn", provider="")
    assert message.language == "pl"
    assert "Odpisz 1" in message.body


def test_who_stopped_texts_is_sent_no_question_and_told_so(holes, phone, client, clock):
    path = asked_where(phone)
    phone.text("STOP")
    page = client.post(path, {"postcode": "wr1 3ez", "address": "Bridge Street"}).content.decode()
    assert "You stopped our texts" in page
    assert "we have sent you" not in page
    run_outbox()
    assert not Notification.objects.filter(provider="memory", to=phone.number).exists()
    assert "Q2 Bridge Street, WR1 3EZ" in phone.text("START")


def test_a_pin_alone_is_a_place(holes, phone, client):
    path = asked_where(phone)
    client.post(path, {"postcode": "", "latitude": "52.1931", "longitude": "-2.2208"})
    run_outbox()
    message = Notification.objects.get(event="sms_turn", provider="memory")
    assert "Q2 Near WR1 3EZ" in message.body
    phone.text("1")
    enquiry = Enquiry.objects.get()
    assert (enquiry.latitude, enquiry.district_code) == (52.1931, "E07000237")


def test_a_page_that_is_sent_twice_asks_the_next_question_once(holes, phone, client):
    path = asked_where(phone)
    for _ in range(2):
        assert client.post(path, {"postcode": "WR1 3EZ"}).status_code == 200
    assert Notification.objects.filter(event="sms_turn", provider="").count() == 1


def test_what_is_wrong_on_the_page_is_said_there_and_changes_nothing(holes, phone, client):
    path = asked_where(phone)
    before = SmsDialog.objects.get().revision
    page = client.post(path, {"postcode": "SW1A 1AA"})
    assert "outside Worcestershire" in page.content.decode()
    for odd in ({}, {"postcode": "\x00"}, {"postcode": "a" * 9000}, {"latitude": "x"},
                {"latitude": "1e999", "longitude": "2"}):  # fmt: skip
        assert client.post(path, odd).status_code == 200
    assert SmsDialog.objects.get().revision == before


@pytest.mark.parametrize("token", ["nobody", "%00", "a" * 500, "..%2f", "ü"])
def test_a_link_that_was_never_given_opens_nothing(holes, phone, client, token):
    asked_where(phone)
    assert client.get(f"/w/{token}/").status_code in (404, 400)


def test_a_link_opens_nothing_when_the_conversation_is_over(holes, phone, client):
    path = asked_where(phone)
    phone.text("agent")
    for answer in (client.get(path), client.post(path, {"postcode": "WR1 3EZ"})):
        assert answer.status_code == 404
        assert "This link opens nothing any more" in answer.content.decode()


def test_a_link_opens_only_its_own_conversation_and_shows_nobody(holes, phone, client):
    path = asked_where(phone)
    shown = client.get(path).content.decode()
    for secret in ("7700900123", "outside the Spar", "900123"):
        assert secret not in shown
    assert SmsDialog.objects.get().token_hash not in path
    assert path.split("/")[2] not in str(SmsDialog.objects.values())


def test_a_link_is_not_written_into_logs():
    said = privacy.redact_text("GET https://hub.example/w/AbCdEf123456/ 200")
    assert "AbCdEf123456" not in said


def test_without_a_token_of_the_form_nothing_is_written(holes, phone):
    path = asked_where(phone)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"postcode": "WR1 3EZ"}).status_code == 403


def test_a_photo_is_added_by_the_link_and_goes_with_the_enquiry(clock, phone, client):
    forms_of.publish("pothole", DEEP, PHOTO, describe=False)
    phone.text(HOLE)
    asked = phone.text("1")
    assert "Q2 Do you have a picture?" in asked
    assert "There is no photo yet." in phone.text("1")
    path = path_in(phone.text("link"))
    nothing = client.post(path, {})
    assert "Add a photo or a file" in nothing.content.decode()
    file = SimpleUploadedFile("hole.jpg", photo(), "image/jpeg")
    assert "Your photo is with" in client.post(path, {"files": file}).content.decode()
    run_outbox()
    phone.text("1")
    assert Attachment.objects.get().enquiry == Enquiry.objects.get()


def test_a_photo_by_text_answers_the_question_for_one(clock, phone):
    forms_of.publish("pothole", DEEP, PHOTO, describe=False)
    phone.text(HOLE)
    phone.text("1")
    assert "We have:" in phone.text("", NumMedia="1")


def test_who_tries_many_links_is_let_in_nowhere_for_a_while(holes, phone, client):
    path = asked_where(phone)
    for _ in range(60):
        assert client.get("/w/wrong/").status_code == 404
    assert client.get("/w/wrong/").status_code == 429
    assert client.get(path).status_code == 429
