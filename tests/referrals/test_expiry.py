"""Offers that nobody answers run out, once, however often the job is killed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.permissions import Viewer
from enquiries.actions import referrals, telling_partners
from enquiries.models import Referral
from tests.referrals.steps import (
    LATER,
    accept,
    lines,
    new_case,
    now_of,
    owner_of,
    told,
    types,
    with_,
)
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
# The offers lapse a day after they were made.
LONG_AFTER = NOW + timedelta(days=1, hours=2)


@pytest.fixture
def later_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LONG_AFTER)


def test_an_offer_lapses_when_as_long_again_has_gone(world: World) -> None:
    row = with_(new_case(), "wychavon")  # four working hours were agreed, from ten o'clock
    assert row.accept_due_at == NOW + timedelta(hours=4)
    assert row.expires_at == NOW + timedelta(days=1, hours=0)  # one hour of it is tomorrow's


def test_what_nobody_answered_goes_back_to_the_hub(later_still: None, world: World) -> None:
    case = new_case()
    row = with_(case, "wychavon")
    assert row.expires_at is not None
    assert referrals.expire_due(now=row.expires_at - timedelta(seconds=1)) == 0
    assert referrals.expire_due(now=LONG_AFTER) == 1
    assert referrals.expire_due(now=LONG_AFTER) == 0

    after = now_of(case)
    assert (after.status, owner_of(after)) == ("open", "hub")
    assert after.routing_reason == "Wychavon District Council did not answer in time"
    assert with_(case, "wychavon").status == "expired"
    assert lines(case, "expired")[0].data["to"] == "wychavon"
    assert [mail.to for mail in told("lapsed")] == ["team@wychavon.demo"]


def test_nobody_is_written_to_about_what_lapsed_long_ago(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    much_later = NOW + timedelta(days=30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: much_later)
    case = new_case()
    assert referrals.expire_due(now=much_later) == 1
    assert now_of(case).status == "open"
    assert told("lapsed") == []


def test_what_was_accepted_does_not_run_out(later_still: None, officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    assert referrals.expire_due(now=LONG_AFTER) == 0


def test_no_offer_runs_out_in_the_citizens_turn(later_still: None, agent: Viewer) -> None:
    from enquiries.actions import replies

    case = new_case()
    replies.ask(reference=case.reference, viewer=agent, question="Which bin?", now=LATER)
    assert referrals.expire_due(now=LONG_AFTER) == 0


def test_after_the_citizens_turn_there_is_as_much_time_as_before(
    later_still: None, agent: Viewer
) -> None:
    from enquiries import intake
    from enquiries.actions import replies
    from enquiries.channels import Channel, ItemKind
    from enquiries.inbound import InboundContact, Need

    case = new_case()
    before = with_(case, "wychavon")
    replies.ask(reference=case.reference, viewer=agent, question="Which bin?", now=LATER)
    answered = LATER + timedelta(days=2)
    need = Need("The green one", kind=ItemKind.REPLY_TO_US.value, about=case.reference)
    inbound = InboundContact(
        channel=Channel.WEB, external_id="an-answer", received_at=answered, needs=(need,)
    )
    intake.receive(inbound, now=answered)

    after = with_(case, "wychavon")
    assert before.accept_due_at is not None
    assert before.expires_at is not None
    assert after.accept_due_at == before.accept_due_at + timedelta(days=2)
    assert after.expires_at == before.expires_at + timedelta(days=2)


def test_it_may_be_sent_to_them_again(later_still: None, agent: Viewer) -> None:
    case = new_case()
    referrals.expire_due(now=LONG_AFTER)
    assert referrals.offer(
        reference=case.reference, viewer=agent, organisation="wychavon", reason="Once more",
        now=LONG_AFTER,
    ) is not None  # fmt: skip


class Killed(BaseException):
    """The worker died here."""


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.django_db(transaction=True)
def test_a_killed_job_that_runs_again_ends_each_offer_once(
    later_still: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    from tests.world import build

    build()
    cases = [new_case() for _ in range(4)]
    calls = 0
    tell = telling_partners.lapsed

    def die(*args: Any, **more: Any) -> None:
        nonlocal calls
        calls += 1
        tell(*args, **more)
        if calls == after:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(telling_partners, "lapsed", die)
        with pytest.raises(Killed):
            referrals.expire_due(now=LONG_AFTER)
    # What was under way is undone, what was done before stays.
    assert Referral.objects.filter(status="expired").count() == after - 1

    assert referrals.expire_due(now=LONG_AFTER) == 4 - (after - 1)
    assert all(types(case).count("expired") == 1 for case in cases)
    assert len(told("lapsed")) == 4
