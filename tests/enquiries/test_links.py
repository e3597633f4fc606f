"""One person told us twice: merged into the first report, and taken back exactly."""

from __future__ import annotations

import pytest

from accounts.permissions import Viewer
from enquiries.actions import assignments, links, referrals, resolutions
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Clock, ContactItem, Enquiry, EnquiryEvent, EnquiryLink, Referral
from enquiries.queries import desk
from enquiries.queries.access import NoSuchCase
from notifications.models import Notification
from tests.enquiries.reports import (
    LATER,
    NOBODY,
    SAM,
    link,
    merge,
    report,
    say,
    state,
    told,
    two,
    types,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands at the tests' own day, so that nothing here is old news."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def test_the_second_report_of_one_person_ends_in_the_first(world: World, agent: Viewer) -> None:
    first, second = two()
    assert merge(second, first, agent) == first.reference

    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.status, second.outcome) == ("resolved", "duplicate")
    assert first.status == "referred"
    assert types(second)[-2:] == ["offer_withdrawn", "duplicate_of"]
    assert types(first)[-1] == "merged_in"
    line = EnquiryEvent.objects.get(type="enquiry.duplicate_of")
    assert (line.data["target"], line.data["outcome"]) == (first.pk, "duplicate")
    assert Referral.objects.get(enquiry=second).status == "withdrawn"
    assert Referral.objects.get(enquiry=first).status == "offered"
    assert set(Clock.objects.filter(enquiry=second).values_list("state", flat=True)) == {"void"}


def test_the_citizen_is_told_once_with_the_reference_that_goes_on(
    world: World, agent: Viewer
) -> None:
    first, second = two()
    for _twice in range(2):
        merge(second, first, agent)

    assert told(second) == ["received", "merged"]
    assert told(first) == ["received"]
    message = Notification.objects.get(event="merged")
    assert first.reference in message.body
    assert second.reference in message.subject
    assert "Thursday 19 November" in message.body
    assert EnquiryLink.objects.count() == 1


def test_what_was_said_then_is_read_on_the_page_of_the_first(world: World, agent: Viewer) -> None:
    first, second = two()
    merge(second, first, agent)
    case = desk.case(agent, first.reference, now=LATER)
    assert [touch.words for touch in case.touches] == [
        "My bin was not emptied on Monday",
        "It is still there, and it smells",
    ]


def test_what_is_said_about_a_merged_report_is_said_about_the_one_that_goes_on(
    world: World, agent: Viewer
) -> None:
    first, second = two()
    merge(second, first, agent)
    say(second, "new_information", "It is the green one")

    item = ContactItem.objects.latest("pk")
    assert (item.enquiry, item.kind) == (first, "new_information")
    assert types(first)[-1] == "contacted"


def test_a_merge_into_what_was_merged_goes_to_its_end(world: World, agent: Viewer) -> None:
    first, second = two()
    third = report(minutes=20)
    merge(second, first, agent)
    assert merge(third, second, agent) == first.reference
    assert EnquiryLink.objects.get(enquiry=third).target == first


def test_there_are_no_rings(world: World, agent: Viewer) -> None:
    first, second = two()
    with pytest.raises(links.NotTogether, match="this enquiry itself"):
        merge(first, first, agent)
    with pytest.raises(links.NotTogether, match="came first"):
        merge(first, second, agent)
    merge(second, first, agent)
    with pytest.raises(links.NotTogether, match="merged into this one already"):
        merge(first, second, agent)
    with pytest.raises(links.NotTogether, match="merged into this one already"):
        link(first, second, agent)


def test_what_was_joined_once_is_not_joined_elsewhere(world: World, agent: Viewer) -> None:
    first, second = two()
    other = report(minutes=5)
    merge(second, first, agent)
    with pytest.raises(links.NotTogether, match=f"joined to {first.reference} already"):
        merge(second, other, agent)


def test_two_peoples_reports_are_linked_not_merged(world: World, agent: Viewer) -> None:
    first, second = two(SAM)
    with pytest.raises(links.NotTogether, match="different people"):
        merge(second, first, agent)
    again = report(minutes=20)
    with pytest.raises(links.NotTogether, match="same person"):
        link(again, first, agent)


def test_where_one_is_unknown_the_agent_says_which_it_is(world: World, agent: Viewer) -> None:
    first, second = two(NOBODY)
    assert merge(second, first, agent) == first.reference
    assert told(second) == []


