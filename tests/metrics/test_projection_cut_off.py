"""A reading of the ledger that is cut off keeps what it has done; the next one goes on there."""

from __future__ import annotations

from datetime import timedelta

import pytest

import enquiries.queries.ledger as source
from accounts.permissions import SYSTEM_VIEWER
from enquiries.inbound import Sender
from metrics import projection, queries_sheets, rebuilding, recount
from metrics.models import Cursor, EnquiryFact
from metrics.queries import Chosen
from tests.metrics.test_projection import PEOPLE, Clock, clock, rows  # noqa: F401  a fixture
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_rebuild_that_is_cut_off_goes_on_where_it_was_and_figures_are_never_gone(
    world: World,
    clock: Clock,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for sender in PEOPLE[:3]:
        ask(sender=sender)
    projection.refresh(now=clock.now)
    before = rows()
    EnquiryFact.objects.update(organisation="nobody", service="nothing")
    monkeypatch.setattr(rebuilding, "BATCH", 1)
    folded: list[int] = []

    def told(count: int) -> None:
        folded.append(count)
        assert EnquiryFact.objects.count() == 3
        if len(folded) == 2:
            raise TimeoutError("somebody switched it off")

    with pytest.raises(TimeoutError):
        rebuilding.rebuild(now=clock.now, told=told)
    # Enquiries that came meanwhile are folded, too: of whom was done already, and of somebody new.
    ask(service="join-a-library", postcode="", sender=PEOPLE[0], at=clock.on(hours=1))
    ask(service="join-a-library", postcode="", sender=Sender(), at=clock.on(hours=1))
    rebuilding.rebuild(now=clock.now, told=folded.append)

    assert folded == [1, 1, 1, 1]
    after = rows()
    assert len(after) == 5
    assert {key: after[key] for key in before} == before
    rebuilding.rebuild(now=clock.now, told=folded.append)
    assert folded[4:] == [2, 1, 1, 1]
    # What the database counts of them is what a recount of the ledger counts.
    judged = recount.as_of(clock.now)
    chosen = Chosen(since=NOW.date() + timedelta(days=9))
    for dimension in ("", "site", "month"):
        counted = queries_sheets.by(SYSTEM_VIEWER, chosen, dimension, now=clock.now)
        assert counted == recount.by(judged, chosen, dimension, moment=clock.now)


def test_a_long_run_that_is_cut_short_keeps_what_it_has_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        ask()
    read, pages = source.changed_since, []

    def a_line_at_a_time(cursor: str) -> tuple[list[int], str]:
        pages.append(cursor)
        if len(pages) == 6:
            raise TimeoutError("the worker's time is over")
        return read(cursor, limit=1)

    monkeypatch.setattr(source, "changed_since", a_line_at_a_time)
    with pytest.raises(TimeoutError):
        projection.refresh(now=NOW)
    assert EnquiryFact.objects.exists()
    assert Cursor.objects.get(name=projection.LEDGER).value == pages[-1] != ""

    monkeypatch.setattr(source, "changed_since", read)
    projection.refresh(now=NOW)
    stepwise = rows()
    rebuilding.rebuild(now=NOW)
    assert rows() == stepwise
    assert len(stepwise) == 3
