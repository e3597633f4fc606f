"""Somebody else told us already: linked, told each step in their own message, and taken back."""

from __future__ import annotations

import pytest

from accounts.permissions import Viewer
from core.models import Outbox
from enquiries.actions import links, referrals, replies, resolutions
from enquiries.lifecycle import Outcome
from enquiries.models import Referral
from enquiries.queries import links as standing
from enquiries.queries import tracking
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


def test_who_reported_what_somebody_had_reported_is_told_so_and_hears_each_step(
    world: World, agent: Viewer, officer: Viewer
) -> None:
    first, second = two(SAM)
    link(second, first, agent)
    second.refresh_from_db()
    assert (second.status, second.outcome) == ("resolved", "duplicate")

    said = {"reference": first.reference, "viewer": agent, "now": LATER}
    replies.reply(words="The lorry broke down.", **said)  # type: ignore[arg-type]
    resolutions.resolve(outcome=Outcome.COMPLETED, words="Emptied today.", **said)  # type: ignore[arg-type]
    resolutions.reopen(words="Wrong street", **said)  # type: ignore[arg-type]
    resolutions.resolve(outcome=Outcome.COMPLETED, words="Now it is.", **said)  # type: ignore[arg-type]

    news = Notification.objects.filter(about=second.reference, event="followed").order_by("pk")
    assert told(second) == ["received", "linked", *["followed"] * 4]
    assert {message.to for message in news} == {"sam@example.com"}
    for message, words in zip(
        news, ["The lorry broke down.", "Emptied today.", "opened again", "Now it is."], strict=True
    ):
        assert words in message.body
        assert f"/track/{second.reference}/{second.secret}/" in message.body
        # What opens a page is drawn, and may spell any short name.
        shown = (message.body + message.subject).replace(second.secret, "")
        for theirs in (first.reference, first.secret, "Jo", "jo@example.com", first.description):
            assert theirs not in shown


def test_words_that_name_somebody_reach_only_them(world: World, agent: Viewer) -> None:
    first, second = two(SAM)
    link(second, first, agent)
    for words in ("Dear Ms Bloggs, we will ring you.", "We wrote to JO@example.com."):
        replies.reply(reference=first.reference, viewer=agent, words=words, now=LATER)
    for message in Notification.objects.filter(event="followed"):
        assert "There is news." in message.body
        assert "Bloggs" not in message.body
        assert "example.com" not in message.body
    assert Notification.objects.filter(event="followed").count() == 2


def test_those_who_follow_a_merged_report_hear_what_becomes_of_its_end(
    world: World, agent: Viewer
) -> None:
    first, second = two()
    follower = report(SAM, minutes=20)
    link(follower, second, agent)
    merge(second, first, agent)
    resolutions.resolve(
        reference=first.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=LATER,
    )
    assert told(follower) == ["received", "linked", "followed"]
    assert told(first) == ["received", "resolved"]
    assert told(second) == ["received", "merged"]  # one person, told once


def test_one_who_reported_twice_hears_it_once(world: World, agent: Viewer) -> None:
    first, second = two(SAM)
    third = report(SAM, minutes=20)
    link(second, first, agent)
    link(third, first, agent)
    replies.reply(reference=first.reference, viewer=agent, words="Soon.", now=LATER)
    assert Notification.objects.filter(event="followed").count() == 1


def test_who_is_unlinked_hears_no_more_and_goes_on(world: World, agent: Viewer) -> None:
    first, second = two(SAM)
    before = state(second)
    link(second, first, agent)
    links.unlink(reference=second.reference, viewer=agent, now=LATER)
    replies.reply(reference=first.reference, viewer=agent, words="Soon.", now=LATER)
    assert told(second) == ["received", "linked", "parted"]
    after = state(second)
    assert (after["status"], after["offers"]) == (before["status"], before["offers"])
    assert "Wychavon District Council will deal with it" in (
        Notification.objects.get(event="parted").body
    )


def test_a_link_to_a_linked_one_is_refused_with_where_it_goes_on(
    world: World, agent: Viewer
) -> None:
    first, second = two(SAM)
    third = report(NOBODY, minutes=20)
    link(second, first, agent)
    with pytest.raises(links.NotTogether, match=f"linked to {first.reference}"):
        link(third, second, agent)


def test_who_withdraws_withdraws_nobody_elses(world: World, agent: Viewer) -> None:
    first, second = two(SAM)
    link(second, first, agent)
    resolutions.resolve(
        reference=first.reference,
        viewer=agent,
        outcome=Outcome.WITHDRAWN,
        words="You took it back.",
        now=LATER,
    )
    assert Outbox.objects.filter(task="enquiries.part_followers").count() == 1
    for _twice in range(2):
        links.part_followers(target_id=first.pk, now=LATER)
    second.refresh_from_db()
    assert second.status == "referred"
    assert "followed" not in told(second)
    assert told(second)[-1] == "parted"


def test_the_follower_sees_on_their_page_what_becomes_of_it_and_nothing_of_the_other(
    world: World, agent: Viewer, officer: Viewer
) -> None:
    first, second = two(SAM)
    link(second, first, agent)
    referral = Referral.objects.get(enquiry=first)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=LATER)

    page = tracking.track(second.reference, second.secret, now=LATER)
    assert page is not None
    assert page.told_before == "other"
    assert (page.status_words, page.is_done) == ("In progress", False)
    assert page.owner == "Wychavon District Council"
    assert str(page.promised_on) == "2026-11-19"
    assert "Somebody told us about this already" in page.steps[-1].words
    assert first.reference not in repr(page)
    assert first.secret not in repr(page)


def test_a_follower_for_whom_it_is_not_done_goes_on_by_themselves(
    world: World, agent: Viewer
) -> None:
    first, second = two(SAM)
    link(second, first, agent)
    say(second, "repeat", "Still there", SAM)
    second.refresh_from_db()
    assert second.status == "resolved"  # it is in hand: nothing new to do

    resolutions.resolve(
        reference=first.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=LATER,
    )
    say(second, "repeat", "Not ours", SAM)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.status, first.status) == ("open", "resolved")
    assert types(second)[-2:] == ["unlinked", "reopened"]
    assert standing.ending(second.pk) is None
