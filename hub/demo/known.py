"""What the demonstration knows already: an outage, planned works, and words for neighbours."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

import kb.actions_notices
import kb.queries_notices
from enquiries import intake
from enquiries.actions import neighbours
from enquiries.clocks import london_date
from hub.demo.stories import stories
from hub.demo.telling import Cast
from kb.actions_notices import NoticeSaid

_SAMPLE = "This is a sample notice of the demonstration."
# What the officer found out about the hole that somebody told us about last.
_SEEN = "We looked at this hole. It is marked with yellow paint and will be filled."


def _notices(now: datetime) -> list[NoticeSaid]:
    return [
        NoticeSaid(
            organisation="redditch",
            kind="outage",
            title="Bins in Redditch are emptied a day late",
            words=f"A lorry broke down, and another one does its rounds. {_SAMPLE}",
            services=("missed-bin",),
            starts_at=now - timedelta(hours=3),
            advice="Leave your bin out. You do not have to tell us.",
            area_codes=("E07000236",),
            expected_end_at=now + timedelta(days=3),
        ),
        NoticeSaid(
            organisation="worcestershire-county",
            kind="works",
            title="New street lights in Malvern Hills",
            words=f"We put new lamps into the street lights, one road after the other. {_SAMPLE}",
            services=("street-light",),
            starts_at=now - timedelta(days=2),
            advice="A light may be out for a night while we work on it.",
            area_codes=("E07000235",),
            expected_end_at=now + timedelta(days=40),
            ends_itself=True,
        ),
    ]


@transaction.atomic
def show(cast: Cast, *, now: datetime) -> int:
    """Publishes what is not there yet, in the names of those whose it is; gives how many.

    All or nothing: what was cut short is shown from its beginning by the next run.
    """
    there = {row.title for row in kb.queries_notices.every(cast.manager)}
    fresh = [said for said in _notices(now) if said.title not in there]
    for said in fresh:
        row = kb.actions_notices.draft(said, viewer=cast.manager, now=said.starts_at)
        kb.actions_notices.publish(public_id=row.public_id, viewer=cast.manager, now=said.starts_at)
    if fresh:
        _let_neighbours_read(cast, now=now)
    return len(fresh)


def _let_neighbours_read(cast: Cast, *, now: datetime) -> None:
    holes: list[str] = []
    for story in stories(london_date(now)):
        taken = intake.known(story.channel, story.key)
        asked = zip(story.asks, taken.enquiries if taken else (), strict=False)
        holes += [one.reference for ask, one in asked if ask.service == "pothole"]
    if holes:
        neighbours.show(
            reference=holes[-1],
            viewer=cast.agent,
            words=_SEEN,
            picture="",
            picture_words="",
            now=now,
        )
