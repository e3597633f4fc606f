""" "It is this one": one contact, one reference, told what comes of it, counted as a duplicate."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.permissions import SYSTEM_VIEWER
from enquiries import joining
from enquiries.actions import links, replies, resolutions
from enquiries.lifecycle import LinkKind, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent, EnquiryLink
from enquiries.queries import tracking
from notifications.models import Notification
from tests.nearby.steps import contact, has_ended, join, report, row, verdict
from tests.outbox import run_outbox
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small world's Tuesday is now: what is history is told to nobody."""
    monkeypatch.setattr("enquiries.actions.telling._is_history", lambda now: False)


def told(enquiry: Enquiry) -> list[str]:
    rows = Notification.objects.filter(about=enquiry.reference).order_by("pk")
    return list(rows.values_list("event", flat=True))


def done(target: Enquiry, *, hours: int = 1) -> None:
    resolutions.resolve(
        reference=target.reference,
        viewer=SYSTEM_VIEWER,
        outcome=Outcome.COMPLETED,
        words="Filled",
        now=NOW + timedelta(hours=hours),
    )


@pytest.mark.django_db
def test_they_hear_that_we_know_and_that_it_was_done(world: World) -> None:
    target = report()
    mine, joined = join(target)
    run_outbox()
    assert joined
    assert told(mine) == ["linked"]
    done(target)
    run_outbox()
    assert told(mine) == ["linked", "followed"]
    news = Notification.objects.get(about=mine.reference, event="followed")
    assert news.to == "sam@example.com"
    for private in (target.reference, target.secret, "Marlow"):
        assert private not in news.body


@pytest.mark.django_db
def test_both_ledgers_say_it_and_it_counts_as_a_duplicate(world: World) -> None:
    target = report()
    mine, _ = join(target)
    kinds = set(EnquiryEvent.objects.filter(enquiry=target).values_list("type", flat=True))
    assert "enquiry.also_reported" in kinds
    assert EnquiryLink.objects.get().kind == LinkKind.DUPLICATE
    done(target)
    assert verdict(mine) == ("excluded", "duplicate")
    assert verdict(target)[0] != "excluded"


@pytest.mark.django_db
def test_nobody_learns_by_giving_an_address_whose_report_it_was(world: World) -> None:
    target = report()
    replies.ask(reference=target.reference, viewer=SYSTEM_VIEWER, question="Which lane?", now=NOW)
    mine, joined = join(target, email="jo.marlow@example.com")
    assert joined
    assert EnquiryLink.objects.get().kind == LinkKind.DUPLICATE
    page = tracking.by_link(mine.reference, mine.secret, now=NOW)
    assert page is not None
    assert page.told_before == "other"
    assert page.question == ""
    stranger, _ = join(target, email="kim@example.com")
    other = tracking.by_link(stranger.reference, stranger.secret, now=NOW)
    assert other is not None
    assert [one.words for one in page.steps] == [one.words for one in other.steps]


@pytest.mark.django_db
def test_one_that_was_joined_itself_leads_to_where_it_is_dealt_with(world: World) -> None:
    target = report()
    second, _ = join(target)
    third, joined = join(second, email="kim@example.com")
    assert joined
    assert EnquiryLink.objects.get(enquiry=third).target_id == target.pk


@pytest.mark.django_db
def test_one_that_ended_leaves_theirs_to_go_on(world: World) -> None:
    target = report()
    done(target)
    mine, joined = join(target)
    assert not joined
    assert mine.status == Status.NEW
    run_outbox()
    mine.refresh_from_db()
    assert mine.status not in (Status.NEW, Status.RESOLVED)
    assert "received" in told(mine)


@pytest.mark.django_db
def test_taken_apart_by_staff_it_goes_on_by_itself(world: World) -> None:
    target = report()
    mine, _ = join(target)
    links.unlink(reference=mine.reference, viewer=SYSTEM_VIEWER, now=NOW + timedelta(hours=1))
    mine.refresh_from_db()
    assert mine.status == Status.OPEN


@pytest.mark.django_db
def test_the_same_key_again_is_the_same_report(world: World) -> None:
    target = report()
    first = joining.join(contact(key="k", email="s@example.com"), target_id=target.pk, now=NOW)
    again = joining.join(contact(key="k", email="s@example.com"), target_id=target.pk, now=NOW)
    assert again.replayed
    assert row(first) == row(again)
    assert EnquiryLink.objects.count() == 1


def _at_once(*works: Any) -> list[Any]:
    """Runs each in a thread with a connection of its own; what came of each, or its error."""
    gate, found = threading.Barrier(len(works)), list[Any]([None] * len(works))

    def run(number: int) -> None:
        gate.wait(timeout=20)
        try:
            found[number] = works[number]()
        except Exception as error:  # the test looks at it
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
def test_ten_join_at_once_while_it_is_done(transactional_db: None) -> None:
    from tests.world import build

    build()
    target = report()

    def joins(number: int) -> Any:
        said = contact(key=f"race-{number}", email=f"n{number}@example.com", words="Same")
        return lambda: joining.join(said, target_id=target.pk, now=NOW)

    found = _at_once(*(joins(number) for number in range(10)), lambda: done(target))
    assert [one for one in found if isinstance(one, Exception)] == []
    joined = [one for one in found if one is not None and has_ended(one)]
    linked = EnquiryLink.objects.filter(target=target).count()
    assert linked == len(joined)
    # Whoever was too late is taken as any report; nobody is lost, nobody is in both.
    assert Enquiry.objects.count() == 11
    assert Enquiry.objects.filter(status=Status.NEW).count() == 10 - len(joined)


@pytest.mark.django_db(transaction=True)
def test_one_key_pressed_by_five_fingers_is_one_report(transactional_db: None) -> None:
    from tests.world import build

    build()
    target = report()
    said = contact(key="double", email="s@example.com")
    found = _at_once(*[lambda: joining.join(said, target_id=target.pk, now=NOW)] * 5)
    assert [one for one in found if isinstance(one, Exception)] == []
    assert len({one.enquiries[0].reference for one in found}) == 1
    assert Enquiry.objects.count() == 2


@pytest.mark.django_db
def test_who_joined_by_a_press_reads_no_words_that_staff_wrote_to_another(world: World) -> None:
    target = report()
    mine, _ = join(target)
    run_outbox()
    replies.reply(
        reference=target.reference,
        viewer=SYSTEM_VIEWER,
        words="We ring your mother at noon",
        now=NOW,
    )
    resolutions.resolve(
        reference=target.reference,
        viewer=SYSTEM_VIEWER,
        outcome=Outcome.COMPLETED,
        words="The wheelchair gets past again",
        now=NOW + timedelta(hours=1),
    )
    run_outbox()
    bodies = [one.body for one in Notification.objects.filter(about=mine.reference)]
    assert len(bodies) == 3
    assert [one for one in bodies if "mother" in one or "wheelchair" in one] == []
    page = tracking.by_link(mine.reference, mine.secret, now=NOW + timedelta(hours=1))
    assert page is not None
    assert page.is_done
    assert page.public_words == ""
