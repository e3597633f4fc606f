"""Verdicts of reports that were merged, linked, split, or that follow; and of what was undone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

import customers.queries
import enquiries.queries.ledger as source
from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import links, merging, resolutions, splits
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry
from metrics import exports, one_stop, projection, reading, recount, ties
from metrics.one_stop import Judged
from tests.metrics.ledgers import HERE, Book, at
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=30)
JUDGED = NOW + timedelta(days=60)
SAM = Sender(name="Sam Stone", email="sam@example.com")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written now is recorded now."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def verdicts(as_of: datetime = JUDGED) -> dict[str, Judged]:
    return {one.enquiry: one for one in recount.as_of(as_of)}


def outcome(enquiry: Enquiry, as_of: datetime = JUDGED) -> tuple[str, str | None, list[str]]:
    found = verdicts(as_of)[str(enquiry.pk)]
    return found.verdict.kind.value, found.verdict.reason, [link.tier for link in found.links]


def two(second: Sender | None = None, **more: str) -> tuple[Enquiry, Enquiry]:
    """A report, and a day later one of the same service that no rule would link."""
    first = enquiry_of(ask(at=NOW))
    again = {"words": "Again", "postcode": "WR1 3EZ", **more}
    later = NOW + timedelta(days=1)
    return first, enquiry_of(ask(at=later, sender=second, **again))  # type: ignore[arg-type]


def done(enquiry: Enquiry, agent: Viewer, now: datetime = LATER) -> None:
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=now,
    )


@pytest.mark.parametrize("second", [None, Sender()], ids=["the same person", "somebody unknown"])
def test_a_merged_report_is_a_repeat_of_the_first_and_no_need_of_its_own(
    world: World, agent: Viewer, second: Sender | None
) -> None:
    first, again = two(second)
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=LATER)
    done(first, agent)

    assert outcome(again) == ("excluded", "same_need", [])
    assert outcome(first) == ("failure", "repetition", ["L1"])


def test_undoing_the_merge_takes_it_back_but_not_what_was_known_then(
    world: World, agent: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = two()
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=LATER)
    done(first, agent)
    undone = LATER + timedelta(days=30)  # long after both windows have closed (R32, R52)
    monkeypatch.setattr("django.utils.timezone.now", lambda: undone)
    links.unmerge(reference=again.reference, viewer=agent, now=undone)

    assert outcome(first, undone - timedelta(days=1)) == ("failure", "repetition", ["L1"])
    assert outcome(first) == ("success", None, [])
    assert outcome(again) == ("failure", "late", [])


def test_an_agents_no_wins_over_the_rule(world: World, agent: Viewer) -> None:
    first, again = two(postcode="WR11 3DA")
    assert outcome(again)[:2] == ("excluded", "same_need")  # L2: same person, service and place
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=LATER)
    links.unmerge(reference=again.reference, viewer=agent, now=LATER)
    done(again, agent)
    done(first, agent)

    assert outcome(again) == ("success", None, [])  # it counts as if it had never been merged
    assert outcome(first) == ("success", None, [])


def test_a_linked_report_is_duplicate_demand_until_the_link_is_undone(
    world: World, agent: Viewer
) -> None:
    first, theirs = two(SAM)
    links.link_duplicate(reference=theirs.reference, to=first.reference, viewer=agent, now=LATER)
    done(first, agent)
    assert outcome(theirs) == ("excluded", "duplicate", [])
    assert outcome(first) == ("success", None, [])

    links.unlink(reference=theirs.reference, viewer=agent, now=LATER)
    done(theirs, agent)
    assert outcome(theirs) == ("success", None, [])


def test_a_link_that_is_made_again_counts_again(world: World, agent: Viewer) -> None:
    first, theirs = two(SAM)
    for _twice in range(2):
        links.link_duplicate(
            reference=theirs.reference, to=first.reference, viewer=agent, now=LATER
        )
        before = outcome(theirs)
        links.unlink(reference=theirs.reference, viewer=agent, now=LATER)
        assert before == ("excluded", "duplicate", [])
        assert outcome(theirs)[:2] != before[:2]


def test_a_follower_for_whom_it_was_not_done_is_a_need_that_was_closed_too_early(
    world: World, agent: Viewer
) -> None:
    first, theirs = two(SAM)
    links.link_duplicate(reference=theirs.reference, to=first.reference, viewer=agent, now=LATER)
    done(first, agent)
    _say(theirs, "repeat", SAM, LATER)
    assert outcome(theirs)[:2] == ("failure", "repetition")
    assert outcome(first) == ("success", None, [])


def test_a_part_that_was_split_off_is_a_need_and_merged_back_it_is_none(
    world: World, agent: Viewer
) -> None:
    first = enquiry_of(ask(at=NOW))
    reference = splits.split(
        reference=first.reference,
        viewer=agent,
        description="And a pothole",
        service="pothole",
        now=LATER,
    )
    new = Enquiry.objects.get(reference=reference)
    assert verdicts()[str(new.pk)].verdict.kind != "excluded"
    assert outcome(new, JUDGED)[2] == []

    links.merge(reference=reference, into=first.reference, viewer=agent, now=LATER)
    done(first, agent)
    assert outcome(new) == ("excluded", "same_need", [])
    assert outcome(first) == ("success", None, [])  # nobody had to come back


def test_what_follows_a_closed_enquiry_is_judged_by_itself(world: World, agent: Viewer) -> None:
    first = enquiry_of(ask(at=NOW))
    done(first, agent)
    later = NOW + timedelta(days=30)
    resolutions.close_due(now=later)
    _say(first, "repeat", None, later)
    new = Enquiry.objects.latest("pk")

    assert outcome(first) == ("success", None, [])
    assert outcome(new, later + timedelta(days=60))[0] == "failure"
    known = ties.of(reading.read(_lines(new)))
    assert f"e:{first.pk}" in known[str(new.pk)]


def test_who_was_merged_into_somebody_is_known_by_their_addresses_too(
    world: World, agent: Viewer
) -> None:
    gone = enquiry_of(ask(sender=SAM, at=NOW)).first_contact.person
    other = Sender(name="Samuel Stone", phone="07700 900222")
    enquiry = enquiry_of(ask(sender=other, service="pothole", at=NOW))
    kept = enquiry.first_contact.person
    assert gone is not None
    assert kept is not None
    theirs = customers.queries.digests_of([gone.pk, kept.pk])
    merging.merge(viewer=agent, kept=kept.public_id, gone=gone.public_id, take=[],
                  why="One man, says his letter", now=LATER)  # fmt: skip

    about = Enquiry.objects.filter(first_contact__person=gone).values_list("pk", flat=True)
    known = {
        line["id"]: line["addresses"]
        for line in source.ledger(list(about))
        if line["type"] == "person"
    }

    assert known == {gone.pk: [], kept.pk: sorted(theirs[gone.pk] | theirs[kept.pk])}
    assert len(known[kept.pk]) == 2


def _say(enquiry: Enquiry, kind: str, sender: Sender | None, now: datetime) -> None:
    intake.receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id=f"{kind}-{now}",
            received_at=now,
            needs=(Need("Not done", kind=kind, about=enquiry.reference),),
            sender=sender or Sender(name="Jo Bloggs", email="jo@example.com"),
        ),
        now=now,
    )


def _lines(*found: Enquiry) -> list[source.Line]:
    return list(source.ledger([one.pk for one in found]))


@pytest.mark.django_db(transaction=True)
def test_the_export_says_what_was_joined_and_taken_back_and_nothing_else(
    world: World, agent: Viewer
) -> None:
    first, again = two()
    theirs = enquiry_of(ask(at=NOW + timedelta(hours=2), sender=SAM))
    links.merge(reference=again.reference, into=first.reference, viewer=agent, now=LATER)
    links.unmerge(reference=again.reference, viewer=agent, now=LATER)
    links.link_duplicate(reference=theirs.reference, to=first.reference, viewer=agent, now=LATER)

    projection.refresh(now=LATER)
    lines = [json.loads(line) for line in exports.stream()]
    ours = {row.pk: exports.pseudonym("enquiry", row.pk) for row in (first, again, theirs)}
    said = [
        (line["event"], line["enquiry"], line["target"])
        for line in lines
        if line["type"] == "event" and line.get("target")
    ]
    assert said == [
        ("duplicate_of", ours[again.pk], ours[first.pk]),
        ("unmerged", ours[again.pk], ours[first.pk]),
        ("duplicate_of", ours[theirs.pk], ours[first.pk]),
    ]
    ruled = [line for line in lines if line["type"] == "correction"]
    assert [(line["earlier"], line["linked"]) for line in ruled] == [
        (ours[first.pk], True),
        (ours[first.pk], False),
    ]
    items = {line["id"]: line["enquiry"] for line in lines if line["type"] == "item"}
    assert {items[line["item"]] for line in ruled} == {ours[again.pk]}
    names = {line["event"] for line in lines if line["type"] == "event"}
    assert names.isdisjoint({"merged_in", "also_reported", "taken_out"})
    text = "\n".join(json.dumps(line) for line in lines)
    for secret in ("WH", "Wychavon District Council again", "Asha", '"was"'):
        assert secret not in text


# -- the same, as somebody else's ledger would say it -------------------------------------------


def judge(book: Book) -> dict[str, Judged]:
    found = one_stop.judge(reading.read(book.lines), at("2026-09-01 10:00"))
    return {one.enquiry: one for one in found}


def neighbours() -> Book:
    book = Book().ask("z", "bin-missed", "2026-03-02 09:00", place=HERE)
    return book.ask("a", "bin-missed", "2026-03-02 10:00", place=HERE, person="b", address="h-b")


def test_who_says_that_two_reports_of_one_place_are_two_things_is_believed() -> None:
    book = neighbours()
    assert judge(book)["a"].verdict.reason == "duplicate"  # by R20
    book.event("a", "unlinked", "2026-08-02 11:00", target="z")
    assert judge(book)["a"].verdict.reason == "late"
    book.event("a", "duplicate_of", "2026-08-03 11:00", target="z")
    assert judge(book)["a"].verdict.reason == "duplicate"


def test_what_is_marked_after_the_window_changes_nothing() -> None:
    book = Book().ask("z", "bin-missed", "2026-03-02 09:00", place=HERE)
    book.ask("a", "bin-missed", "2026-03-02 10:00", person="b", address="h-b")
    assert judge(book)["a"].verdict.reason == "late"
    book.event("a", "duplicate_of", "2026-08-03 11:00", target="z")
    assert judge(book)["a"].verdict.reason == "late"


def test_a_report_made_while_the_first_was_being_told_is_one_need_and_no_recontact() -> None:
    book = Book().ask("z", "bin-missed", "2026-03-02 09:00", minutes=20)
    book.ask("a", "pothole", "2026-03-02 09:10").event("z", "completed", "2026-03-02 12:00")
    book.event("a", "duplicate_of", "2026-03-02 11:00", target="z")
    found = judge(book)
    assert (found["a"].verdict.kind, found["a"].verdict.reason) == ("excluded", "same_need")
    assert (found["z"].verdict.kind, found["z"].links) == ("success", ())