def test_what_has_ended_is_not_joined_and_nothing_is_joined_to_it(
    world: World, agent: Viewer
) -> None:
    first, second = two()
    done = {"viewer": agent, "outcome": Outcome.COMPLETED, "words": "Emptied.", "now": LATER}
    resolutions.resolve(reference=first.reference, **done)  # type: ignore[arg-type]
    with pytest.raises(links.NotTogether, match="open it again first"):
        merge(second, first, agent)
    resolutions.resolve(reference=second.reference, **done)  # type: ignore[arg-type]
    with pytest.raises(NotNow, match="has ended"):
        merge(second, first, agent)
    assert not EnquiryLink.objects.exists()


def test_nobody_else_merges(world: World, officer: Viewer, manager: Viewer) -> None:
    first, second = two()
    with pytest.raises(NoSuchCase):
        merge(second, first, officer)


# -- unmerge ------------------------------------------------------------------------------------


def test_joining_ends_the_later_whichever_is_named_first(world: World, agent: Viewer) -> None:
    first, second = two()
    theirs = report(SAM, minutes=20)
    same = {"same_person": True, "viewer": agent, "now": LATER}
    assert (
        links.join(reference=first.reference, other=second.reference, **same)  # type: ignore[arg-type]
        == first.reference
    )
    other = {**same, "same_person": False}
    assert (
        links.join(reference=theirs.reference, other=second.reference, **other)  # type: ignore[arg-type]
        == first.reference
    )
    with pytest.raises(links.NotTogether, match="one already"):
        links.join(reference=first.reference, other=second.reference, **same)  # type: ignore[arg-type]
    with pytest.raises(links.NotTogether, match="no enquiry with that reference"):
        links.join(reference=first.reference, other="WH2-3456-78", **same)  # type: ignore[arg-type]
    links.part(reference=theirs.reference, viewer=agent, now=LATER)
    links.part(reference=second.reference, viewer=agent, now=LATER)
    assert not EnquiryLink.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("where", ["offered", "accepted", "waiting", "hub", "in hand"])
def test_undoing_a_merge_brings_back_what_was(
    world: World, agent: Viewer, officer: Viewer, where: str
) -> None:
    first, second = two()
    _bring(second, where, world, agent, officer)
    before = state(second)
    merge(second, first, agent)
    words = links.unmerge(reference=second.reference, viewer=agent, now=LATER)

    after = state(second)
    assert "unmerged" in types(second)
    assert types(first)[-1] == "taken_out"
    assert EnquiryLink.objects.get().undone_by == "Asha Agent"
    if where == "accepted":
        # They are asked anew: what was taken back may be forgotten there.
        assert (before.pop("status"), after.pop("status")) == ("in_progress", "referred")
    for moved in ("routing_reason", "escalated_at"):
        before.pop(moved)
        after.pop(moved)
    assert after == before
    body = "Wychavon District Council"
    assert (
        words
        == {
            "offered": f"Offered to {body} again",
            "accepted": f"Offered to {body} again",
            "waiting": f"Offered to {body} again",
            "hub": "Open again, in the hub's queue",
            "in hand": "Open again, with Asha Agent",
        }[where]
    )
    assert "parted" in told(second)


def _bring(enquiry: Enquiry, where: str, world: World, agent: Viewer, officer: Viewer) -> None:
    if where in ("hub", "in hand"):
        referral = Referral.objects.get(enquiry=enquiry)
        referrals.give_back(
            public_id=referral.public_id, viewer=officer, question="Which bin?", now=LATER
        )
    if where == "in hand":
        assignments.take(reference=enquiry.reference, viewer=agent, now=LATER)
    if where in ("accepted", "waiting"):
        referral = Referral.objects.get(enquiry=enquiry)
        referrals.accept(public_id=referral.public_id, viewer=officer, now=LATER)
    if where == "waiting":
        referrals.ask(
            public_id=referral.public_id, viewer=officer, question="Which bin?", now=LATER
        )


def test_undoing_twice_changes_nothing_and_undoing_nothing_is_refused(
    world: World, agent: Viewer
) -> None:
    first, second = two()
    with pytest.raises(links.NotTogether, match="nothing to undo"):
        links.unmerge(reference=second.reference, viewer=agent, now=LATER)
    merge(second, first, agent)
    links.unmerge(reference=second.reference, viewer=agent, now=LATER)
    lines = types(second)
    assert links.unmerge(reference=second.reference, viewer=agent, now=LATER) == (
        "It was undone before"
    )
    assert types(second) == lines
    assert merge(second, first, agent) == first.reference  # and it can be done again
    assert told(second).count("merged") == 2


def test_a_merged_report_is_not_simply_opened_again(world: World, agent: Viewer) -> None:
    first, second = two()
    merge(second, first, agent)
    with pytest.raises(NotNow, match=f"goes on in {first.reference}"):
        resolutions.reopen(reference=second.reference, viewer=agent, words="No", now=LATER)
