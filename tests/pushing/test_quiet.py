"""No text wakes anybody, in no night of the year; and in the morning the newest is said once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import notifications.queries
from accounts.permissions import Viewer
from core.models import Outbox
from enquiries import intake
from enquiries.actions import referrals, replies, resolutions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, Referral
from notifications import delivery, quiet, sweeps
from notifications.backends import memory, registry
from notifications.checks import quiet_hours
from notifications.models import Notification
from notifications.quiet import Hours
from tests.world import World, ask, enquiry_of

LONDON = ZoneInfo("Europe/London")
NIGHT = Hours(time(20), time(8))
MEMORY = "notifications.backends.memory.MemoryBackend"
# Clocks go forward on 29 March 2026 and back on 25 October 2026, at 01:00 UTC.
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(now=MOMENTS, start=TIMES, end=TIMES)
def test_what_is_held_goes_when_it_is_quiet_no_more_and_within_a_day(
    now: datetime, start: time, end: time
) -> None:
    hours = Hours(start, end)
    over = quiet.until(now, hours, LONDON)
    if over is None:
        assert start == end or not hours.holds(now.astimezone(LONDON).time())
        return
    assert now < over <= now + timedelta(hours=25)
    after = over.astimezone(LONDON)
    # A wall clock that jumps over the end shows the hour after it.
    assert not hours.holds(after.time()) or after.utcoffset() != now.astimezone(LONDON).utcoffset()


@given(now=MOMENTS)
def test_the_night_is_over_at_eight_by_the_clock_on_the_wall(now: datetime) -> None:
    over = quiet.until(now, NIGHT, LONDON)
    local = now.astimezone(LONDON).time()
    assert (over is None) == (time(8) <= local < time(20))
    if over is not None:
        assert over.astimezone(LONDON).time() == time(8)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-03-28T20:00+00:00", "2026-03-29T07:00+00:00"),
        ("2026-03-29T00:59+00:00", "2026-03-29T07:00+00:00"),
        ("2026-10-24T19:00+00:00", "2026-10-25T08:00+00:00"),
        ("2026-10-25T00:30+00:00", "2026-10-25T08:00+00:00"),
        ("2026-10-25T01:30+00:00", "2026-10-25T08:00+00:00"),
        ("2026-12-25T22:00+00:00", "2026-12-26T08:00+00:00"),
        ("2026-07-01T19:00+00:00", "2026-07-02T07:00+00:00"),
        ("2026-07-01T18:59+00:00", None),
        ("2026-07-02T07:00+00:00", None),
    ],
)
def test_nights_in_which_clocks_change(now: str, over: str | None) -> None:
    found = quiet.until(datetime.fromisoformat(now), NIGHT, LONDON)
    assert found == (datetime.fromisoformat(over) if over else None)


def test_an_end_that_comes_twice_is_the_second() -> None:
    early = Hours(time(20), time(1, 30))
    found = quiet.until(datetime(2026, 10, 24, 22, tzinfo=UTC), early, LONDON)
    assert found == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["20-8", "25:00-08:00", "20:00", "20:60-08:00", "night"])
def test_hours_that_cannot_be_read_are_told_at_the_start(text: str, settings) -> None:
    settings.HUB_QUIET_HOURS = text
    assert [one.id for one in quiet_hours(None)] == ["notifications.E002"]
    with pytest.raises(quiet.NotHours):
        quiet.read(text)


def test_off_is_off(settings) -> None:
    settings.HUB_QUIET_HOURS = "off"
    night = datetime(2026, 11, 17, 23, tzinfo=UTC)
    assert quiet.hold("accepted", "sms", whose="x", now=night) is None
    assert quiet_hours(None) == []


def test_texts_of_the_night_do_not_all_go_in_one_second(settings) -> None:
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    night = datetime(2026, 11, 17, 23, tzinfo=UTC)
    eight = datetime(2026, 11, 18, 8, tzinfo=UTC)
    found = [quiet.hold("accepted", "sms", whose=f"case {n}", now=night) for n in range(300)]
    moments = [one for one in found if one is not None]
    assert len(moments) == 300
    assert min(moments) >= eight
    assert max(moments) < eight + quiet.SPREAD
    assert len(set(moments)) > 150
    assert quiet.hold("accepted", "email", whose="x", now=night) is None
    assert quiet.hold("my_link", "sms", whose="x", now=night) is None


# --- with messages ------------------------------------------------------------------------------


@pytest.fixture
def by_text(world: World, settings) -> Iterator[Enquiry]:
    """Somebody who is told by text; it is always night."""
    settings.NOTIFICATION_BACKENDS = {"sms": MEMORY, "email": MEMORY}
    registry.forget()
    memory.clear()
    enquiry = enquiry_of(
        ask(
            sender=Sender(name="Jo Bloggs", phone="07700 900123"),
            tell_by="sms",
            at=timezone.now() - timedelta(hours=1),
        )
    )
    Outbox.objects.filter(task="notifications.deliver").delete()
    Notification.objects.all().delete()
    settings.HUB_QUIET_HOURS = "00:00-23:59"
    if not quiet.read("00:00-23:59").holds(timezone.localtime().time()):  # type: ignore[union-attr]
        settings.HUB_QUIET_HOURS = "12:00-11:59"
    yield enquiry
    registry.forget()
    memory.clear()


def states() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(medium="sms").order_by("pk")
    return list(rows.values_list("event", "state"))


def morning(settings) -> None:
    """The night is over: everything that waits goes."""
    settings.HUB_QUIET_HOURS = "off"
    later = timezone.now() + timedelta(days=2)
    for row in Outbox.objects.filter(task="notifications.deliver", settled_at=None).order_by("pk"):
        delivery.deliver(outbox_id=row.pk, now=later)


def said() -> list[str]:
    return [one.body for one in memory.outbox if one.medium == "sms"]


def accept(enquiry: Enquiry, officer: Viewer) -> Referral:
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=timezone.now())
    return referral


@pytest.mark.django_db
def test_a_text_is_held_and_told_so_and_goes_in_the_morning(
    by_text: Enquiry, officer: Viewer, settings
) -> None:
    accept(by_text, officer)
    message = Notification.objects.get(event="accepted")
    promise = Outbox.objects.get(key=f"notifications.deliver:{message.pk}")
    assert message.hold_until is not None
    assert promise.next_at == message.hold_until
    # Who tries all the same (a worker, a sweep) sends nothing.
    delivery.deliver(outbox_id=promise.pk, now=timezone.now())
    assert said() == []
    (told,) = [one for one in notifications.queries.about(by_text.reference) if one.medium == "sms"]
    assert told.state_words.startswith("Waits until")
    morning(settings)
    assert len(said()) == 1
    assert states() == [("accepted", "sent")]


@pytest.mark.django_db
def test_accepted_in_the_evening_and_done_by_the_morning_is_told_as_done(
    by_text: Enquiry, officer: Viewer, settings
) -> None:
    referral = accept(by_text, officer)
    referrals.complete(
        public_id=referral.public_id, viewer=officer, outcome=Outcome.COMPLETED,
        words="Emptied", now=timezone.now(),
    )  # fmt: skip
    assert states() == [("accepted", "overtaken"), ("resolved", "queued")]
    morning(settings)
    (only,) = said()
    assert "Emptied" in only


@pytest.mark.django_db
def test_done_and_opened_again_by_the_morning_says_nothing_of_either(
    by_text: Enquiry, agent: Viewer, settings
) -> None:
    now = timezone.now()
    resolutions.resolve(
        reference=by_text.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done",
        next_step="", now=now,
    )  # fmt: skip
    resolutions.reopen(reference=by_text.reference, viewer=agent, words="It is not", now=now)
    assert states() == [("resolved", "overtaken")]
    morning(settings)
    assert said() == []


@pytest.mark.django_db
def test_a_question_that_was_answered_is_not_asked_in_the_morning(
    by_text: Enquiry, agent: Viewer, settings
) -> None:
    replies.ask(reference=by_text.reference, viewer=agent, question="Where?", now=timezone.now())
    assert states() == [("asked", "queued")]
    intake.receive_within(
        InboundContact(
            channel=Channel.WEB, external_id="answer:1", received_at=timezone.now(),
            needs=(Need("By the gate", kind="reply_to_us", about=by_text.reference),),
        ),
        now=timezone.now(),
    )  # fmt: skip
    assert states() == [("asked", "overtaken")]


@pytest.mark.django_db
def test_what_staff_wrote_is_never_thrown_away(
    by_text: Enquiry, agent: Viewer, officer: Viewer, settings
) -> None:
    accept(by_text, officer)
    replies.reply(
        reference=by_text.reference, viewer=agent, words="Bring a key", now=timezone.now()
    )
    resolutions.resolve(
        reference=by_text.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done",
        next_step="", now=timezone.now(),
    )  # fmt: skip
    morning(settings)
    assert [("Bring a key" in one, "Done" in one) for one in said()] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.django_db
def test_what_is_being_sent_is_left_alone(by_text: Enquiry, officer: Viewer) -> None:
    referral = accept(by_text, officer)
    Notification.objects.filter(event="accepted").update(state="sending", attempts=1)
    referrals.complete(
        public_id=referral.public_id, viewer=officer, outcome=Outcome.COMPLETED,
        words="Emptied", now=timezone.now(),
    )  # fmt: skip
    assert states() == [("accepted", "sending"), ("resolved", "queued")]


@pytest.mark.django_db
def test_what_waits_for_the_morning_is_not_taken_for_forgotten(
    by_text: Enquiry, officer: Viewer
) -> None:
    accept(by_text, officer)
    Outbox.objects.filter(task="notifications.deliver").delete()
    message = Notification.objects.get(event="accepted")
    assert message.hold_until is not None
    now = message.hold_until - timedelta(minutes=1)
    assert sweeps.requeue_stuck(older_than=now, now=now) == 0
    late = message.hold_until + timedelta(minutes=11)
    assert sweeps.requeue_stuck(older_than=late - timedelta(minutes=10), now=late) == 1
