"""What opens an enquiry, how much of it, and that nobody learns anything by guessing."""

from __future__ import annotations

import hmac
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from channels.asking import lookups
from core import references
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from enquiries.queries import surveys, tracking
from kb.models import Service
from notifications.models import Notification
from tests.after.conftest import Citizen
from tests.journeys.steps import hidden_fields, words
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
NOBODYS = references.new()


@pytest.fixture
def phoned(world: World) -> Citizen:
    sender = Sender(name="Jo Bloggs", phone="07700 900123")
    return Citizen(enquiry_of(ask(sender=sender, tell_by="sms")))


def look(reference: str, proof: str) -> str:
    answer = Client().post("/track/", {"reference": reference, "postcode": proof})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("proof", ["WR11 3DA", "wr113da", "0123", " 01 23 "])
def test_reference_and_postcode_or_end_of_the_number_show_how_it_stands_and_nothing_more(
    phoned: Citizen, proof: str
) -> None:
    html = look(phoned.enquiry.reference, proof)
    page = words(html)
    assert "Wychavon District Council has been asked to take it on" in page
    assert "Send me the link" in page
    for hidden in ("not emptied on Monday", "Jo Bloggs", "900123", phoned.enquiry.secret):
        assert hidden not in html
    assert "/cancel/" not in html


def test_who_comes_by_the_reference_is_asked_at_the_end_as_who_comes_by_the_link(
    done: Citizen,
) -> None:
    html = look(done.enquiry.reference, "WR11 3DA")
    found = re.search(r'action="/said/([^/]+)/"', html)
    asked = surveys.opened(found[1]) if found else None
    linked = re.search(r'action="/said/([^/]+)/"', done.html())
    assert linked
    assert asked is not None
    assert asked.end_point == "done"
    assert asked == surveys.opened(linked[1])


@pytest.mark.parametrize(
    "proof", ["0124", "123", "00123", "+447700900123", "", "-", "-0", "-1", "x", "WR1 3EZ"]
)
def test_a_wrong_proof_opens_nothing(phoned: Citizen, proof: str) -> None:
    assert tracking.track(phoned.enquiry.reference, proof, now=NOW) is None


def _blank(html: str, *typed: str) -> str:
    for one in typed:
        html = html.replace(one, "")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_a_wrong_proof_no_proof_possible_and_no_enquiry_are_the_same_to_the_byte(
    phoned: Citizen,
) -> None:
    anonymous = enquiry_of(ask(sender=Sender(), postcode=""))
    pages = {
        _blank(look(reference, "WR1 3EZ"), reference)
        for reference in (phoned.enquiry.reference, anonymous.reference, NOBODYS)
    }
    assert len(pages) == 1
    assert str(lookups.NOT_FOUND) in words(pages.pop())


def test_every_wrong_try_makes_the_same_statements_and_comparisons(
    phoned: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    anonymous = enquiry_of(ask(sender=Sender(), postcode=""))
    real, seen = hmac.compare_digest, []

    def counted(one: bytes, other: bytes) -> bool:
        seen.append(one)
        return bool(real(one, other))

    monkeypatch.setattr(hmac, "compare_digest", counted)
    made = set()
    for reference in (phoned.enquiry.reference, anonymous.reference, NOBODYS, "nonsense"):
        for proof in ("WR1 3EZ", "9999", "x" * 22, ""):
            seen.clear()
            with CaptureQueriesContext(
                connection,
            ) as statements:
                assert tracking.track(reference, proof, now=NOW) is None
            said = tuple(re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in statements)
            made.add((said, len(seen)))
    assert len(made) == 1, made


def test_of_a_sensitive_service_the_reference_shows_neither_what_nor_with_whom(
    phoned: Citizen,
) -> None:
    Service.objects.filter(slug="missed-bin").update(sensitive=True)
    html = look(phoned.enquiry.reference, "0123")
    assert "Missed bin" not in html
    assert "Wychavon" not in words(html).replace("Wychavon District Council – ", "")
    # By the link it is theirs, whole.
    assert "Missed bin" in phoned.html()


def test_the_link_goes_to_where_they_are_written_to_once_an_hour(phoned: Citizen) -> None:
    form = hidden_fields(look(phoned.enquiry.reference, "0123"), "/track/link/")
    client = Client()
    pages = {
        client.post("/track/link/", form).content.decode().count("on its way") for _ in range(3)
    }
    assert pages == {1}
    sent = Notification.objects.get(event="link")
    assert sent.to == "+447700900123"
    assert phoned.enquiry.secret in sent.body


def test_who_left_no_address_reads_the_same_and_nothing_is_sent(world: World) -> None:
    anonymous = enquiry_of(ask(sender=Sender()))
    form = hidden_fields(look(anonymous.reference, "WR11 3DA"), "/track/link/")
    assert "on its way" in Client().post("/track/link/", form).content.decode()
    assert not Notification.objects.filter(event="link").exists()


@pytest.mark.parametrize("token", ["", "x", "\x00", "IldIWC1ESEhSLUQ1Ig:1xxxxx:forged"])
def test_a_link_is_not_sent_for_a_token_that_we_did_not_give(phoned: Citizen, token: str) -> None:
    answer = Client().post("/track/link/", {"token": token})
    assert (answer.status_code, answer["Location"]) == (302, "/track/")
    assert not Notification.objects.filter(event="link").exists()


def test_after_many_wrong_tries_a_reference_waits_whoever_asks_and_whether_it_is_there(
    phoned: Citizen,
) -> None:
    def tried(reference: str) -> int:
        answer = Client().post("/track/", {"reference": reference, "postcode": "9999"})
        return int(answer.status_code)

    for reference in (phoned.enquiry.reference, NOBODYS):
        codes = [tried(reference) for _ in range(12)]
        assert codes[0] == 200
        assert codes[-1] == 429
    assert tried(enquiry_of(ask(sender=Sender())).reference) == 200


def test_several_numbers_are_compared_no_more_often_than_none(world: World) -> None:
    from customers.actions import add_point

    enquiry = enquiry_of(ask(sender=Sender(name="Jo", phone="07700 900123")))
    assert enquiry.person_id is not None
    for end in range(9):
        add_point(enquiry.person_id, phone=f"07700 90020{end}")
    assert tracking.track(enquiry.reference, "0123", now=NOW) is not None
    assert tracking.track(enquiry.reference, "9999", now=NOW) is None


def test_an_enquiry_without_a_postcode_is_opened_by_no_lack_of_one(world: World) -> None:
    bare = enquiry_of(ask(sender=Sender(), postcode=""))
    assert Enquiry.objects.get(pk=bare.pk).postcode == ""
    for proof in ("", "-", " ", "–", "\x00"):
        assert tracking.track(bare.reference, proof, now=NOW) is None
