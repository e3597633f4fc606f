"""News of one caller, and hands of several agents, at the same moment: on real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enquiries.actions import calls
from enquiries.models import Contact
from inbox import actions_calls
from inbox.calls import Fact, News
from inbox.models import Call as Row
from inbox.models import Callback
from tests.referrals.test_races import at_once
from tests.stand_ins.caller import sid
from tests.world import NOW, World, build

pytestmark = pytest.mark.django_db(transaction=True)
CALLER = "+447700900123"


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def tells(call: str, **facts: int):
    told = {Fact(name): NOW + timedelta(seconds=after) for name, after in facts.items()}
    news = News(call, told, caller=CALLER)
    return lambda: calls.take_news(news, now=NOW + timedelta(minutes=5))


def test_all_that_is_told_of_a_call_at_once_is_one_call_and_one_contact(here):
    for _ in range(4):
        call = sid()
        told = [
            tells(call, rang=0),
            tells(call, rang=0),
            tells(call, answered=20),
            tells(call, answered=20),
            tells(call, over=90),
            tells(call, over=90),
        ]
        assert at_once(*told) == [None] * 6
        row = Row.objects.get(sid=call)
        assert (row.state, row.ended_at) == ("ended", NOW + timedelta(seconds=90))
        contact = Contact.objects.get(public_id=str(row.contact))
        assert contact.ended_at == row.ended_at
    assert Contact.objects.count() == Row.objects.count() == 4
    assert not Callback.objects.exists()


def test_calls_of_one_number_that_come_to_nothing_at_once_are_one_line(here):
    for _ in range(3):
        at_once(*[tells(sid(), rang=n, unanswered=60 + n) for n in range(5)])
        assert Callback.objects.get().calls.count() == 5
        # One more in vain while another is answered: no line is left, or one that came after.
        answered, missed = sid(), sid()
        at_once(tells(answered, rang=100, answered=120), tells(missed, rang=110, unanswered=115))
        assert not Callback.objects.filter(closed_at=None).exists()
        Row.objects.all().delete()
        Callback.objects.all().delete()


def test_of_two_agents_one_has_the_line_and_one_has_the_call(here):
    one, other = here.viewer(here.agent), here.viewer(here.administrator)
    missed, answered = sid(), sid()
    tells(missed, rang=0, unanswered=60)()
    line = Callback.objects.get()

    def takes(viewer):
        return lambda: actions_calls.take(public_id=line.public_id, viewer=viewer, now=NOW)

    got = at_once(takes(one), takes(other))
    assert sorted(type(found).__name__ for found in got) == ["CallTaken", "NoneType"]
    tells(answered, rang=100, answered=110)()
    row = Row.objects.get(sid=answered)

    def has(viewer):
        return lambda: calls.take(public_id=row.public_id, viewer=viewer, now=NOW)

    got = at_once(has(one), has(other))
    assert sorted(type(found).__name__ for found in got) == ["CallTaken", "UUID"]
    row.refresh_from_db()
    assert Contact.objects.get(public_id=str(row.contact)).agent_id == row.agent_id


def test_who_says_twice_that_they_spoke_makes_one_contact(here):
    agent = here.viewer(here.agent)
    tells(sid(), rang=0, unanswered=60)()
    line = Callback.objects.get()
    actions_calls.take(public_id=line.public_id, viewer=agent, now=NOW)

    def says():
        return calls.spoke(public_id=line.public_id, viewer=agent, now=NOW + timedelta(hours=1))

    got = at_once(says, says)
    assert sorted(type(found).__name__ for found in got) == ["CallbackOver", "UUID"]
    assert Contact.objects.count() == 1
