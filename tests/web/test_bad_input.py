"""Bad input: a clear answer each, nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from channels.asking import forms
from enquiries.models import Enquiry
from tests.web.conftest import EVESHAM, Visitor

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
ASK = "ring Worcestershire Hub on 01632 960000"
EMOJI = "The bin 🗑️ is on fire 🔥👩🏽‍🚒"
ARABIC = "الحاوية مقلوبة ولم يتم إفراغها"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a postcode, or choose"),
        ("rubbish", "Enter a full postcode"),
        ("WR11", "Enter a full postcode"),
        ("WR1 1ZZ", "We do not know WR1 1ZZ"),
        ("WR1 1ZZ", f"use a postcode nearby, or {ASK}"),
        ("SW1A 1AA", "SW1A 1AA is outside Worcestershire"),
        ("SW1A 1AA", f"ask the council for that area. If you are not sure, {ASK}"),
        ("🏠", "Enter a full postcode"),
        (SCRIPT[:29], "Enter a full postcode"),
        ("x" * 5000, "at most 30 characters"),
    ],
)
def test_a_postcode_we_cannot_use_is_refused_with_what_to_do(
    visitor: Visitor, typed: str, words: str
) -> None:
    visitor.start()
    visitor.answer(postcode=typed, address="By the bridge")
    assert visitor.at.endswith("/q/place/")
    assert words in visitor.text
    assert "<title>Error: " in visitor.text
    assert 'href="#id_postcode"' in visitor.text
    assert "By the bridge" in visitor.text


def test_ten_thousand_characters_are_refused_and_kept_on_the_page(visitor: Visitor) -> None:
    visitor.start()
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="w" * 10_000)
    assert "must be 4,000 characters or fewer. You wrote 10,000" in visitor.text
    assert "w" * 10_000 in visitor.text
    visitor.answer(description="line\r\n" * 800)
    assert visitor.at.endswith("/q/you/")


@pytest.mark.parametrize("words", [SCRIPT, EMOJI, ARABIC, "\x01\x02 bell", "a" * 500, "𝕳𝖎 ﷽"])
def test_any_words_arrive_as_they_were_written_and_are_only_ever_words(
    visitor: Visitor, words: str
) -> None:
    visitor.start()
    visitor.answer(postcode=EVESHAM, address=words[:300])
    visitor.answer(description=words)
    visitor.answer(tell_by="email", email="jo@example.com", name=words[:200])
    assert "Check your answers" in visitor.text
    assert "<script>alert" not in visitor.text
    assert "<img src=x" not in visitor.text
    visitor.answer()
    enquiry = Enquiry.objects.get()
    assert enquiry.description == words.replace("\x01\x02 ", "")
    tracked = visitor.client.get(f"/track/{enquiry.reference}/{enquiry.secret}/").content.decode()
    assert "<script>alert" not in tracked


def test_a_null_byte_in_any_field_is_refused_and_breaks_nothing(visitor: Visitor) -> None:
    for path in ("/search/?q=%00bin", "/ask/?q=%00bin"):
        assert visitor.client.get(path).status_code == 200
    visitor.start()
    visitor.answer(postcode="WR11\x004AA")
    assert visitor.at.endswith("/q/place/")
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="a\x00b")
    assert visitor.at.endswith("/q/description/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose how we should tell you"),
        ({"tell_by": "pigeon"}, "pigeon"),
        ({"tell_by": "email", "name": "Jo"}, "Enter your email address"),
        ({"tell_by": "email", "name": "Jo", "email": "jo@"}, "Enter an email address, like"),
        ({"tell_by": "sms", "name": "Jo"}, "Enter your mobile number"),
        ({"tell_by": "sms", "name": "Jo", "phone": "12"}, "Enter a phone number, like"),
        ({"tell_by": "sms", "name": "Jo", "phone": "01632 960001"}, "Enter a mobile number"),
        ({"tell_by": "email", "name": "x" * 300, "email": "j@x.uk"}, "200 characters or fewer"),
    ],
)
def test_contact_details_that_do_not_work_are_refused_beside_their_field(
    visitor: Visitor, fields: dict[str, str], words: str
) -> None:
    visitor.start()
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.answer(**fields)
    assert visitor.at.endswith("/q/you/")
    assert visitor.text.count(words) >= 1
    assert "There is a problem" in visitor.text
    assert Enquiry.objects.count() == 0


def test_a_name_is_asked_for_only_where_nobody_may_stay_unknown(visitor: Visitor) -> None:
    visitor.start()
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    assert "Full name (optional)" in visitor.text
    visitor.answer(tell_by="email", email="jo@example.com", name="")
    assert visitor.at.endswith("/check/")
    named = forms.YouForm({"tell_by": "email", "email": "jo@example.com"}, anonymous_ok=False)
    assert named.errors == {"name": ["Enter your full name"]}


def test_an_unknown_service_is_not_accepted(visitor: Visitor) -> None:
    page = visitor.client.post("/ask/", {"service": "no-such-thing"})
    assert page.status_code == 200
    assert "Choose what it is about from the list" in page.content.decode()


def test_somebody_elses_seal_opens_nothing(visitor: Visitor) -> None:
    visitor.start()
    page = visitor.client.post("/ask/another-id/q/description/", {"carry": visitor.carry})
    assert page.status_code == 404
    forged = visitor.carry[:-3] + "abc"
    assert (
        visitor.client.post("/ask/another-id/q/description/", {"carry": forged}).status_code == 404
    )
