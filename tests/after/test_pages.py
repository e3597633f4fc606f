"""What the confirmation and the page of an enquiry say: what comes next, and what was said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from enquiries.actions import referrals, replies
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.models import Referral
from notifications.models import Notification
from tests.after.conftest import Citizen
from tests.journeys.steps import send, words
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def confirmed(tell_by: str, **who: str) -> tuple[str, str]:
    """A report through the website; the confirmation, as it is and in words."""
    client = Client()
    where = send(client, "/ask/?service=missed-bin", service="missed-bin")
    what = send(client, where, postcode="wr11 3da", address="4 High Street")
    you = send(client, what, description="My black bin was not emptied on Monday")
    check = send(client, you, tell_by=tell_by, **who)
    html = client.get(send(client, check)).content.decode()
    return html, words(html)


def test_the_confirmation_says_reference_owner_promise_and_numbered_what_comes_next(
    world: World,
) -> None:
    html, page = confirmed("email", email="jo@example.com", name="Jo Bloggs")
    reference = re.search(r"WH[0-9A-Z-]+", page)
    assert reference
    assert page.index("We have it") < page.index(reference[0])
    assert "Thursday 19 November 2026" in page
    assert '<ol class="govuk-list govuk-list--number' in html
    for step in (
        "It goes to Wychavon District Council",
        "We email this reference to jo@example.com now",
        "It is done, or we tell you why not , by Thursday 19 November 2026",
        "add to it, change how we tell you, or cancel it",
    ):
        assert step in page.replace("not, by", "not , by"), step
    # On paper a link is no use: its address is printed.
    printed = re.search(r'hub-print-only hub-said">(http[^<]+)<', html)
    assert printed
    assert Client().get(printed[1].split("testserver")[-1]).status_code == 200
    assert "Did you get what you needed today?" in page


def test_who_stays_anonymous_is_told_to_keep_the_reference(world: World) -> None:
    _, page = confirmed("none")
    assert "You chose not to be told. Keep the reference" in page
    assert "We tell you when it is taken on" not in page


def test_the_message_that_we_have_it_says_what_they_can_do_with_it(citizen: Citizen) -> None:
    body = Notification.objects.get(event="received").body
    assert "add to it, change how we tell you, or cancel it" in body
    sender = Sender(name="Kim", phone="07700 900321")
    enquiry_of(ask(sender=sender, tell_by="sms", words="Second"))
    text = Notification.objects.get(event="received", medium="sms").body
    assert "add to it or cancel it" in text


def test_words_go_both_ways_with_what_became_of_each(
    world: World, citizen: Citizen, agent: Any
) -> None:
    replies.reply(reference=citizen.enquiry.reference, viewer=agent, words="Leave it out", now=NOW)
    citizen.sends("add", words="It is out")
    Notification.objects.filter(event="replied").update(
        state="delivered", sent_at=NOW, settled_at=NOW
    )
    Notification.objects.filter(event="received").update(state="failed", settled_at=NOW)
    page = citizen.reads()
    assert re.search(r"You told us on the website, .*? My bin was not emptied on Monday", page)
    assert re.search(
        r"Worcestershire Hub wrote to you by email to j•••@example.com, .*?: arrived Leave it out",
        page,
    )
    assert re.search(r"We told you that we have it by email .*?: did not reach you", page)
    assert re.search(r"You told us more on the website, .*? It is out", page)
    # No name of staff, and nothing that was sent to staff.
    assert "Asha" not in page
    assert "An enquiry has been sent to you" not in page


def test_what_staff_wrote_down_of_a_call_are_not_the_citizens_words(world: World) -> None:
    enquiry = enquiry_of(ask(channel=Channel.PHONE, words="Caller was short with me"))
    page = Citizen(enquiry).reads()
    assert "You told us by phone" in page
    assert "short with me" not in page


def test_words_to_who_left_no_address_stand_on_the_page(world: World, agent: Any) -> None:
    citizen = Citizen(enquiry_of(ask(sender=Sender())))
    replies.reply(reference=citizen.enquiry.reference, viewer=agent, words="Leave it out", now=NOW)
    assert "Leave it out" in citizen.reads()


def test_it_says_whom_it_waits_for_and_since_when(
    world: World, citizen: Citizen, referral: Referral
) -> None:
    officer = world.viewer(world.officer)
    assert "Wychavon District Council has been asked to take it on since" in citizen.reads()
    referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW)
    assert "Wychavon District Council is working on it since" in citizen.reads()
    referrals.ask(public_id=referral.public_id, viewer=officer, question="Which?", now=NOW)
    page = citizen.reads()
    assert "We wait for your answer since" in page
    assert "You answer our question, and it goes on" in page


@pytest.mark.parametrize(
    "name", ["photo.jpg", "x" * 300 + ".jpg", "../../etc/passwd", "\u202egpj.exe"]
)
def test_what_is_no_picture_is_refused_in_words_and_keeps_nothing(
    citizen: Citizen, name: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, b"<script>alert(1)</script>", "image/jpeg")
    answer = citizen.client.post(f"{citizen.page}files/", {"files": file})
    assert answer.status_code == 200
    assert "There is a problem" in words(answer.content.decode())
    assert not citizen.now().attachments.exists()


def test_a_picture_is_kept_once_and_named_on_the_page(citizen: Citizen) -> None:
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (20, 20), "red").save(drawn, "PNG")
    for _twice in range(2):
        file = SimpleUploadedFile("bin.png", drawn.getvalue(), "image/png")
        page = citizen.client.post(f"{citizen.page}files/", {"files": file}, follow=True)
        assert "We have your file" in words(page.content.decode())
    assert "bin." in citizen.reads()
    assert citizen.now().attachments.count() == 1
    assert "Choose a file first" in words(
        citizen.client.post(f"{citizen.page}files/", {}).content.decode()
    )
