"""Figures from rollups are those that counting every fact gives, at each step of a story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from unittest import mock

import pytest

from accounts.permissions import Viewer
from core.errors import DomainError
from metrics import (
    actions_costs,
    projection,
    queries,
    queries_fair,
    queries_sheets,
    rolled,
    rolled_cells,
    rollups,
    yardsticks,
)
from metrics.cutting import Cutting
from metrics.models import ChangedDay, Cursor, EnquiryFact, RolledCell, RolledPart, Rollup
from metrics.queries import Chosen
from metrics.sums import Tally
from tests.metrics.test_projection import Clock, _steps
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db(transaction=True)

CUTS = ("", "channel", "service", "organisation", "site", "team", "class", "week", "month")


@contextmanager
def no_rollups() -> Iterator[None]:
    with mock.patch.object(rolled, "level_of", return_value=None):
        yield


def figures(viewer: Viewer, chosen: Chosen, clock: Clock, cut: str) -> object:
    """All that pages ask; floats as they are: sums are taken in one order."""
    sheet = queries_sheets.by(viewer, chosen, cut, now=clock.now)
    if not cut:
        return sheet, queries.overall(viewer, chosen)
    if cut in ("week", "month"):
        return sheet, queries.over_time(viewer, chosen, cut)
    if cut == "organisation":
        breaks = yardsticks.breaks(Cutting(viewer, chosen, clock.now))
        return sheet, queries_fair.organisations(viewer, chosen), breaks
    return sheet, queries.by(viewer, chosen, cut)


def any_chosen(random: Random) -> Chosen:
    since = random.choice([None, NOW.date() + timedelta(days=random.randrange(-5, 30))])
    length = random.choice([None, 1, 7, 40])
    chosen = Chosen(
        since=since,
        until=since + timedelta(days=length) if since and length else None,
        channel=random.choice(["", "", "phone"]),
        klass=random.choice(["", "", "REQUEST"]),
        verdict=random.choice(["", "", "pending", queries.DECIDED, "failure"]),
        self_service=random.choice([None, None, True]),
        recontacted=random.choice([None, None, True]),
    )
    return random.choice(
        [
            chosen,
            replace(chosen, organisation="wychavon"),
            replace(chosen, service="missed-bin"),
            replace(chosen, site=queries.NONE),
            Chosen(
                closed_since=NOW.date() + timedelta(days=random.randrange(-5, 60)),
                verdict=random.choice([queries.DECIDED, "failure", ""]),
                organisation=random.choice(["", "wychavon"]),
            ),
        ]
    )


def same(viewers: list[Viewer], clock: Clock, random: Random) -> None:
    """Whatever is asked, by whomever: the rollups say what the facts say."""
    assert rollups.are_kept()
    assert not ChangedDay.objects.exists()
    for _ in range(3):
        viewer, chosen, cut = random.choice(viewers), any_chosen(random), random.choice(CUTS)
        found = figures(viewer, chosen, clock, cut)
        with no_rollups():
            assert found == figures(viewer, chosen, clock, cut), (viewer.name, chosen, cut)


@pytest.mark.parametrize("seed", range(2))
def test_at_each_step_of_a_story_they_are_the_same(world: World, clock: Clock, seed: int) -> None:
    random = Random(seed)
    viewers = [world.viewer(world.manager)] * 3 + [world.viewer(world.officer)]
    ask()
    for day, pounds in ((NOW.date(), "3"), (NOW.date() + timedelta(days=9), "4")):
        actions_costs.enter(
            organisation="hub", channel="phone", pounds=Decimal(pounds), since=day,
            viewer=viewers[0], now=clock.now,
        )  # fmt: skip
    steps = _steps(world, clock, random)
    for _ in range(32):
        clock.on(minutes=random.choice([3, 50, 60 * 9, 60 * 30, 60 * 24 * 4]))
        try:
            random.choice(steps)()
        except DomainError:
            continue
        if random.random() < 0.5:
            projection.refresh(now=clock.now)
            same(viewers, clock, random)
    projection.refresh(now=clock.on(days=40))
    same(viewers, clock, random)
    # What closed in days, and what became of it, is of the rollups.
    decided = Chosen(closed_since=NOW.date(), verdict=queries.DECIDED)
    assert rolled_cells.sums(viewers[0], decided)
    assert yardsticks.breaks(Cutting(viewers[0], decided, clock.now))
    for cut in ("", "organisation"):
        found = figures(viewers[0], decided, clock, cut)
        with no_rollups():
            assert found == figures(viewers[0], decided, clock, cut)
    kept = _rows()
    Cursor.objects.filter(name=rollups.NAME).update(value="")
    rollups.keep()
    assert _rows() == kept


def _rows() -> set[tuple[object, ...]]:
    names = ("what", "level", "within", "part", "unit", "start", "alike", "numbers", "recontacts")
    kept = {
        tuple(tuple(one) if isinstance(one, list) else one for one in row)
        for row in Rollup.objects.values_list(*names)
    }
    parts = {row.pk: str(row) for row in RolledPart.objects.all()}
    cells = RolledCell.objects.values_list("part_id", "unit", "start", "alike_id", *Tally._fields)
    return kept | {(parts[part], *row) for part, *row in cells}


def test_cut_off_while_counting_it_is_counted_again_and_read_as_it_was(
    world: World, clock: Clock
) -> None:
    viewer = world.viewer(world.manager)
    ask()
    projection.refresh(now=clock.now)
    assert queries.overall(viewer, Chosen()).osr.pending == 1
    ask(at=clock.on(days=1), postcode="WR1 3EZ")
    with mock.patch.object(rollups, "start_of", side_effect=SystemExit), pytest.raises(SystemExit):
        projection.refresh(now=clock.now)

    assert queries.overall(viewer, Chosen()).osr.pending == 1
    assert rollups.keep() >= 1
    assert queries.overall(viewer, Chosen()).osr.pending == 2


def test_until_every_day_was_counted_the_facts_are_read(world: World, clock: Clock) -> None:
    viewer = world.viewer(world.manager)
    ask()
    projection.refresh(now=clock.now)
    RolledCell.objects.all().delete()
    assert queries.overall(viewer, Chosen()).osr.pending == 0

    Cursor.objects.filter(name=rollups.NAME).update(value="")
    assert queries.overall(viewer, Chosen()).osr.pending == 1


def test_the_database_notes_days_whoever_changes_their_facts(world: World, clock: Clock) -> None:
    ask()
    projection.refresh(now=clock.now)
    EnquiryFact.objects.update(folded_at=clock.on(days=1))
    assert not ChangedDay.objects.exists()

    EnquiryFact.objects.update(started_at=clock.now - timedelta(days=400))
    noted = set(ChangedDay.objects.values_list("day", flat=True))
    assert noted == {NOW.date(), (clock.now - timedelta(days=400)).date()}

    rollups.keep()
    closed = clock.now - timedelta(days=9)
    EnquiryFact.objects.update(verdict="success", window_end=closed)
    rollups.keep()
    EnquiryFact.objects.update(window_end=closed + timedelta(days=1))
    assert {closed.date(), closed.date() + timedelta(days=1)} <= set(
        ChangedDay.objects.values_list("day", flat=True)
    )

    rollups.keep()
    EnquiryFact.objects.all().delete()
    rollups.keep()
    assert not RolledCell.objects.exists()
    assert not Rollup.objects.filter(what="ends").exists()
    assert Rollup.objects.filter(what="items", start__lt=date(2027, 1, 1)).exists()
