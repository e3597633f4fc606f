"""What was kept at a kiosk becomes an enquiry: once, at the time of the touch, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

import accounts.queries
from accounts.permissions import Role
from channels.kiosk import taking
from core import references
from enquiries.models import BegunForm, Enquiry, EnquiryEvent
from enquiries.queries import story, tracking
from kiosks.models import ReservedNumber, SetAside
from tests.kiosk_device import Device, enrolled
from tests.kiosks.keeping import entry, ms, numbers, said, send
from tests.not_ours import agent_viewer
from tests.outbox import run_outbox
from tests.world import _person

if TYPE_CHECKING:
    from accounts.models import User

NOW = timezone.now().replace(microsecond=0)
TOUCH = NOW - timedelta(hours=20)


@pytest.fixture
def number(device: Device) -> str:
    """A number that the device was given before its line went."""
    return numbers(device.row, 1, given_at=NOW - timedelta(days=2))[0]


def one_of(device: Device, words: dict[str, Any], *, now: datetime = NOW) -> Enquiry:
    """The only enquiry there is, after this was sent."""
    answer = send(device, entry(device.row, words), now=now)
    assert answer.json()["taken"] == [words["id"]], answer.content
    assert not SetAside.objects.exists()
    return Enquiry.objects.get()


def test_it_has_the_number_that_was_printed_and_the_time_of_the_touch(
    device: Device, number: str
) -> None:
    words = said(number, TOUCH, service="pothole", answers={"road": "local"}, language="pl")
    found = one_of(device, words)
    contact = found.first_contact
    assert (found.reference, found.received_at) == (number, TOUCH)
    assert (contact.started_at, contact.ended_at) == (TOUCH - timedelta(minutes=2), TOUCH)
    assert (contact.channel, contact.site_id) == ("kiosk", device.row.site_id)
    assert contact.recorded_at > TOUCH
    assert (found.answers, found.language, found.postcode) == ({"road": "local"}, "pl", "WR11 4AA")
    assert found.due_at is not None
    run_outbox()
    found.refresh_from_db()
    assert (found.status, found.routing_reason[:4]) != ("new", "Kept")
    assert tracking.track(number, "WR11 4AA", now=NOW) is not None
    first = EnquiryEvent.objects.filter(enquiry=found).order_by("sequence")[0]
    assert (first.type, first.at, first.actor_kind) == ("enquiry.received", TOUCH, "kiosk")
    told = story.lines(EnquiryEvent.objects.filter(enquiry=found), agent_viewer())[0].title
    assert "by kiosk, kept there while the line was away; it reached us on" in told
    again = send(device, entry(device.row, words), now=timezone.now())
    assert again.json()["taken"] == [words["id"]]
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("made", "offset", "clock", "expected"),
    [
        (TOUCH, 0, NOW, TOUCH),
        # A day before ours: it knew so when it was touched, or it is still as wrong.
        (TOUCH + timedelta(days=1), -86_400_000, NOW + timedelta(days=1), TOUCH),
        (TOUCH - timedelta(days=1), None, NOW - timedelta(days=1), TOUCH),
        # Never later than now, never before its number was given.
        (NOW + timedelta(days=3), 0, NOW, None),
        (NOW - timedelta(days=400), 0, NOW, NOW - timedelta(days=2)),
        ("nonsense", [], NOW, NOW - timedelta(days=2)),
    ],
)
def test_whatever_the_clock_said(
    device: Device, number: str, made: Any, offset: Any, clock: datetime, expected: datetime | None
) -> None:
    words = said(number, TOUCH, offset=offset)
    words["made"] = ms(made) if isinstance(made, datetime) else made
    before = timezone.now()
    # The clock that the device says went on since this file was read.
    sent = {"now": ms(clock + (before - NOW)), "entries": [entry(device.row, words)]}
    assert device.call("/kiosk/kept/", sent).status_code == 200
    found = Enquiry.objects.get().received_at
    if expected is None:
        assert before <= found <= timezone.now()
    else:
        assert abs(found - expected) < timedelta(minutes=5)


def test_what_no_rule_takes_is_told_to_staff(device: Device, number: str) -> None:
    found = one_of(
        device,
        said(
            number,
            TOUCH,
            service="pothole",
            postcode="ZZ99 9ZZ",
            answers={"road": "canal", "gone": "yes"},
            email="jo at example",
            name="J" * 250,
            description="A deep hole\x00 \ud83d",
            form_id=2**40,
        ),
    )
    assert found.reference == number
    assert found.service is not None
    assert found.service.slug == "pothole"
    asked = "What kind of road is it on?: canal"
    for words in ("A deep hole", "ZZ99 9ZZ", asked, "gone: yes", "jo at example"):
        assert words in found.description
    assert "J" * 250 in found.description
    assert (found.postcode, found.answers, found.tell_by) == ("", {}, "")
    run_outbox()
    found.refresh_from_db()
    assert taking.LEFT in found.routing_reason


@pytest.mark.parametrize(
    "changes",
    [
        {"service": "no-such-service"},
        {"description": "word " * 2_000},
        {"answers": "none", "done": 7, "passed": {"a": 1}, "form_id": True, "tell_by": ["sms"]},
        {"description": "", "service": "", "postcode": "", "tell_by": "none"},
        {"tell_by": "sms", "phone": "01386 123456", "email": ""},
        {"address": "x" * 5_000, "language": "xx", "journey": "../../etc", "assist": {"a": 1}},
        {"service": None, "postcode": 5, "name": None, "email": None, "description": None},
    ],
)
def test_nothing_is_lost(device: Device, number: str, changes: dict[str, Any]) -> None:
    found = one_of(device, said(number, TOUCH, **changes))
    assert (found.reference, found.received_at) == (number, TOUCH)
    assert found.description
    kept = {**said(number, TOUCH), **changes}
    whole = found.description + "".join(item.words for item in found.items.all())
    if isinstance(kept["description"], str):
        assert kept["description"].strip() in whole
    assert "no-such-service" in whole or changes.get("service") != "no-such-service"
    assert "1386123456" in whole or "phone" not in changes
    run_outbox()


def test_what_cannot_be_opened_is_set_aside_and_keeps_nobody_waiting(
    device: Device, number: str
) -> None:
    good, other = said(number, TOUCH), said(number, TOUCH)
    broken = {"id": other["id"], "jwe": "not.sealed.at.all"}
    swapped = {**entry(device.row, said("", TOUCH)), "id": said("", TOUCH)["id"]}
    strange = {"id": "\ud83d?", "jwe": "\x00\ud83d"}
    answer = send(device, broken, swapped, strange, entry(device.row, good), now=NOW)
    assert len(answer.json()["taken"]) == 4
    assert Enquiry.objects.get().reference == number
    assert SetAside.objects.count() == 3
    send(device, broken, now=NOW)
    assert SetAside.objects.count() == 3
    assert all(row.why for row in SetAside.objects.all())


def test_a_number_is_given_once_and_only_by_whose_it_is(device: Device, number: str) -> None:
    twice = [entry(device.row, said(number, TOUCH)) for _ in range(2)]
    other = enrolled(device.row.site.slug)
    theirs = numbers(other.row, 1, given_at=NOW - timedelta(days=1))[0]
    stolen = entry(other.row, said(theirs, TOUCH))
    send(device, *twice, stolen, now=NOW)
    first, second, third = Enquiry.objects.order_by("pk")
    assert first.reference == number
    assert not {second.reference, third.reference} & {number, theirs}
    assert all(not references.is_of_kiosk(one.reference) for one in (second, third))
    assert f"Number on their receipt: {theirs}" in third.description
    # Shut out and enrolled anew it brings what it kept before.
    row = other.row
    row.revoked_at = NOW
    row.save()
    assert other.call("/kiosk/kept/", {"now": 0, "entries": []}).json() == {"locked": "revoked"}
    send(device, entry(row, said(theirs, TOUCH)), now=NOW)
    assert Enquiry.objects.filter(reference=theirs).exists()


def test_a_visit_that_was_sent_at_our_own_pages_is_the_same_one(
    device: Device, number: str, client_for: Callable[[User], Client]
) -> None:
    """Its answer was lost on the way: the shell printed a number for it."""
    agent = _person("asha@hub.test", "Asha Agent", accounts.queries.hub(), Role.AGENT)
    journey = _begin_online(device.client)
    device.client.post("/kiosk/check/")
    found = Enquiry.objects.get()
    words = said(number, NOW, journey=journey, description="Other words")
    send(device, entry(device.row, words), now=NOW)
    assert Enquiry.objects.get().description == found.description
    row = ReservedNumber.objects.get(reference=number)
    assert (row.stands_for, row.used_at is not None) == (found.reference, True)
    sent = {"reference": number.lower().replace("-", ""), "postcode": "WR11 4AA"}
    assert found.reference in Client().post("/track/", sent).content.decode()
    shown = client_for(agent).get("/desk/", {"q": number}, follow=True)
    assert found.reference in shown.content.decode()


def test_a_form_that_our_pages_kept_is_finished_by_it(device: Device, number: str) -> None:
    journey = _begin_online(device.client)
    row = BegunForm.objects.get(key=journey)
    touched = row.touched_at + timedelta(minutes=1)
    words = said(number, touched, journey=journey)
    send(device, entry(device.row, words), now=timezone.now())
    row.refresh_from_db()
    found = Enquiry.objects.get()
    assert (row.enquiry_id, row.sealed, found.reference) == (found.pk, "", number)
    assert found.first_contact.started_at <= row.started_at
    # Pressed once more on the page that came back.
    device.client.post("/kiosk/check/")
    assert Enquiry.objects.count() == 1


def _begin_online(client: Client) -> str:
    client.get("/kiosk/start/")
    client.post("/kiosk/about/", {"service": "fly-tipping"})
    client.post("/kiosk/where/", {"postcode": "WR11 4AA"})
    client.post("/kiosk/what/", {"description": "A mattress by the bridge"})
    client.post("/kiosk/you/email/", {"email": "jo@example.com", "name": "Jo Example"})
    return str(client.session["kiosk_journey"])


@pytest.mark.parametrize(
    "body", [[], {}, {"entries": 1}, {"entries": [1]}, {"entries": [{"id": "a"}]},
             {"entries": [{"id": 5, "jwe": ""}]}, {"entries": [{"id": "a", "jwe": ""}] * 21}],
)  # fmt: skip
def test_a_call_that_is_none_says_why(device: Device, body: Any) -> None:
    answer = device.call("/kiosk/kept/", body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_nobody_else_brings_anything(partnership: None) -> None:
    stranger = Device()
    answer = stranger.call("/kiosk/kept/", {"now": 0, "entries": []})
    assert (answer.status_code, answer.json()) == (403, {"locked": "unknown"})
    assert Client().post("/kiosk/kept/", "{}", content_type="application/json").status_code == 400
    assert Client().get("/kiosk/kept/").status_code == 405
