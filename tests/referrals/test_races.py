"""Simultaneous answers to one referral, on real PostgreSQL in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries.actions import referral_bulk, referral_notes, referrals
from enquiries.lifecycle import NotNow, Outcome, RejectReason
from enquiries.models import Clock, Enquiry, EnquiryEvent, Referral
from notifications.models import Notification
from tests.referrals.steps import (
    LATER,
    accept,
    new_case,
    now_of,
    person_of,
    police,
    send,
    types,
    with_,
)
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], object]


def at_once(*works: Work) -> list[object]:
    """What each of several hands got, an exception included; they begin together."""
    gate = threading.Barrier(len(works))

    def one(work: Work) -> object:
        try:
            gate.wait()
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


@pytest.fixture
def officer(here: World) -> Viewer:
    return here.viewer(here.officer)


@pytest.fixture
def second(here: World) -> Viewer:
    return here.viewer(person_of(here, "wychavon", "Wendy Colleague"))


def doing(work: Callable[..., object], case: Enquiry, viewer: Viewer, **more: Any) -> Work:
    public_id = with_(case, "wychavon").public_id
    return lambda: work(public_id=public_id, viewer=viewer, now=LATER, **more)


NO: dict[str, Any] = {"reason": RejectReason.OTHER, "words": "Not ours"}


def whole(case: Enquiry) -> None:
    """The ledger has no hole, and every clock of what was settled is decided."""
    rows = EnquiryEvent.objects.filter(enquiry=case).order_by("sequence")
    assert [row.sequence for row in rows] == list(range(1, now_of(case).version + 1))
    settled = Clock.objects.filter(referral__enquiry=case, referral__settled_at__isnull=False)
    assert not settled.filter(stopped_at=None).exists()


@pytest.mark.parametrize("_again", range(3))
def test_one_accepts_while_a_colleague_rejects(
    officer: Viewer, second: Viewer, _again: int
) -> None:
    case = new_case()
    found = at_once(
        doing(referrals.accept, case, officer), doing(referrals.reject, case, second, **NO)
    )
    row = with_(case, "wychavon")
    # Whoever came second saw what the first had done: a rejection after that is one of real life.
    assert row.status == "rejected"
    if isinstance(found[0], referrals.AlreadyAnswered):
        assert "accepted" not in types(case)
    else:
        assert types(case)[-2:] == ["accepted", "rejected"]
    assert row.assignee is None
    whole(case)


def test_ten_accept_and_one_has_it_and_nine_are_told_who(here: World, officer: Viewer) -> None:
    case = new_case()
    hands = [here.viewer(person_of(here, "wychavon", f"Officer{n} Number")) for n in range(10)]
    found = at_once(*(doing(referrals.accept, case, hand) for hand in hands))
    told = [str(one) for one in found if isinstance(one, referrals.AlreadyTaken)]
    has_it = str(with_(case, "wychavon").assignee)
    assert told == [f"{has_it} has accepted this already"] * 9
    assert types(case).count("accepted") == 1
    whole(case)


def test_ten_take_and_one_has_it(here: World, officer: Viewer) -> None:
    case = new_case()
    hands = [here.viewer(person_of(here, "wychavon", f"Officer{n} Number")) for n in range(10)]
    found = at_once(*(doing(referrals.take, case, hand) for hand in hands))
    assert sum(isinstance(one, referrals.AlreadyTaken) for one in found) == 9
    assert types(case).count("handed") == 1


@pytest.mark.parametrize("_again", range(3))
def test_it_is_completed_while_the_hub_takes_it_back(
    here: World, officer: Viewer, _again: int
) -> None:
    case, agent = new_case(), here.viewer(here.agent)
    accept(case, officer)
    found = at_once(
        doing(referrals.complete, case, officer, outcome=Outcome.COMPLETED, words="Done"),
        doing(referrals.withdraw, case, agent, words="We do it"),
    )
    refused = [one for one in found if isinstance(one, referrals.AlreadyAnswered)]
    assert len(refused) == 1
    row, after = with_(case, "wychavon"), now_of(case)
    assert (row.status, after.status) in {("completed", "resolved"), ("withdrawn", "open")}
    whole(case)


@pytest.mark.parametrize("_again", range(3))
def test_it_is_accepted_while_its_time_runs_out(officer: Viewer, _again: int) -> None:
    case = new_case()
    Referral.objects.update(expires_at=LATER)
    at_once(doing(referrals.accept, case, officer), lambda: referrals.expire_due(now=LATER))
    row, after = with_(case, "wychavon"), now_of(case)
    assert (row.status, after.status) in {("accepted", "in_progress"), ("expired", "open")}
    whole(case)


def test_four_jobs_end_an_offer_once(here: World) -> None:
    cases = [new_case() for _ in range(5)]
    Referral.objects.update(expires_at=LATER)
    found = at_once(*(lambda: referrals.expire_due(now=LATER) for _ in range(4)))
    assert sum(int(str(one)) for one in found) == 5
    assert all(types(case).count("expired") == 1 for case in cases)


@pytest.mark.parametrize("_again", range(3))
def test_both_of_two_end_their_parts_at_once_and_there_is_one_answer(
    here: World, officer: Viewer, monkeypatch: pytest.MonkeyPatch, _again: int
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    _body, user = police(here)
    constable = here.viewer(user)
    case = new_case()
    send(case, "west-mercia-police", here.viewer(here.agent), alongside=True)
    accept(case, officer)
    accept(case, constable)
    theirs = with_(case, "west-mercia-police").public_id
    at_once(
        doing(referrals.complete, case, officer, outcome=Outcome.COMPLETED, words="Upright"),
        lambda: referrals.complete(
            public_id=theirs, viewer=constable, outcome=Outcome.COMPLETED, words="Recorded",
            now=LATER,
        ),
    )  # fmt: skip
    assert now_of(case).public_words == (
        "Wychavon District Council: Upright\n\nWest Mercia Police: Recorded"
    )
    assert types(case).count("resolved") == 1
    assert Notification.objects.filter(event="resolved").count() == 1
    whole(case)


def test_two_nos_at_once_are_one_dispute(here: World, officer: Viewer) -> None:
    _body, user = police(here)
    constable = here.viewer(user)
    case = new_case()
    send(case, "west-mercia-police", here.viewer(here.agent), alongside=True)
    theirs = with_(case, "west-mercia-police").public_id
    at_once(
        doing(referrals.reject, case, officer, **NO),
        lambda: referrals.reject(public_id=theirs, viewer=constable, now=LATER, **NO),
    )
    assert types(case).count("disputed") == 1
    assert now_of(case).disputed_at == LATER
    whole(case)


def test_one_hands_it_over_while_another_moves_it_to_a_team(
    here: World, officer: Viewer, second: Viewer
) -> None:
    from accounts.models import Team

    waste = Team.objects.create(
        organisation=here.organisations["wychavon"], slug="waste", name="Waste"
    )
    case = new_case()
    accept(case, officer)
    found = at_once(
        doing(referrals.hand_over, case, officer, to_user_id=second.id),
        doing(referrals.move_team, case, officer, team_id=waste.pk),
    )
    row = with_(case, "wychavon")
    assert row.team == waste
    # After the move nobody has it, or who was handed it afterwards does.
    assert row.assignee_id in (None, second.id)
    assert all(one is None or isinstance(one, DomainError) for one in found)
    whole(case)


def test_a_bulk_pressed_twice_at_once_notes_each_once(officer: Viewer) -> None:
    cases = [new_case() for _ in range(6)]
    ids = [with_(case, "wychavon").public_id for case in cases]

    def press() -> object:
        return referral_bulk.many(
            "note", ids, officer, LATER, key="k", words="The river rose", seen_by="hub"
        )

    found = at_once(press, press)
    assert found[0] == found[1]
    assert EnquiryEvent.objects.filter(type="enquiry.noted").count() == 6


def test_bulk_is_refused_inside_another_transaction(officer: Viewer) -> None:
    from django.db import transaction

    case = new_case()
    with transaction.atomic(), pytest.raises(RuntimeError):
        referral_bulk.many("accept", [with_(case, "wychavon").public_id], officer, LATER)
    assert with_(case, "wychavon").status == "offered"


def test_the_same_words_at_once_are_one_note(officer: Viewer) -> None:
    case = new_case()
    note = doing(referral_notes.note, case, officer, words="Rang the depot", seen_by="us")
    at_once(*(note for _ in range(6)))
    assert types(case).count("noted") == 1


def test_it_is_completed_before_it_is_accepted_by_nobody(officer: Viewer, second: Viewer) -> None:
    case = new_case()
    found = at_once(
        doing(referrals.accept, case, officer),
        doing(referrals.complete, case, second, outcome=Outcome.COMPLETED, words="Done"),
    )
    row = with_(case, "wychavon")
    if isinstance(found[1], NotNow):
        assert row.status == "accepted"
    else:
        assert row.status == "completed"
    whole(case)
