"""Reports that belong together: merged, linked, split and following, and each taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Viewer
from core.models import Outbox
from enquiries import intake
from enquiries.actions import links, referrals, replies, resolutions, splits, triage
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import LinkKind, NotNow, Outcome
from enquiries.models import Clock, ContactItem, Enquiry, EnquiryEvent, EnquiryLink, Referral
from enquiries.queries import alike, desk, tracking
from enquiries.queries import links as standing
from enquiries.queries.access import NoSuchCase
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
JO = Sender(name="Jo Bloggs", email="jo@example.com")
SAM = Sender(name="Sam Stone", email="sam@example.com", phone="07700 900123")
NOBODY = Sender()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands at the tests' own day, so that nothing here is old news."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def report(sender: Sender = JO, *, minutes: int = 0, **more: object) -> Enquiry:
    """A report of the same missed bin."""
    return enquiry_of(ask(sender=sender, at=NOW + timedelta(minutes=minutes), **more))  # type: ignore[arg-type]


def two(second: Sender = JO) -> tuple[Enquiry, Enquiry]:
    """One person's report, and a second one of the same thing."""
    return report(), report(second, minutes=10, words="It is still there, and it smells")


def merge(report: Enquiry, into: Enquiry, agent: Viewer, now: datetime = LATER) -> str:
    return links.merge(reference=report.reference, into=into.reference, viewer=agent, now=now)


def link(report: Enquiry, to: Enquiry, agent: Viewer, now: datetime = LATER) -> str:
    return links.link_duplicate(reference=report.reference, to=to.reference, viewer=agent, now=now)


def types(enquiry: Enquiry) -> list[str]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    return [row.type.removeprefix("enquiry.") for row in rows]


def told(enquiry: Enquiry) -> list[str]:
    rows = Notification.objects.filter(about=enquiry.reference).exclude(event="offered")
    return list(rows.order_by("pk").values_list("event", flat=True))


def state(enquiry: Enquiry) -> dict[str, object]:
    """Everything of an enquiry that a merge must leave, or bring back."""
    enquiry.refresh_from_db()
    names = [field.attname for field in Enquiry._meta.concrete_fields]
    kept = {name: getattr(enquiry, name) for name in names}
    for name in ("version", "reopened_count"):
        del kept[name]
    kept["offers"] = sorted(
        enquiry.referrals.filter(status__in=["offered", "accepted"]).values_list(
            "organisation__slug", flat=True
        )
    )
    kept["clocks"] = sorted(
        Clock.objects.filter(enquiry=enquiry, referral=None).values_list(
            "kind", "state", "due_at", "stopped_at"
        )
    )
    return kept


# -- merge --------------------------------------------------------------------------------------


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
        from enquiries.actions import assignments

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


# -- link ---------------------------------------------------------------------------------------


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
        for theirs in (first.reference, first.secret, "Jo", "jo@example.com", first.description):
            assert theirs not in message.body + message.subject


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


def say(enquiry: Enquiry, kind: str, words: str, sender: Sender = JO, **more: object) -> Enquiry:
    """A later contact about an enquiry."""
    received = intake.receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id=f"{kind}-{words}-{ContactItem.objects.count()}",
            received_at=LATER,
            needs=(Need(words, kind=kind, about=enquiry.reference, **more),),  # type: ignore[arg-type]
            sender=sender,
        ),
        now=LATER,
    )
    return enquiry_of(received)


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


# -- split --------------------------------------------------------------------------------------


def split(enquiry: Enquiry, agent: Viewer, words: str = "And a pothole") -> Enquiry:
    reference = splits.split(
        reference=enquiry.reference, viewer=agent, description=words, service="pothole", now=LATER
    )
    return Enquiry.objects.get(reference=reference)


def test_a_second_need_becomes_an_enquiry_of_its_own(world: World, agent: Viewer) -> None:
    first = report()
    new = split(first, agent)
    assert new.first_contact == first.first_contact
    assert new.person == first.person
    assert (new.postcode, new.received_at) == (first.postcode, first.received_at)
    assert new.promised_on != first.promised_on
    assert ContactItem.objects.get(enquiry=new).kind == "new"
    assert EnquiryLink.objects.get().kind == LinkKind.SPLIT.value
    assert types(new) == ["received", "promise_set", "split_from"]
    assert types(first)[-1] == "split_off"

    run_outbox()
    new.refresh_from_db()
    assert new.owner == world.organisations["worcestershire-county"]
    assert told(new) == ["received"]


def test_splitting_twice_with_the_same_words_is_one_split(world: World, agent: Viewer) -> None:
    first = report()
    assert split(first, agent) == split(first, agent)
    assert split(first, agent, "And a lamp") != split(first, agent)
    assert Enquiry.objects.count() == 3


