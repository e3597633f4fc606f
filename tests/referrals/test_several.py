"""Several organisations at once: each does its part, and the citizen gets one answer."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import referrals
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import referrals as reading
from enquiries.queries import tracking
from tests.referrals.steps import (
    LATER,
    accept,
    complete,
    give_back,
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
def shared(agent: Viewer, constable: Viewer) -> Enquiry:
    """With Wychavon by the rules, and with the police beside it."""
    case = new_case()
    assert send(case, "west-mercia-police", agent, alongside=True) is not None
    return case


def test_whoever_has_it_keeps_it_and_leads(shared: Enquiry) -> None:
    after = now_of(shared)
    assert (after.status, owner_of(after)) == ("referred", "wychavon")
    assert {with_(shared, s).status for s in ("wychavon", "west-mercia-police")} == {"offered"}
    assert [mail.to for mail in told("offered")] == [
        "team@wychavon.demo", "team@west-mercia-police.demo",
    ]  # fmt: skip
    assert lines(shared, "referred")[1].data["beside"] is True


def test_nobody_is_asked_twice_at_once(shared: Enquiry, agent: Viewer) -> None:
    with pytest.raises(NotNow, match="West Mercia Police has it already"):
        send(shared, "west-mercia-police", agent, alongside=True)


def test_beside_nobody_is_an_offer_like_any_other(agent: Viewer) -> None:
    case = new_case(service="allotments")
    send(case, "wychavon", agent, alongside=True)
    assert (now_of(case).status, owner_of(case)) == ("referred", "wychavon")


def test_each_is_told_of_by_its_name_and_there_is_one_answer(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, officer)
    accept(shared, constable)
    who = [mail.body.split(" ")[0] + " " + mail.body.split(" ")[1] for mail in told("accepted")]
    assert who == ["Wychavon District", "West Mercia"]

    complete(shared, officer, "The bin is upright again")
    assert told("resolved") == []
    assert told("replied") == []
    assert now_of(shared).status == "in_progress"
    assert owner_of(shared) == "west-mercia-police"

    complete(shared, constable, "We recorded it as a crime")
    (mail,) = told("resolved")
    words = (
        "Wychavon District Council: The bin is upright again\n\n"
        "West Mercia Police: We recorded it as a crime"
    )
    assert words in mail.body
    after = now_of(shared)
    assert (after.status, after.outcome, after.public_words) == ("resolved", "completed", words)
    (line,) = lines(shared, "resolved")
    # In the name of whoever was asked first, whoever came last.
    assert line.organisation == Organisation.objects.get(slug="wychavon")
    assert line.data["organisation"] == "Wychavon District Council and West Mercia Police"


def test_the_order_in_which_they_end_changes_nothing(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, officer)
    accept(shared, constable)
    complete(shared, constable, "Recorded")
    complete(shared, officer, "Upright")
    assert now_of(shared).public_words == (
        "Wychavon District Council: Upright\n\nWest Mercia Police: Recorded"
    )


@pytest.mark.parametrize(
    ("district", "police", "joint"),
    [
        (Outcome.DECIDED_NO, Outcome.COMPLETED, "completed"),
        (Outcome.FULFILLED, Outcome.DECIDED_NO, "fulfilled"),
        (Outcome.DECIDED_NO, Outcome.DECIDED_NO, "decided_no"),
        (Outcome.ANSWERED, Outcome.COMPLETED, "answered"),
    ],
)
def test_it_is_a_no_only_if_all_say_no(
    shared: Enquiry,
    officer: Viewer,
    constable: Viewer,
    district: Outcome,
    police: Outcome,
    joint: str,
) -> None:
    accept(shared, officer)
    accept(shared, constable)
    complete(shared, officer, "First", district, next_step="Appeal to us")
    complete(shared, constable, "Second", police)
    assert now_of(shared).outcome == joint
    if joint == "decided_no":
        data = lines(shared, "resolved")[0].data
        assert data["next_step"] == "Appeal to us"


def test_when_one_rejects_the_others_go_on_and_the_hub_is_told(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, constable)
    reject(shared, officer)
    after = now_of(shared)
    # The police lead now: it is they who must act.
    assert (after.status, owner_of(after)) == ("in_progress", "west-mercia-police")
    assert after.disputed_at is None
    assert [mail.to for mail in told("part_left")] == ["team@hub.demo"]


@pytest.mark.parametrize("returned_first", [True, False])
def test_a_part_that_came_back_for_want_of_words_is_the_hubs_to_settle(
    shared: Enquiry, officer: Viewer, constable: Viewer, agent: Viewer, returned_first: bool
) -> None:
    accept(shared, officer)
    steps = [lambda: give_back(shared, constable), lambda: complete(shared, officer, "Upright")]
    for step in steps if returned_first else reversed(steps):
        step()
    after = now_of(shared)
    assert (after.status, owner_of(after)) == ("open", "hub")
    assert told("resolved") == []

    # The hub asks, sends it there once more, and what Wychavon said is still known.
    send(shared, "west-mercia-police", agent)
    accept(shared, constable)
    complete(shared, constable, "Recorded")
    assert now_of(shared).public_words == (
        "Wychavon District Council: Upright\n\nWest Mercia Police: Recorded"
    )


def test_both_say_that_it_is_not_theirs(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    reject(shared, officer)
    reject(shared, constable)
    assert now_of(shared).disputed_at == LATER


def test_after_a_reopening_only_what_is_done_anew_is_told(
    shared: Enquiry, officer: Viewer, constable: Viewer, agent: Viewer
) -> None:
    from enquiries.actions import resolutions

    accept(shared, officer)
    accept(shared, constable)
    complete(shared, officer, "Upright")
    complete(shared, constable, "Recorded")
    resolutions.reopen(reference=shared.reference, viewer=agent, words="Fell again", now=LATER)
    send(shared, "wychavon", agent)
    accept(shared, officer)
    complete(shared, officer, "Upright again")
    assert now_of(shared).public_words == "Upright again"


def test_neither_reads_that_the_other_has_it(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, officer)
    accept(shared, constable)
    referrals.ask(
        public_id=with_(shared, "west-mercia-police").public_id,
        viewer=constable,
        question="Did you see who did it?",
        now=LATER,
    )
    intake.receive(
        InboundContact(
            channel=Channel.WEB,
            external_id="answer",
            received_at=LATER,
            needs=(
                Need(
                    "My neighbour, I fear",
                    kind=ItemKind.REPLY_TO_US.value,
                    about=shared.reference,
                ),
            ),
        ),
        now=LATER,
    )
    complete(shared, constable, "Recorded")
    complete(shared, officer, "Upright")

    theirs = reading.referral(constable, with_(shared, "west-mercia-police").public_id)
    assert "My neighbour, I fear" in [line.said for line in theirs.lines]
    ours = reading.referral(officer, with_(shared, "wychavon").public_id)
    shown = repr(ours.lines) + repr([item.words for item in ours.said])
    for foreign in ("neighbour", "Police", "Recorded", "who did it"):
        assert foreign not in shown
    assert [line.type for line in ours.lines] == [
        "enquiry.accepted",
        "enquiry.part_completed",
    ]


def test_a_question_of_one_stays_the_citizens_turn_when_another_leaves(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, constable)
    referrals.ask(
        public_id=with_(shared, "west-mercia-police").public_id,
        viewer=constable,
        question="Who?",
        now=LATER,
    )
    reject(shared, officer)
    assert now_of(shared).status == "waiting"
    assert lines(shared, "rejected")[0].data["waits"] is True


def test_the_citizen_sees_who_decided_and_what_they_can_do(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    accept(shared, officer)
    accept(shared, constable)
    complete(shared, officer, "No", Outcome.DECIDED_NO, next_step="Appeal to us")
    complete(shared, constable, "No", Outcome.DECIDED_NO, next_step="Ring 101")
    seen = tracking.track(shared.reference, shared.secret, now=LATER)
    assert seen is not None
    assert seen.decided_by == "Wychavon District Council and West Mercia Police"
    assert seen.is_no
    for said in ("Appeal to us", "Ring 101"):
        assert said in seen.public_words


def test_the_ledger_that_leaves_holds_no_words_of_a_part(
    world: World, shared: Enquiry, officer: Viewer
) -> None:
    from enquiries.queries import ledger

    accept(shared, officer)
    complete(shared, officer, "A secret between us")
    give_back(shared, world.viewer(_constable_user()), "Which giraffe is it?")
    out = repr(list(ledger.ledger([shared.pk])))
    for foreign in ("A secret between us", "giraffe"):
        assert foreign not in out
    assert types(shared).count("part_completed") == 1


def _constable_user() -> User:
    return User.objects.get(full_name="Polly Police")


def test_events_hold_no_hole(shared: Enquiry, officer: Viewer, constable: Viewer) -> None:
    accept(shared, officer)
    complete(shared, officer, "Upright")
    reject(shared, constable)
    rows = EnquiryEvent.objects.filter(enquiry=shared).order_by("sequence")
    assert [row.sequence for row in rows] == list(range(1, now_of(shared).version + 1))


def test_the_api_tells_a_partner_nothing_of_what_others_did(
    shared: Enquiry, officer: Viewer, constable: Viewer
) -> None:
    from enquiries.queries import api

    accept(shared, officer)
    accept(shared, constable)
    referrals.ask(
        public_id=with_(shared, "west-mercia-police").public_id,
        viewer=constable,
        question="Did you see who did it?",
        now=LATER,
    )
    ours = repr(api.enquiry(officer, shared.reference, now=LATER))
    for foreign in ("Police", "police", "who did it"):
        assert foreign not in ours
    theirs = api.enquiry(constable, shared.reference, now=LATER)
    assert theirs.question == "Did you see who did it?"
    assert "Wychavon" not in repr(theirs)

    complete(shared, constable, "Recorded")
    complete(shared, officer, "Upright")
    ended = api.enquiry(officer, shared.reference, now=LATER)
    assert ended.words == "Upright"
    assert ended.steps[-1].words == "Done: Upright"
    assert "Police" not in repr(ended)
    police_words = api.enquiry(constable, shared.reference, now=LATER).words
    assert police_words == "Recorded"
