"""Two needs in one report; and what comes after a report that was closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.permissions import Viewer
from enquiries.actions import resolutions, splits, triage
from enquiries.lifecycle import LinkKind, NotNow, Outcome
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, EnquiryLink
from tests.enquiries.reports import LATER, merge, report, say, told, types
from tests.outbox import run_outbox
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands at the tests' own day, so that nothing here is old news."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


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
