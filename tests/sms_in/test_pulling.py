"""The provider's list against ours: what never reached us is found there, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from channels import tasks
from channels.sms import pulling, spool
from core import heartbeats
from enquiries.models import Enquiry
from notifications.backends import memory, twilio_inbox
from tests.outbox import run_outbox
from tests.stand_ins.phone import Phone
from tests.stand_ins.twilio_server import File, Step

pytestmark = pytest.mark.django_db

ODD = "Something odd happened near the old mill"


@pytest.fixture
def begun(clock, twilio):
    """It has looked before; ten minutes have passed."""
    pulling.pull(now=timezone.now())
    clock.shift(timedelta(minutes=10))
    return twilio


def ago(**time: int):
    return timezone.now() - timedelta(**time)


def pull() -> int:
    """Reads the list and takes what was found, as the periodic task does."""
    before = Enquiry.objects.count()
    tasks.pull_texts()
    run_outbox()
    return Enquiry.objects.count() - before


def sent() -> list[str]:
    return [message.body for message in memory.outbox]


def until() -> object:
    return heartbeats.detail(pulling.HEARTBEAT).get("until")


def test_without_a_provider_nothing_is_asked(clock):
    assert pulling.pull(now=timezone.now()) == 0
    assert until() is None


def test_the_first_time_it_only_notes_where_it_begins(clock, twilio):
    twilio.came_in(ODD, at=ago(minutes=20))
    assert pull() == 0
    assert until() == timezone.now().isoformat()


def test_a_text_that_never_reached_us_becomes_an_enquiry_and_is_answered(begun):
    begun.came_in(ODD, at=ago(minutes=5))
    assert pull() == 1
    enquiry = Enquiry.objects.get()
    assert enquiry.received_at == ago(minutes=5)
    assert [enquiry.reference in body for body in sent()] == [True]
    assert pull() == 0
    assert len(sent()) == 1


def test_a_text_that_we_have_is_left_alone(begun, phone):
    sid = begun.came_in(ODD, at=ago(minutes=5))
    phone.text(ODD, message_sid=sid)
    assert pull() == 0
    assert sent() == []


def test_a_text_that_has_just_come_is_left_to_its_own_way(begun, clock):
    begun.came_in(ODD, at=ago(seconds=30))
    assert pull() == 0
    clock.shift(timedelta(minutes=5))
    assert pull() == 1


def test_what_the_list_shows_late_is_found_in_the_overlap(begun, clock):
    pull()
    came = ago(minutes=20)
    begun.came_in(ODD, at=came)
    clock.shift(timedelta(minutes=5))
    assert pull() == 1


def test_our_own_texts_and_those_to_other_numbers_are_not_taken(begun):
    begun.came_in("We wrote this", at=ago(minutes=5), direction="outbound-api")
    begun.came_in(ODD, at=ago(minutes=5), to="+447700900777")
    assert pull() == 0


def test_each_of_our_numbers_is_looked_at(begun, settings):
    settings.SMS_NUMBERS_IN = ["+447700900000", "+447700900777"]
    begun.came_in(ODD, at=ago(minutes=5))
    begun.came_in(ODD, at=ago(minutes=5), to="+447700900777", sender="+447700900555")
    assert pull() == 2


def test_an_outage_of_a_day_is_made_up_for_page_by_page(begun, clock, monkeypatch):
    monkeypatch.setattr(twilio_inbox, "PAGE", 3)
    for number in range(10):
        begun.came_in(
            f"{ODD} {number}", at=timezone.now() + timedelta(hours=number),
            sender=f"+4477009001{number:02d}",
        )  # fmt: skip
    clock.shift(timedelta(hours=24))
    asked = begun.look_ups
    assert pull() == 10
    assert begun.look_ups - asked == 4
    assert all("reached us late" in body for body in sent())


@pytest.mark.parametrize(
    "trouble",
    [
        Step(429, 20429, "Too Many Requests", retry_after="5"),
        Step(500, 20500, "Internal"),
        Step(503),
        Step(401, 20003, "Authenticate"),
        Step(broken=True),
        Step(lose_answer=True),
    ],
    ids=["429", "500", "503", "401", "half a page", "no answer"],
)
@pytest.mark.parametrize("good_pages", [0, 1, 2])
def test_a_list_that_breaks_off_is_read_again_from_where_we_were(
    trouble, good_pages, begun, clock, monkeypatch
):
    monkeypatch.setattr(twilio_inbox, "PAGE", 2)
    for number in range(5):
        begun.came_in(f"{ODD} {number}", at=ago(minutes=9), sender=f"+44770090010{number}")
    before = until()
    begun.list_plan = [*[Step(200)] * good_pages, trouble]
    first = pull()
    assert first <= 2 * good_pages
    assert until() == before
    assert heartbeats.age(pulling.HEARTBEAT, now=timezone.now()) == 600
    clock.shift(timedelta(minutes=5))
    assert first + pull() == 5
    assert until() != before


def test_a_slow_provider_is_not_waited_for_for_ever(begun, monkeypatch):
    monkeypatch.setattr("notifications.backends.calling.TIMEOUT_SECONDS", 0.2)
    begun.came_in(ODD, at=ago(minutes=5))
    begun.list_plan = [Step(slow_seconds=1)]
    before = until()
    assert pull() == 0
    assert until() == before
    assert pull() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("sid", None), ("sid", "../x"), ("date_created", "soon"), ("body", 7)]
)
def test_rows_of_another_shape_are_trouble_and_no_error(field, value, begun, settings):
    begun.came_in(ODD, at=ago(minutes=5))
    begun.messages[0][field] = value
    before = until()
    pull()
    assert until() == before or Enquiry.objects.count() == 1
    assert spool.laid_aside(settings.SMS_SPOOL_DIR) == 0


def test_a_disk_that_takes_nothing_leaves_it_to_the_next_time(begun, settings, tmp_path):
    begun.came_in(ODD, at=ago(minutes=5))
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    before, settings.SMS_SPOOL_DIR = until(), blocked
    assert pulling.pull(now=timezone.now()) == 0
    assert until() == before


def test_a_text_that_waits_on_disk_or_for_a_person_is_not_kept_again(begun, keep, settings):
    sid = begun.came_in(ODD, at=ago(minutes=5))
    keep(ODD, message_sid=sid)
    assert pulling.pull(now=timezone.now()) == 0
    (path,) = spool.waiting(settings.SMS_SPOOL_DIR)
    spool.set_aside(path)
    assert pulling.pull(now=timezone.now()) == 0


def test_pictures_come_with_it(begun, settings):
    sid = begun.came_in("Sofa dumped, WR11 3DA", at=ago(minutes=5), files=[File(b"x"), File(b"y")])
    assert pulling.pull(now=timezone.now()) == 1
    (path,) = spool.waiting(settings.SMS_SPOOL_DIR)
    fields = spool.read(path).fields
    assert fields["NumMedia"] == "2"
    assert f"/Messages/{sid}/Media/ME" in fields["MediaUrl1"]
    assert fields["MediaContentType0"] == "image/jpeg"


def test_stop_in_the_list_is_honoured(begun):
    from customers.queries_telling import decide
    from customers.ways import Wish

    Phone().text(ODD)
    person = Enquiry.objects.get().person_id
    assert person is not None
    begun.came_in("STOP", at=ago(minutes=5))
    pull()
    assert not decide(person, Wish()).ways
