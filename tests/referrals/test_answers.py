"""Reject, return, withdraw: what each leaves in the case, the ledger and the hub's queue."""

from __future__ import annotations

import pytest

from accounts.models import Organisation
from accounts.permissions import Viewer
from enquiries.actions import links, referrals, resolutions
from enquiries.inbound import Sender
from enquiries.lifecycle import NotNow, Outcome, RejectReason
from enquiries.models import Clock
from enquiries.queries.access import NoSuchReferral
from enquiries.vocabulary import sentence
from metrics.breaks import lacks_information
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


def test_a_rejection_keeps_reason_words_and_suggestion(world: World, officer: Viewer) -> None:
    case = new_case()
    reject(case, officer, "worcester-city", words="The lane is theirs")

    row = with_(case, "wychavon")
    assert (row.status, row.reject_reason, row.answer_reason) == (
        "rejected", "other_body", "The lane is theirs",
    )  # fmt: skip
    assert row.suggested == world.organisations["worcester-city"]
    line = lines(case, "rejected")[0]
    assert line.organisation == world.organisations["wychavon"]
    assert (line.data["reason"], line.data["suggested"]) == ("other_body", "worcester-city")
    assert sentence(line.type, line.data) == (
        "Rejected by Wychavon District Council (Another organisation does this; they suggest "
        "Worcester City Council): The lane is theirs"
    )
    assert not lacks_information(line.data["reason"])
    after = now_of(case)
    assert (after.status, after.owner) == ("open", world.organisations["hub"])
    assert "They suggest Worcester City Council" in after.routing_reason
    assert after.disputed_at is None


def test_the_first_no_waits_for_a_person_where_the_rules_name_nobody_else(officer: Viewer) -> None:
    case = new_case()
    reject(case, officer, "worcester-city")
    assert types(case).count("referred") == 1


def test_the_first_no_is_sent_on_at_once_where_the_rules_name_the_suggested(
    agent: Viewer, outsider: Viewer
) -> None:
    case = new_case()  # in Wychavon: the rules name its council
    send(case, "worcester-city", agent)
    reject(case, outsider, "wychavon")

    after = now_of(case)
    assert (after.status, owner_of(after)) == ("referred", "wychavon")
    assert "so do the rules" in with_(case, "wychavon").reason


def test_nothing_is_sent_on_to_a_body_that_has_left(
    world: World, agent: Viewer, outsider: Viewer
) -> None:
    case = new_case()
    send(case, "worcester-city", agent)
    Organisation.objects.filter(slug="wychavon").update(is_active=False)
    with pytest.raises(referrals.NobodySuggested):
        reject(case, outsider, "wychavon")
    reject(case, outsider)
    assert now_of(case).status == "open"


@pytest.mark.parametrize("suggested", ["wychavon", "hub", "nobody-at-all"])
def test_whom_they_may_suggest(officer: Viewer, suggested: str) -> None:
    case = new_case()
    with pytest.raises(referrals.NobodySuggested) as refusal:
        reject(case, officer, suggested)
    assert refusal.value.field == "suggested"
    assert with_(case, "wychavon").status == "offered"


def test_a_rejection_said_twice_alike_is_one(officer: Viewer) -> None:
    case = new_case()
    for _twice in range(2):
        reject(case, officer)
    assert types(case).count("rejected") == 1
    with pytest.raises(referrals.AlreadyAnswered):
        reject(case, officer, reason=RejectReason.NO_CAPACITY)


def test_what_was_accepted_can_still_turn_out_to_be_anothers(officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    reject(case, officer)
    row = with_(case, "wychavon")
    assert (row.status, row.assignee_id) == ("rejected", None)
    states = dict(Clock.objects.filter(referral=row).values_list("kind", "state"))
    assert states == {"accept": "met", "work": "void"}


def test_a_return_names_the_question_that_is_missing(officer: Viewer) -> None:
    case = new_case()
    for _twice in range(2):
        give_back(case, officer, "Which side of the road?")

    assert with_(case, "wychavon").answer_reason == "Which side of the road?"
    (line,) = lines(case, "returned")
    assert line.data["question"] == "Which side of the road?"
    assert lacks_information(line.data["reason"])
    assert "(missing: Which side of the road?)" in sentence(line.type, line.data)
    assert "needs to know: Which side of the road?" in now_of(case).routing_reason


def test_a_return_without_its_question_is_refused(officer: Viewer) -> None:
    case = new_case()
    with pytest.raises(referrals.QuestionMissing):
        give_back(case, officer, "  ")


def test_what_was_returned_can_be_offered_to_them_again(agent: Viewer, officer: Viewer) -> None:
    case = new_case()
    give_back(case, officer)
    assert send(case, "wychavon", agent) is not None
    assert now_of(case).status == "referred"


def test_the_hub_takes_an_offer_back_with_the_reason(agent: Viewer, officer: Viewer) -> None:
    case = new_case()
    public_id = with_(case, "wychavon").public_id
    for _twice in range(2):
        referrals.withdraw(public_id=public_id, viewer=agent, words="We do it", now=LATER)

    assert with_(case, "wychavon").status == "withdrawn"
    assert (now_of(case).status, owner_of(case)) == ("open", "hub")
    assert types(case).count("offer_withdrawn") == 1
    assert [row.to for row in told("taken_back")] == ["team@wychavon.demo"]
    with pytest.raises(referrals.AlreadyAnswered):
        accept(case, officer)


def test_only_the_hub_takes_an_offer_back(officer: Viewer, outsider: Viewer) -> None:
    case = new_case()
    public_id = with_(case, "wychavon").public_id
    for viewer in (officer, outsider):
        with pytest.raises(NoSuchReferral):
            referrals.withdraw(public_id=public_id, viewer=viewer, words="Mine", now=LATER)


def test_what_another_report_covers_goes_back_to_the_hub_which_joins_the_two(
    agent: Viewer, officer: Viewer
) -> None:
    first, case = new_case(), new_case(sender=Sender(name="Ann Other", email="ann@example.com"))
    accept(case, officer)
    with pytest.raises(NotNow, match="reject it with “Another report covers it”"):
        complete(case, officer, "We have it already", Outcome.DUPLICATE)
    with pytest.raises(NotNow, match="join the two"):
        resolutions.resolve(
            reference=case.reference,
            viewer=agent,
            outcome=Outcome.DUPLICATE,
            words="We have it already",
            now=LATER,
        )
    assert now_of(case).outcome == ""

    reject(case, officer, words=f"See {first.reference}", reason=RejectReason.SAME_REPORT)
    assert owner_of(case) == "hub"
    assert first.reference in lines(case, "rejected")[0].data["words"]
    links.link_duplicate(reference=case.reference, to=first.reference, viewer=agent, now=LATER)
    assert now_of(case).outcome == "duplicate"


def test_a_no_has_its_next_step_in_the_ledger_and_in_the_words(officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    complete(case, officer, "It is private land", Outcome.DECIDED_NO, next_step="Ask the owner")

    (line,) = lines(case, "resolved")
    assert line.data["next_step"] == "Ask the owner"
    assert line.data["reason"].startswith("It is private land")
    assert now_of(case).public_words == "It is private land\n\nWhat you can do next: Ask the owner"


def test_a_no_whose_words_say_it_all_has_both_halves_too(officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    complete(case, officer, "No. You can appeal", Outcome.DECIDED_NO)
    (line,) = lines(case, "resolved")
    assert line.data["reason"] == line.data["next_step"] == "No. You can appeal"
