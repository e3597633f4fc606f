"""Too much for one reader within an hour is said in one message; what presses goes at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

import notifications.actions
import notifications.queries
from core.models import Outbox
from enquiries.actions import telling_ways
from enquiries.inbound import Sender
from notifications import delivery, together_words
from notifications.backends import memory
from notifications.backends.base import Refused
from notifications.lifecycle import State
from notifications.models import Notification
from tests.notifications.helpers import FACTS
from tests.outbox import run_outbox
from tests.telling.conftest import MAIL, PHONE, Clock, asked, troubles

pytestmark = pytest.mark.django_db


def tell(
    number: int,
    *,
    event: str = "accepted",
    medium: str = "sms",
    about: str = "",
    to: str = PHONE,
    **more: str,
) -> Notification:
    reference = about or f"WH{number}-AAAA-BB"
    facts = {**FACTS, "reference": reference, "service": "Missed bin", **more}
    from django.db import transaction

    with transaction.atomic():
        pk = notifications.actions.send(
            key=f"{event}:{medium}:{to}:{number}", event=event, medium=medium, to=to,
            context=facts, about=reference, now=timezone.now(),
        )  # fmt: skip
    return Notification.objects.get(pk=pk)


def sent(to: str = PHONE) -> list[str]:
    return [one.body for one in memory.outbox if one.to == to]


def test_five_go_and_the_rest_is_said_together_when_the_hour_allows_it(clock: Clock) -> None:
    rows = [tell(number) for number in range(9)]
    run_outbox()
    assert len(sent()) == 5
    clock.later(minutes=59)
    run_outbox()
    assert len(sent()) == 5
    clock.later(minutes=2)
    run_outbox()
    assert len(sent()) == 6
    said = sent()[-1]
    assert said.startswith("4 updates about your enquiries.")
    for row in rows[5:]:
        row.refresh_from_db()
        assert row.about in said
        assert (row.state, row.settled_at) == (State.OVERTAKEN, clock.now)
    several = Notification.objects.get(event="several")
    assert {row.merged_into for row in rows[5:]} == {several.pk}
    assert not Outbox.objects.filter(settled_at=None, task="notifications.deliver").exists()


def test_staff_see_that_it_waits_and_then_that_it_was_said_with_others(clock: Clock) -> None:
    rows = [tell(number) for number in range(7)]
    run_outbox()
    (waits,) = notifications.queries.about(rows[6].about)
    assert waits.state_words == "Waits until 11:00: they were told much, and hear the rest together"
    clock.later(hours=1)
    run_outbox()
    (said,) = notifications.queries.about(rows[6].about)
    assert (said.state, said.state_words) == ("sent", "Said together with others: sent")
    (shown,) = notifications.queries.to_citizen(rows[6].about, ["accepted"])
    assert shown.state == "sent"
    assert notifications.queries.last_told(rows[6].about, events=["accepted"]) is not None
    assert len(notifications.queries.texts_sent([rows[6].about])) == 1


def test_a_storm_about_one_case_is_said_once_and_stands_on_it(clock: Clock) -> None:
    for number in range(12):
        tell(number, about="WH1-AAAA-BB", event="replied", words=f"News {number}")
    run_outbox()
    clock.later(hours=1)
    run_outbox()
    assert len(sent()) == 6
    assert Notification.objects.get(event="several").about == "WH1-AAAA-BB"
    assert "And 2 more." in sent()[-1]


def test_a_mail_has_a_paragraph_and_a_link_for_each(clock: Clock) -> None:
    for number in range(7):
        tell(number, medium="email", to=MAIL, event="resolved", outcome_words="Done",
             words="It is emptied.", survey_url="", cancelled="")  # fmt: skip
    run_outbox()
    clock.later(hours=1)
    run_outbox()
    body = sent(MAIL)[-1]
    assert "WH5-AAAA-BB (Missed bin): Done: It is emptied." in body
    assert body.count("https://hub.example/track/") == 2


def test_what_somebody_waits_for_goes_at_once_and_past_what_waits(clock: Clock) -> None:
    for number in range(8):
        tell(number, about="WH1-AAAA-BB")
    run_outbox()
    tell(99, event="link", about="WH1-AAAA-BB")
    run_outbox()
    assert "WH1-AAAA-BB" in sent()[-1]
    assert len(sent()) == 6


def test_another_reader_is_not_held_up(clock: Clock) -> None:
    for number in range(8):
        tell(number)
    tell(100, to="+447700900456")
    tell(101, medium="email", to=MAIL)
    run_outbox()
    assert len(sent("+447700900456")) == 1
    assert len(sent(MAIL)) == 1


def test_mail_to_staff_is_not_counted(clock: Clock) -> None:
    for number in range(9):
        tell(number, event="offered", medium="email", to="team@wychavon.demo",
             due="", desk_url="https://x/")  # fmt: skip
    run_outbox()
    assert len(sent("team@wychavon.demo")) == 9


def test_without_a_bound_all_goes(clock: Clock, settings) -> None:
    settings.HUB_TOLD_PER_HOUR = 0
    for number in range(9):
        tell(number)
    run_outbox()
    assert len(sent()) == 9


def test_one_that_waits_alone_is_said_as_it_was(clock: Clock) -> None:
    rows = [tell(number) for number in range(6)]
    run_outbox()
    clock.later(hours=1)
    run_outbox()
    assert sent()[-1] == rows[5].body
    assert not Notification.objects.filter(event="several").exists()


def test_what_is_no_longer_so_is_not_said_with_the_others(clock: Clock) -> None:
    rows = [tell(number) for number in range(8)]
    run_outbox()
    assert notifications.actions.take_back(
        about=rows[6].about, events=["accepted"], now=clock.now
    ) == {rows[6].key}
    clock.later(hours=1)
    run_outbox()
    assert rows[6].about not in sent()[-1]
    assert rows[7].about in sent()[-1]


def test_several_that_fail_are_said_by_another_way(clock: Clock) -> None:
    cases = [asked(clock, external_id=f"many-{n}") for n in range(8)]
    run_outbox()
    assert len(sent()) == 5
    troubles["sms"] = Refused("Not in use", address="unusable")
    clock.later(hours=1, minutes=1)
    run_outbox()
    by_mail = Notification.objects.get(event="several", medium="email")
    assert by_mail.to == MAIL
    for case in cases[5:]:
        assert case.reference in by_mail.body
    run_outbox()
    assert Notification.objects.filter(event="several").count() == 2


def test_a_familys_telephone_tells_nobody_of_another_ones_case(clock: Clock) -> None:
    al = Sender(name="Al Ashby", email="al@example.com", phone="07700 900123")
    mine = [asked(clock, external_id=f"jo-{n}") for n in range(6)]
    theirs = [asked(clock, al, external_id=f"al-{n}") for n in range(2)]
    run_outbox()
    assert len(sent()) == 5
    troubles["sms"] = Refused("Not in use", address="unusable")
    clock.later(hours=1, minutes=1)
    run_outbox()
    assert Notification.objects.filter(event="several", medium="sms", state="failed").exists()
    to_jo, to_al = "".join(sent(MAIL)), "".join(sent("al@example.com"))
    assert mine[5].reference in to_jo
    assert all(one.reference in to_al for one in theirs)
    assert not any(one.reference in to_jo for one in theirs)
    assert not any(one.reference in to_al for one in mine)
    before = Notification.objects.count()
    for one in Notification.objects.filter(event="several"):
        telling_ways.fall_back(notification_id=one.pk, now=clock.now)
    assert Notification.objects.count() == before


def test_a_case_that_is_forgotten_takes_along_what_was_said_of_it_with_others(clock: Clock) -> None:
    rows = [tell(number) for number in range(8)]
    run_outbox()
    clock.later(hours=1)
    run_outbox()
    notifications.actions.forget(about=[rows[6].about])
    assert not Notification.objects.filter(event="several").exists()
    assert Notification.objects.filter(pk=rows[7].pk).exists()


def test_what_was_promised_of_a_forgotten_case_is_settled_without_an_alarm(clock: Clock) -> None:
    row = tell(1)
    notifications.actions.forget(about=[row.about])
    promise = Outbox.objects.get(key=f"notifications.deliver:{row.pk}")
    delivery.deliver(outbox_id=promise.pk, now=clock.now)
    promise.refresh_from_db()
    assert promise.settled_at is not None
    assert sent() == []


def test_whoever_dies_while_saying_it_leaves_it_to_be_said_once(clock: Clock, monkeypatch) -> None:
    rows = [tell(number) for number in range(8)]
    run_outbox()
    now = clock.later(hours=1)

    class Killed(BaseException):
        pass

    def die(*args: object, **more: object) -> None:
        raise Killed

    promise = Outbox.objects.get(key=f"notifications.deliver:{rows[5].pk}")
    with monkeypatch.context() as patch:
        patch.setattr("core.outbox.settle", die)
        with pytest.raises(Killed):
            delivery.deliver(outbox_id=promise.pk, now=now)
    assert not Notification.objects.filter(event="several").exists()
    clock.later(minutes=2)
    run_outbox()
    assert Notification.objects.filter(event="several").count() == 1
    assert len(sent()) == 6


@pytest.mark.parametrize("event", sorted(together_words.EVENTS))
def test_each_line_says_something_with_whatever_facts(event: str) -> None:
    for medium in ("sms", "email"):
        for facts in ({}, {"reference": "WH1", "words": "a. ", "news": "b", "promised": "Monday"}):
            assert "None" not in together_words.line(event, facts, medium)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waiting", [False, True])
def test_many_workers_at_once_send_no_more_than_five_and_say_the_rest_once(
    world, settings, waiting: bool
) -> None:
    rows = [tell(number) for number in range(12)]
    now = timezone.now()
    if waiting:  # all of them were held an hour ago
        Notification.objects.filter(event="accepted").update(
            held_for="many", hold_until=now - timedelta(seconds=1)
        )
    promises = [Outbox.objects.get(key=f"notifications.deliver:{row.pk}").pk for row in rows]
    barrier = threading.Barrier(6)

    def work(mine: list[int]) -> None:
        try:
            barrier.wait(timeout=30)
            for pk in mine:
                delivery.deliver(outbox_id=pk, now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(promises[n::6],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    states = list(Notification.objects.filter(event="accepted").values_list("state", flat=True))
    if waiting:
        assert set(states) == {State.OVERTAKEN}
        assert Notification.objects.filter(event="several").count() == 1
    else:
        assert states.count(State.SENT) == 5
        assert states.count(State.QUEUED) == 7
