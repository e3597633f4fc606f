"""The hidden fields of a form: people pass, machines are held, and everybody gets a reference."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels.asking import spam
from core import limits
from core.models import LimitCount
from enquiries import intake
from enquiries.models import Enquiry, Holding, Referral
from tests.outbox import run_outbox
from tests.partnership import _loaded, partnership
from tests.web.conftest import Visitor

__all__ = ["_loaded", "partnership"]
pytestmark = pytest.mark.django_db
_STAMP = re.compile(rf'name="{spam.STAMP}" value="([^"]+)"')


@pytest.fixture
def visitor(partnership: None) -> Visitor:
    found = Visitor()
    found.to_check()
    return found


def stamp_of(visitor: Visitor) -> str:
    found = _STAMP.search(visitor.text)
    assert found is not None
    return found[1]


def test_a_person_passes(visitor: Visitor) -> None:
    visitor.answer(**{spam.STAMP: stamp_of(visitor), spam.TRAP: ""})
    assert "We have it" in visitor.text
    assert not Holding.objects.exists()
    run_outbox()
    assert Referral.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({spam.TRAP: "http://buy.example"}, "trap"),
        ({spam.STAMP: "made up"}, "bad_stamp"),
        ({spam.STAMP: "\x00"}, "bad_stamp"),
        ({spam.STAMP: "x" * 20_000}, "bad_stamp"),
    ],
)
def test_a_machine_is_held_and_gets_its_reference(
    visitor: Visitor, fields: dict[str, str], reason: str
) -> None:
    visitor.answer(**fields)
    assert "We have it" in visitor.text
    case = Enquiry.objects.get()
    assert case.reference in visitor.text
    assert reason in Holding.objects.get().reasons
    run_outbox()
    assert not Referral.objects.exists()
    assert Enquiry.objects.get().status == "new"


def test_a_stamp_of_another_form_is_none(visitor: Visitor) -> None:
    other = Visitor()
    other.to_check()
    visitor.answer(**{spam.STAMP: stamp_of(other)})
    assert Holding.objects.get().reasons == ["bad_stamp"]


def test_too_fast_is_held(visitor: Visitor, settings: Any) -> None:
    settings.FORM_QUICKEST_SECONDS = 60
    visitor.answer(**{spam.STAMP: stamp_of(visitor)})
    assert Holding.objects.get().reasons == ["too_fast"]


def test_an_old_stamp_is_held_and_a_days_is_not(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp, now = stamp_of(visitor), timezone.now()
    key = re.findall(r"/ask/([^/]+)/", visitor.at)[0]
    for age, is_old in ((timedelta(days=1), False), (timedelta(days=3), True)):
        monkeypatch.setattr("django.utils.timezone.now", lambda age=age: now + age)
        found = spam._age(stamp, key)
        assert found is not None
        assert (found > spam.OLDEST) == is_old


def test_who_comes_back_in_another_browser_keeps_the_stamp_of_the_page(visitor: Visitor) -> None:
    """The session has ended; the page still carries the answers, and when they were begun."""
    stamp, carry, at = stamp_of(visitor), visitor.carry, visitor.at
    fresh = Visitor(client=Client(), at=at, carry=carry)
    fresh.answer(**{spam.STAMP: stamp})
    assert "We have it" in fresh.text
    assert not Holding.objects.exists()


def test_the_same_words_again_and_again_are_held(partnership: None) -> None:
    held = []
    for _ in range(5):
        visitor = Visitor()
        visitor.to_check(description="Buy my bins, they are cheap")
        visitor.answer(**{spam.STAMP: stamp_of(visitor)})
        held.append(Holding.objects.count())
    assert held == [0, 0, 0, 1, 2]


def test_who_fails_and_sends_again_is_not_many_with_the_same_words(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp, refused = stamp_of(visitor), intake.TooLong("Not now")

    def refuses(*_: object, **__: object) -> None:
        raise refused

    with monkeypatch.context() as broken:
        broken.setattr(intake, "receive", refuses)
        for _ in range(6):
            visitor.answer(**{spam.STAMP: stamp})
            assert "Not now" in visitor.text
    visitor.answer(**{spam.STAMP: stamp})
    assert "We have it" in visitor.text
    assert not Holding.objects.exists()
    assert LimitCount.objects.get(door="same_words").count == 1


def test_one_form_that_is_sent_many_times_is_counted_once(visitor: Visitor) -> None:
    before, check, stamp = dict(visitor.client.session), visitor.at, stamp_of(visitor)
    carry = visitor.carry
    for _ in range(4):
        session = visitor.client.session  # as clicks that nobody has answered yet
        session.clear()
        session.update(before)
        session.save()
        visitor.at, visitor.carry = check, carry
        visitor.answer(**{spam.STAMP: stamp})
        assert "We have it" in visitor.text
    assert LimitCount.objects.get(door="same_words").count == 1


def test_the_trap_is_out_of_everybodys_way(visitor: Visitor) -> None:
    field = re.findall(rf"<input[^>]*name=\"{spam.TRAP}\"[^>]*>", visitor.text)[0]
    assert 'tabindex="-1"' in field
    assert 'autocomplete="off"' in field
    assert "display" not in field
    before = visitor.text.partition(field)[0]
    assert before.rstrip().rpartition("<div")[2].count('aria-hidden="true"') == 1


def test_who_sends_too_often_loses_nothing(
    partnership: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = {"session": limits.Bound(2, 10)}
    monkeypatch.setattr(limits, "DOORS", {**limits.DOORS, "send": tight})
    visitor = Visitor()
    for number in range(3):
        visitor.to_check(description=f"Mattress number {number}")
        visitor.page = visitor.client.post(visitor.at, {"carry": visitor.carry})
    assert visitor.page.status_code == 429
    assert "What you typed is still there" in visitor.text
    still = visitor.client.get(visitor.at).content.decode()
    assert "Mattress number 2" in still


def test_who_comes_back_to_a_form_after_days_is_no_machine(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.FORM_QUICKEST_SECONDS = 60
    first, later = stamp_of(visitor), timezone.now() + timedelta(days=3)
    session = visitor.client.session  # a session that has lasted as long as the form
    session.set_expiry(later + timedelta(days=1))
    session.save()
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    visitor.open("check")
    assert stamp_of(visitor) != first
    visitor.answer(**{spam.STAMP: stamp_of(visitor)})
    assert "We have it" in visitor.text
    assert not Holding.objects.exists()
