"""What somebody takes away: a receipt without their name, a message with the number, the code."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.utils import timezone

import accounts.queries
from kiosks import actions_staff
from kiosks.models import DayCount, Kiosk, Pulse
from notifications.models import Notification
from tests.begun.steps import CODE, agent_of_the_hub
from tests.kiosk.conftest import EVESHAM, Visitor, _loaded, enrolled, partnership, site, visitor

__all__ = ["_loaded", "enrolled", "partnership", "site", "visitor"]
WORDS = "A mattress by the bridge"


def anonymous(visitor: Visitor) -> str:
    """Sent by who is not to be told; the number."""
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM, address="By the bridge")
    visitor.post(description=WORDS)
    visitor.post(tell_by="none")
    visitor.post("check/")
    assert visitor.at == "/kiosk/sent/"
    found = re.search(r"WH[0-9A-Z]-[0-9A-Z]{4}-[0-9A-Z]{2}", visitor.text)
    assert found, visitor.text
    return found[0]


def test_the_receipt_says_what_and_whose_and_where_to_look_and_nobodys_name(visitor: Visitor):
    visitor.to_check(description=WORDS)
    visitor.post("check/")
    receipt = visitor.text.partition('class="hub-receipt')[2].partition("</section>")[0]
    for words in ("WH", "Wychavon", "fly-tipping", "/track/", "Kiosk by the door", "01632 960000"):
        assert words in receipt, words
    for private in ("Jo Example", "jo@example.com", EVESHAM, WORDS):
        assert private not in receipt
    square = re.search(r'src="(data:image/svg[^"]+)"', receipt)
    assert square
    assert "<path" in unquote(square[1])
    # Nothing prints where there is no printer; and who is told already is not asked again.
    assert "hub-print" not in visitor.text
    assert "to-me" not in visitor.text
    Kiosk.objects.update(printer="80mm")
    visitor.open("sent/")
    assert 'data-module="hub-print"' in visitor.text
    visitor.client.post("/kiosk/printed/")
    assert DayCount.objects.get(name="prints").count == 1
    visitor.open("again/")
    visitor.client.post("/kiosk/printed/")
    assert DayCount.objects.get(name="prints").count == 1


@pytest.mark.parametrize(
    ("typed", "medium", "veiled"),
    [("07700 900123", "sms", "0•• 9••"), ("jo@example.com", "email", "j••")],
)
def test_who_chose_not_to_be_told_has_the_number_sent_once(
    visitor: Visitor, typed: str, medium: str, veiled: str
) -> None:
    reference = anonymous(visitor)
    visitor.open("sent/to-me/")
    visitor.post(address="nonsense")
    assert "govuk-error-summary" in visitor.text
    for _ in range(2):
        visitor.post("sent/to-me/", address=typed)
        assert veiled in visitor.text
        assert typed not in visitor.text
    message = Notification.objects.get(event="link")
    assert (message.medium, message.about) == (medium, reference)
    assert reference in message.body
    assert f"{settings.HUB_BASE_URL}/track/{reference}/" in message.body
    for _ in range(12):  # a busy database counts what it has time for
        visitor.post("sent/to-me/", address=typed)
        if "several messages" in visitor.text:
            break
    assert "several messages there already" in visitor.text
    assert typed not in str(visitor.client.session.items())


def test_who_stopped_texts_gets_none(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    anonymous(visitor)
    monkeypatch.setattr("enquiries.actions.telling_link.texts_stopped", lambda _to: True)
    visitor.post("sent/to-me/", address="07700 900123")
    assert "07700 900123" not in visitor.text
    assert "0•• 9••" in visitor.text
    assert not Notification.objects.filter(event="link").exists()


def test_the_code_of_a_saved_form_is_sent_from_the_kiosk_and_printed(visitor: Visitor) -> None:
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM)
    visitor.post("save/")
    code = CODE.search(visitor.text)
    kept = re.search(r'name="kept" value="([^"]*)"', visitor.text)
    assert code
    assert kept
    assert f'hub-receipt__number">{code[1]}<' in visitor.text
    visitor.post("save/", kept=kept[1], address="")
    assert "Enter your email address" in visitor.text
    assert code[1] in visitor.text
    visitor.post("save/", kept=kept[1], address="jo@example.com")
    assert "We are sending the code to" in visitor.text
    assert "jo@example.com" not in visitor.text
    assert 'href="/kiosk/again/?why=finish"' in visitor.text
    assert Notification.objects.get(event="form_code").to == "jo@example.com"


def test_a_saved_form_of_a_service_that_is_hidden_here_stays_saved(visitor: Visitor) -> None:
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM)
    visitor.post("save/")
    code = CODE.search(visitor.text)
    assert code
    Kiosk.objects.update(hidden_services=["fly-tipping"])
    visitor.open("start/")
    visitor.post("return/", code=code[1])
    assert "cannot be finished at this kiosk. It is still saved" in visitor.text
    assert "/ask/return/" in visitor.text
    Kiosk.objects.update(hidden_services=[])
    visitor.post("return/", code=code[1])
    assert visitor.at == "/kiosk/what/"


def test_the_day_on_a_polish_receipt_stands_in_words_of_its_own(visitor: Visitor) -> None:
    visitor.open("start/", language="pl")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM)
    visitor.post(description=WORDS)
    visitor.post(tell_by="none")
    visitor.post("check/")
    receipt = visitor.text.partition('class="hub-receipt')[2].partition("</section>")[0]
    assert re.search(r"Termin: <strong>\w+ \d+ \w+ 20\d\d", receipt), receipt
    assert "Do <strong>" not in receipt


def test_staff_say_that_paper_was_put_in(visitor: Visitor) -> None:
    Kiosk.objects.update(printer="a4", paper=100)
    Pulse.objects.create(kiosk=Kiosk.objects.get(), at="2026-11-17T10:00:00+00:00", printed=90)
    ann = accounts.queries.viewer_for_user(agent_of_the_hub())
    assert ann is not None
    visitor.post("paper/")
    assert Pulse.objects.get().printed == 90
    visitor.post("staff/", code=actions_staff.make(viewer=ann, now=timezone.now()))
    visitor.open("staff/")
    assert "Paper was put in" in visitor.text
    visitor.post("paper/")
    assert Pulse.objects.get().printed == 0
    assert "full stack" in visitor.text