def test_a_late_split_promises_no_day_that_has_gone_by(world: World, agent: Viewer) -> None:
    first = report()
    month = LATER + timedelta(days=40)
    reference = splits.split(
        reference=first.reference,
        viewer=agent,
        description="And a pothole",
        service="pothole",
        now=month,
    )
    new = Enquiry.objects.get(reference=reference)
    assert new.promised_on is not None
    assert new.promised_on > month.date()


def test_a_split_is_taken_back_by_merging(world: World, agent: Viewer) -> None:
    first = report()
    new = split(first, agent)
    triage.triage(enquiry_id=new.pk, now=LATER)
    assert merge(new, first, agent) == first.reference


def test_an_ended_enquiry_is_not_split(world: World, agent: Viewer) -> None:
    first = report()
    resolutions.resolve(
        reference=first.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=LATER,
    )
    with pytest.raises(NotNow):
        split(first, agent)
    with pytest.raises(splits.NothingToSplit):
        split(first, agent, "  ")


# -- what may be the same -----------------------------------------------------------------------


def test_what_may_be_the_same_is_found_the_same_persons_first(world: World, agent: Viewer) -> None:
    first = report()
    others = report(SAM, minutes=1)
    nobodys = report(NOBODY, minutes=2)
    second = report(minutes=3)
    report(minutes=4, service="pothole")
    report(minutes=5, postcode="WR1 3EZ")

    found = alike.alike(agent, second)
    assert [(row.reference, row.whose, row.came_first) for row in found] == [
        (first.reference, "same", True),
        (nobodys.reference, "unknown", True),
        (others.reference, "other", True),
    ]
    assert found[0].where == "The same postcode"


def test_places_up_to_fifty_metres_apart_are_one(world: World, agent: Viewer) -> None:
    first, near, far = report(), report(SAM, minutes=1), report(SAM, minutes=2)
    for row, east, north in ((near, 30, 40), (far, 31, 40)):
        row.postcode, row.easting, row.northing = "WR11 9ZZ", 403500 + east, 243900 + north
        row.save()
    found = alike.alike(agent, first)
    assert [(row.reference, row.where) for row in found] == [(near.reference, "50 metres away")]
    Enquiry.objects.filter(pk=first.pk).update(uprn="100")
    Enquiry.objects.filter(pk=near.pk).update(uprn="200")
    first.refresh_from_db()
    assert alike.alike(agent, first) == ()


def test_what_came_after_the_window_is_not_suggested(world: World, agent: Viewer) -> None:
    first = report()
    inside, outside = report(minutes=14 * 24 * 60 - 1), report(minutes=14 * 24 * 60 + 1)
    assert [row.reference for row in alike.alike(agent, first)] == [inside.reference]
    assert first.reference not in [row.reference for row in alike.alike(agent, outside)]


def test_suggesting_and_showing_cost_the_same_however_many_there_are(
    world: World, agent: Viewer
) -> None:
    first, second = report(), report(minutes=1)

    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            case = desk.case(agent, first.reference, now=LATER)
            assert case.alike
            assert case.ties
        return len(seen)

    merge(second, first, agent)
    report(SAM, minutes=2)
    few = counted()
    for minutes in range(3, 12):
        extra = report(minutes=minutes)
        if minutes % 2:
            merge(extra, first, agent)
    assert counted() == few


# -- following ----------------------------------------------------------------------------------


def close(enquiry: Enquiry, agent: Viewer) -> None:
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=LATER,
    )
    resolutions.close_due(now=LATER + timedelta(days=40))


@pytest.mark.parametrize(
    ("kind", "ended", "becomes"),
    [
        ("repeat", "resolved", "reopened"),
        ("repeat", "closed", "follows"),
        ("thanks", "resolved", "nothing"),
        ("thanks", "closed", "nothing"),
        ("new_information", "resolved", "nothing"),
        ("chase", "closed", "nothing"),
    ],
)
def test_what_an_ended_enquiry_becomes_when_they_come_back(
    world: World, agent: Viewer, kind: str, ended: str, becomes: str
) -> None:
    first = report()
    close(first, agent)
    if ended == "resolved":
        Enquiry.objects.filter(pk=first.pk).update(status="resolved", closed_at=None)
    say(first, kind, "About the bin")

    first.refresh_from_db()
    assert first.status == ("open" if becomes == "reopened" else ended)
    assert Enquiry.objects.count() == (2 if becomes == "follows" else 1)
    if becomes == "follows":
        new = Enquiry.objects.latest("pk")
        assert types(new)[:3] == ["received", "promise_set", "follows"]
        tie = EnquiryLink.objects.get()
        assert (tie.kind, tie.enquiry, tie.target) == ("follows", new, first)
        line = EnquiryEvent.objects.get(type="enquiry.follows")
        assert line.data == {"target": first.pk, "reference": first.reference}
