"""Organisations compared fairly: beside each one's own rate that with everybody's mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import metrics.queries_fair
from accounts.permissions import Viewer
from desk import performance_words as words
from desk.performance_addresses import files
from desk.performance_rows import Cell, Figure, bars, by_words, head_of, name_of, row_of
from metrics.queries import NONE, Chosen
from metrics.queries_fair import Fair

FAIR_HEAD: Cell = {"text": "With everybody's mix", "numeric": True}


def by_organisation(
    viewer: Viewer, chosen: Chosen, query: Mapping[str, str], names: Mapping[str, str]
) -> Figure:
    """The figure of organisations; who has the harder enquiries is not the worse for it."""
    found = metrics.queries_fair.organisations(viewer, chosen)
    named = [(name_of(one.slice.key, names), one.slice) for one in found]
    rows = []
    for (name, part), one in zip(named, found, strict=True):
        row = row_of(
            name, part.measures, {**query, "organisation": part.key}, narrows="organisation"
        )
        rows.append([*row[:2], _fair(one), *row[2:]])
    head = head_of("Organisation")
    return Figure(
        id="by-organisation",
        message=words.compared(named, "organisations"),
        words=f"{fairly(found, names)} {by_words(len(named), 'organisations')}".strip(),
        caption="One stop by organisation",
        head=[*head[:2], FAIR_HEAD, *head[2:]],
        rows=rows,
        bars=bars("organisation", named),
        files=files(query, "organisation"),
    )


def _fair(one: Fair) -> Cell:
    """The rate with everybody's mix, and how much of it similar enquiries of its own spoke for."""
    adjusted = one.adjusted
    share = adjusted.borrowed / adjusted.weight if adjusted.weight else 0
    return {
        "text": "–" if adjusted.value is None else words.percent(adjusted.value),
        "numeric": True,
        "note": f"{share:.0%} by similar ones" if adjusted.value is not None and share else "",
    }


def fairly(found: Sequence[Fair], names: Mapping[str, str]) -> str:
    """The best and the least with everybody's mix, of those with enough enquiries to tell."""
    told = sorted(
        (one.adjusted.value, name_of(one.slice.key, names))
        for one in found
        if one.adjusted.value is not None
        and one.slice.key != NONE
        and one.slice.measures.osr.mature >= words.ENOUGH
    )
    if len(told) < 2:
        return ""
    (least, last), (most, first) = told[0], told[-1]
    return (
        "Who has harder enquiries is not the worse for it: if all had the same mix of classes and "
        f"channels, {first} would have {words.percent(most)} and {last} {words.percent(least)}."
    )
