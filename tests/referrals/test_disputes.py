"""A second no, or a circle: the hub's duty manager decides, with every reason."""

from __future__ import annotations

import pytest

from accounts.models import Team
from accounts.permissions import Viewer
from enquiries.actions import resolutions, triage
from enquiries.lifecycle import NotNow, Outcome, RejectReason
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import desk
from enquiries.queries import referrals as reading
from tests.referrals.steps import (
    LATER,
    lines,
    new_case,
    now_of,
    owner_of,
    reject,
    send,
    told,
    types,
    with_,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(world: World) -> Team:
    return Team.objects.create(
        organisation=world.organisations["hub"],
        slug="duty-managers",
        name="Duty managers",
        email="duty@hub.demo",
    )


def rejected_twice(agent: Viewer, officer: Viewer, outsider: Viewer) -> Enquiry:
    case = new_case()
    reject(case, officer, "worcester-city", words="Ask the city, it is their lane")
    send(case, "worcester-city", agent)
    reject(case, outsider, "wychavon", words="Not ours at all", reason=RejectReason.OTHER_AREA)
    return case


def test_the_second_no_goes_to_the_duty_managers_with_both_reasons(
    duty: Team, agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = now_of(rejected_twice(agent, officer, outsider))

    assert (case.status, owner_of(case), case.team) == ("open", "hub", duty)
    assert case.disputed_at == LATER
    for said in ("Another organisation does this", "It is outside our area"):
        assert said in case.routing_reason
    (line,) = lines(case, "disputed")
    for said in ("Ask the city", "Not ours at all", "It suggests Worcester City Council"):
        assert said in line.data["words"]
    (mail,) = told("disputed")
    assert mail.to == "duty@hub.demo"
    assert f"/desk/cases/{case.reference}/" in mail.body
    for said in ("Another organisation does this", "It is outside our area", "It suggests"):
        assert said in mail.body
    # What somebody wrote may be about a person: it is on the page, for those who may see it.
    assert "their lane" not in mail.body


def test_without_such_a_team_the_hubs_own_team_decides(
    agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = now_of(rejected_twice(agent, officer, outsider))
    assert case.team is not None
    assert case.team.is_default
    assert [mail.to for mail in told("disputed")] == ["team@hub.demo"]


def test_neither_of_them_reads_what_the_other_said(
    duty: Team, agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = rejected_twice(agent, officer, outsider)
    for viewer in (officer, outsider):
        shown = reading.referral(viewer, with_(case, viewer.organisation_slug).public_id)
        assert shown.lines == ()
    assert not EnquiryEvent.objects.filter(type="enquiry.disputed").exclude(organisation=None)
    seen = desk.case(agent, case.reference, now=LATER)
    assert any("Not ours at all" in line.words for line in seen.lines)


def test_who_is_sent_it_by_the_duty_manager_gets_it_and_the_dispute_is_over(
    duty: Team, agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = rejected_twice(agent, officer, outsider)
    assert send(case, "wychavon", agent) is not None
    after = now_of(case)
    assert (after.status, owner_of(after), after.disputed_at) == ("referred", "wychavon", None)


def test_the_duty_managers_answer_ends_the_dispute(
    duty: Team, agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = rejected_twice(agent, officer, outsider)
    resolutions.resolve(
        reference=case.reference,
        viewer=agent,
        outcome=Outcome.ANSWERED,
        words="We did it ourselves",
        now=LATER,
    )
    assert now_of(case).disputed_at is None


def test_an_offer_to_who_rejected_it_is_a_circle(
    duty: Team, agent: Viewer, officer: Viewer
) -> None:
    case = new_case()
    reject(case, officer)
    assert send(case, "wychavon", agent) is None

    after = now_of(case)
    assert (after.status, after.team, after.disputed_at) == ("open", duty, LATER)
    assert lines(case, "disputed")[0].data["why"] == "loop"
    assert lines(case, "disputed")[0].data["back_to"] == "wychavon"
    assert types(case).count("referred") == 1
    # The second time it is the duty manager who sends it.
    assert send(case, "wychavon", agent) is not None


def test_the_rules_send_nothing_back_to_who_rejected_it(
    duty: Team, agent: Viewer, officer: Viewer
) -> None:
    case = new_case()
    reject(case, officer)
    triage.place(reference=case.reference, viewer=agent, service="missed-bin", now=LATER)
    assert now_of(case).disputed_at == LATER


def test_a_no_to_what_it_was_taken_for_says_nothing_of_what_it_is(
    world: World, duty: Team, agent: Viewer, officer: Viewer
) -> None:
    case = new_case()
    reject(case, officer, words="That is no bin, it is a pothole")
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    after = now_of(case)
    assert (owner_of(after), after.disputed_at) == ("worcestershire-county", None)


def test_nobody_is_asked_beside_others_for_what_they_rejected(
    agent: Viewer, officer: Viewer
) -> None:
    case = new_case()
    reject(case, officer)
    send(case, "worcester-city", agent)
    with pytest.raises(NotNow, match="Wychavon District Council rejected it"):
        send(case, "wychavon", agent, alongside=True)
