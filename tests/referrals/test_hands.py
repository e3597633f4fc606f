"""Who has it within an organisation: one does, the others are told who."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Membership, Team
from accounts.permissions import Role, Viewer
from enquiries.actions import referrals
from enquiries.actions.resolutions import WordsMissing
from enquiries.queries import referrals as reading
from enquiries.queries.access import NoSuchReferral
from tests.referrals.steps import (
    LATER,
    accept,
    complete,
    lines,
    new_case,
    now_of,
    person_of,
    told,
    with_,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(world: World) -> Viewer:
    return world.viewer(person_of(world, "wychavon", "Wendy Colleague"))


@pytest.fixture
def waste(world: World) -> Team:
    return Team.objects.create(
        organisation=world.organisations["wychavon"],
        slug="waste",
        name="Waste",
        email="waste@wychavon.demo",
    )


def who_has(case: Any) -> str:
    return str(with_(case, "wychavon").assignee or "")


def do(work: Any, case: Any, viewer: Viewer, **more: Any) -> None:
    work(public_id=with_(case, "wychavon").public_id, viewer=viewer, now=LATER, **more)


def test_who_accepts_it_has_it_and_the_quicker_one_is_named(
    officer: Viewer, second: Viewer
) -> None:
    case = new_case()
    accept(case, officer)
    assert who_has(case) == "Owen Officer"
    accept(case, officer)
    with pytest.raises(referrals.AlreadyTaken, match="Owen Officer has accepted this already"):
        accept(case, second)


def test_a_system_that_accepts_has_nothing_in_hands(world: World) -> None:
    import accounts.queries

    case = new_case()
    system = accounts.queries.viewer_for_token(world.token("wychavon"))
    assert system is not None
    for _twice in range(2):
        accept(case, system)
    assert with_(case, "wychavon").assignee is None


def test_taking_and_putting_back(officer: Viewer, second: Viewer) -> None:
    case = new_case()
    do(referrals.take, case, officer)
    with pytest.raises(referrals.AlreadyTaken, match="Owen Officer"):
        do(referrals.take, case, second)
    with pytest.raises(referrals.NotYours, match="Owen Officer"):
        do(referrals.put_back, case, second)
    do(referrals.put_back, case, officer)
    do(referrals.put_back, case, officer)
    do(referrals.take, case, second)
    assert who_has(case) == "Wendy Colleague"
    names = [line.data["name"] for line in lines(case, "handed")]
    assert names == ["Owen Officer", "nobody", "Wendy Colleague"]


def test_what_somebody_has_who_left_can_be_taken(
    world: World, officer: Viewer, second: Viewer
) -> None:
    case = new_case()
    accept(case, officer)
    Membership.objects.filter(user=world.officer).update(until_on=date(2026, 11, 16))
    do(referrals.take, case, second)
    assert who_has(case) == "Wendy Colleague"


def test_work_is_handed_to_a_colleague_with_words(officer: Viewer, second: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    do(referrals.hand_over, case, officer, to_user_id=second.id, words="You know the lane")
    assert who_has(case) == "Wendy Colleague"
    (line,) = lines(case, "handed")
    assert (line.data["name"], line.data["words"]) == ("Wendy Colleague", "You know the lane")


def test_what_a_colleague_has_is_given_away_only_with_a_reason(
    officer: Viewer, second: Viewer
) -> None:
    case = new_case()
    accept(case, officer)
    with pytest.raises(WordsMissing, match="Owen Officer has this one") as refusal:
        do(referrals.hand_over, case, second, to_user_id=second.id)
    assert refusal.value.field == "words"
    do(referrals.hand_over, case, second, to_user_id=second.id, words="Owen is ill")
    assert who_has(case) == "Wendy Colleague"


def test_it_goes_to_nobody_but_colleagues_who_answer(
    world: World, officer: Viewer, outsider: Viewer
) -> None:
    manager = person_of(world, "wychavon", "Max Manager", role=Role.MANAGER)
    left = person_of(world, "wychavon", "Lena Left")
    Membership.objects.filter(user=left).update(until_on=date(2026, 11, 16))
    locked = person_of(world, "wychavon", "Larry Locked")
    type(locked).objects.filter(pk=locked.pk).update(is_active=False)
    elsewhere = person_of(world, "worcester-city", "Both Bodies")
    Membership.objects.create(
        user=elsewhere,
        organisation=world.organisations["wychavon"],
        role="officer",
        from_on=date(2026, 1, 1),
    )
    case = new_case()
    for user_id in (manager.pk, left.pk, locked.pk, elsewhere.pk, outsider.id, 999_999):
        with pytest.raises(referrals.NoColleague):
            do(referrals.hand_over, case, officer, to_user_id=user_id)
    assert [str(one) for one in reading.colleagues(officer)] == ["Owen Officer"]


def test_another_team_gets_it_with_nobodys_hands_on_it(
    world: World, officer: Viewer, waste: Team
) -> None:
    case = new_case()
    accept(case, officer)
    do(referrals.move_team, case, officer, team_id=waste.pk)
    row = with_(case, "wychavon")
    assert (row.team, row.assignee) == (waste, None)
    assert now_of(case).team == waste
    assert [mail.to for mail in told("moved")] == ["waste@wychavon.demo"]
    do(referrals.move_team, case, officer, team_id=waste.pk)
    assert len(lines(case, "team_changed")) == 1
    foreign = Team.objects.get(organisation=world.organisations["worcester-city"])
    with pytest.raises(referrals.NoSuchTeam):
        do(referrals.move_team, case, officer, team_id=foreign.pk)


def test_what_has_ended_is_in_nobodys_hands(officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    complete(case, officer)
    assert who_has(case) == ""
    for work in (referrals.take, referrals.put_back):
        with pytest.raises(referrals.AlreadyAnswered):
            do(work, case, officer)


def test_strangers_have_nothing_to_hand_on(outsider: Viewer, agent: Viewer, waste: Team) -> None:
    case = new_case()
    for viewer in (outsider, agent):
        for work, more in (
            (referrals.take, {}),
            (referrals.put_back, {}),
            (referrals.hand_over, {"to_user_id": viewer.id}),
            (referrals.move_team, {"team_id": waste.pk}),
        ):
            with pytest.raises(NoSuchReferral):
                do(work, case, viewer, **more)


def test_tabs_are_by_whose_hands_it_is_in(
    world: World, officer: Viewer, second: Viewer, waste: Team
) -> None:
    mine, theirs, free, elsewhere, waiting = (new_case() for _ in range(5))
    accept(mine, officer)
    accept(theirs, second)
    accept(free, officer)
    do(referrals.put_back, free, officer)
    accept(elsewhere, officer)
    do(referrals.move_team, elsewhere, officer, team_id=waste.pk)
    accept(waiting, officer)
    do(referrals.ask, waiting, officer, question="Which?")
    new = new_case()

    def seen(viewer: Viewer, tab: str, **filters: Any) -> set[str]:
        found = reading.referrals(viewer, tab, filters=reading.Filters(**filters))
        return {row.enquiry.reference for row in found.rows}

    assert seen(officer, "offered") == {new.reference}
    assert seen(officer, "mine") == {mine.reference}
    assert seen(second, "mine") == {theirs.reference}
    assert seen(officer, "team") == {one.reference for one in (mine, theirs, free)}
    assert seen(officer, "waiting") == {waiting.reference}
    assert seen(officer, "accepted") == {one.reference for one in (mine, theirs, free, elsewhere)}
    assert seen(officer, "accepted", team_id=waste.pk) == {elsewhere.reference}
    assert seen(officer, "team", text=mine.reference.lower()) == {mine.reference}
    assert seen(officer, "team", text="nonsense") == set()
    assert seen(officer, "team", service="pothole") == set()
    assert seen(officer, "team", late_at=LATER) == set()
    assert reading.counts(officer) == {
        "offered": 1, "mine": 1, "team": 3, "accepted": 4, "waiting": 1,
    }  # fmt: skip
