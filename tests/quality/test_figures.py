"""Precision, recall and kappa from marked pairs, against figures worked out by hand."""

from __future__ import annotations

import pytest

from teamwork.quality import Marked, figures, kappa, recall


def test_what_holds_is_what_two_say_or_who_decides() -> None:
    assert Marked(True, ("same",)).verdict == ""
    assert Marked(True, ("same", "same")).verdict == "same"
    assert Marked(True, ("same", "apart")).differs
    assert Marked(True, ("same", "unsure")).differs
    assert Marked(True, ("unsure", "unsure")).verdict == "unsure"
    decided = Marked(False, ("same", "apart"), "same")
    assert decided.verdict == "same"
    assert not decided.differs


def test_figures_by_hand() -> None:
    marked = [
        *[Marked(True, ("same", "same"))] * 8,
        *[Marked(True, ("apart", "apart"))] * 2,
        *[Marked(False, ("apart", "apart"))] * 9,
        Marked(False, ("same", "apart"), "same"),
        Marked(True, ("unsure", "unsure")),
        Marked(False, ("same",)),
    ]
    found = figures(marked, linked_total=1_000, apart_total=400)
    assert (found.precision.k, found.precision.n) == (8, 10)
    assert (found.missed.k, found.missed.n) == (1, 10)
    # 0.8 × 1,000 right links beside 0.1 × 400 overlooked ones.
    assert found.recall == pytest.approx(800 / 840)
    assert (found.both, found.differ, found.unsure) == (21, 0, 1)


def test_recall_is_not_made_up() -> None:
    assert recall(None, 10, 0.1, 10) is None
    assert recall(0.9, 10, None, 10) is None
    assert recall(0.9, 10, None, 0) == 1
    assert recall(None, 0, 0.0, 10) is None


def test_kappa_is_agreement_beyond_chance() -> None:
    # Cohen's own kind of table: 20 both yes, 15 both no, 5 and 10 apart, of 50.
    pairs = (
        [("same", "same")] * 20
        + [("apart", "apart")] * 15
        + [("same", "apart")] * 5
        + [("apart", "same")] * 10
    )
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([]) is None
    assert kappa([("same", "same")] * 3) is None
