"""Of several parts one comes back: what the others have done is kept, and the hub settles it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Viewer
from enquiries.actions import referrals, resolutions
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.models import Enquiry
from tests.desk.steps import act, text
from tests.referrals.steps import (
    LATER,
    accept,
    complete,
    give_back,
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
both_orders = pytest.mark.parametrize("rejected_first", [True, False])


@pytest.fixture
def shared(agent: Viewer, officer: Viewer, constable: Viewer) -> Enquiry:
    """Wychavon is at work, and the police were asked beside it."""
    case = new_case()
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, officer)
    return case


def in_order(rejected_first: bool, *steps: Callable[[], None]) -> None:
    """A rejection and what others do, in this order or the other way round."""
    for step in steps if rejected_first else reversed(steps):
        step()


@both_orders
def test_a_rejected_part_is_the_hubs_to_settle_and_the_done_one_is_kept(
    shared: Enquiry,
    officer: Viewer,
    constable: Viewer,
    agent: Viewer,
    outsider: Viewer,
    rejected_first: bool,
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable, "worcester-city", words="Ask the city"),
        lambda: complete(shared, officer, "Upright"),
    )
    after = now_of(shared)
    assert (after.status, owner_of(after), after.disputed_at) == ("open", "hub", None)
    for shown in (
        "Done and kept: Wychavon District Council", "West Mercia Police",
        "Another organisation does this", "uggest Worcester City Council", "Ask the city",
    ):  # fmt: skip
        assert shown in after.routing_reason
    assert told("resolved") == []
    assert [mail.to for mail in told("part_left")] == ["team@hub.demo"]

    # The hub follows the suggestion, and the citizen gets one answer of both.
    send(shared, "worcester-city", agent)
    accept(shared, outsider)
    complete(shared, outsider, "Swept")
    assert len(told("resolved")) == 1
    assert now_of(shared).public_words == (
        "Wychavon District Council: Upright\n\nWorcester City Council: Swept"
    )


@both_orders
@pytest.mark.parametrize("reason", [one for one in RejectReason if one != "already_done"])
def test_only_what_has_been_done_already_needs_nobody_else(
    shared: Enquiry, officer: Viewer, constable: Viewer, reason: RejectReason, rejected_first: bool
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable, reason=reason),
        lambda: complete(shared, officer, "Upright"),
    )
    assert (now_of(shared).status, told("resolved")) == ("open", [])


@both_orders
def test_what_has_been_done_already_lets_the_others_answer(
    shared: Enquiry, officer: Viewer, constable: Viewer, rejected_first: bool
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable, reason=RejectReason.ALREADY_DONE),
        lambda: complete(shared, officer, "Upright"),
    )
    assert (now_of(shared).status, now_of(shared).public_words) == ("resolved", "Upright")
    (mail,) = told("resolved")
    assert "Upright" in mail.body
    assert "Police" not in mail.body


@both_orders
def test_two_rejected_parts_go_to_the_duty_managers(
    shared: Enquiry,
    officer: Viewer,
    constable: Viewer,
    outsider: Viewer,
    agent: Viewer,
    rejected_first: bool,
) -> None:
    send(shared, "worcester-city", agent, alongside=True)

    def rejected() -> None:
        reject(shared, constable)
        reject(shared, outsider)

    in_order(rejected_first, rejected, lambda: complete(shared, officer, "Upright"))
    after = now_of(shared)
    assert (after.status, after.disputed_at) == ("open", LATER)
    assert after.routing_reason.startswith("Done and kept: Wychavon District Council. Nobody says")
    assert types(shared).count("disputed") == 1


@both_orders
def test_what_was_rejected_long_ago_begins_no_dispute_when_another_part_comes_back(
    officer: Viewer, constable: Viewer, outsider: Viewer, agent: Viewer, rejected_first: bool
) -> None:
    case = new_case()
    reject(case, officer, "worcester-city")
    send(case, "worcester-city", agent)
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, outsider)
    in_order(
        rejected_first,
        lambda: give_back(case, constable),
        lambda: complete(case, outsider, "Swept"),
    )
    after = now_of(case)
    assert (after.status, owner_of(after), after.disputed_at) == ("open", "hub", None)


@both_orders
def test_the_rules_send_it_on_where_they_name_the_same_organisation(
    agent: Viewer, constable: Viewer, outsider: Viewer, officer: Viewer, rejected_first: bool
) -> None:
    case = new_case()
    send(case, "worcester-city", agent)
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, outsider)
    in_order(
        rejected_first,
        lambda: reject(case, constable, "wychavon"),
        lambda: complete(case, outsider, "Swept"),
    )
    assert (now_of(case).status, owner_of(case)) == ("referred", "wychavon")
    accept(case, officer)
    complete(case, officer, "Upright")
    assert now_of(case).public_words == (
        "Wychavon District Council: Upright\n\nWorcester City Council: Swept"
    )


@both_orders
def test_nobody_is_sent_again_by_the_rules_what_they_have_done(
    shared: Enquiry, officer: Viewer, constable: Viewer, rejected_first: bool
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable, "wychavon"),
        lambda: complete(shared, officer, "Upright"),
    )
    assert (now_of(shared).status, owner_of(shared)) == ("open", "hub")


@both_orders
def test_the_hub_answers_once_itself(
    shared: Enquiry, officer: Viewer, constable: Viewer, agent: Viewer, rejected_first: bool
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable),
        lambda: complete(shared, officer, "Upright"),
    )
    resolutions.resolve(
        reference=shared.reference, viewer=agent, outcome=Outcome.COMPLETED,
        words="It stands again. Nobody saw who did it", now=LATER,
    )  # fmt: skip
    assert now_of(shared).public_words == "It stands again. Nobody saw who did it"
    assert len(told("resolved")) == 1


def test_what_the_hub_takes_back_itself_leaves_what_was_rejected_with_it(
    shared: Enquiry, constable: Viewer, agent: Viewer
) -> None:
    reject(shared, constable, "worcester-city")
    referrals.withdraw(
        public_id=with_(shared, "wychavon").public_id, viewer=agent, words="Wait", now=LATER
    )
    assert (now_of(shared).status, owner_of(shared)) == ("open", "hub")


@both_orders
def test_the_hubs_page_shows_what_is_kept_and_whom_they_suggest(
    shared: Enquiry,
    officer: Viewer,
    constable: Viewer,
    world: World,
    client_for: Callable[[User], Client],
    rejected_first: bool,
) -> None:
    in_order(
        rejected_first,
        lambda: reject(shared, constable, "worcester-city"),
        lambda: complete(shared, officer, "Upright"),
    )
    client, page = client_for(world.agent), f"/desk/cases/{shared.reference}/"
    shown = text(client.get(page))
    for words in (
        "Done and kept: Wychavon District Council", "Upright", "Send to Worcester City Council",
    ):  # fmt: skip
        assert words in shown
    rejected = with_(shared, "west-mercia-police").public_id
    act(client, f"{page}referrals/{rejected}/", "send")
    assert owner_of(shared) == "worcester-city"
