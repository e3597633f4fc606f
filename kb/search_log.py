"""Writes down searches, what people went on with, and what solved it; folds them into weeks.

Nothing here says who searched: there is no person, no session and no address. Words that we know
to be somebody's never get here (kb.search); a name cannot be known, so words that none of our
pages has are shown to nobody until several have searched for them, and are dropped after a
fortnight otherwise (ADR 0016).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, connection, transaction

from kb import search_index, search_solved
from kb.models import Search, SearchWeek
from kb.search import Found

log = structlog.get_logger(__name__)
# What comes of a search is known within this; then it is counted and removed.
COUNTED_AFTER = timedelta(days=2)
# Whatever happens, so many searches are kept at most.
MOST = 200_000
# Words that are none of ours are shown when so many searched for them.
SEVERAL = 3
FORGOTTEN_AFTER = timedelta(days=14)
KEPT = timedelta(days=400)
SHOWN = 5


def record(found: Found, *, public_id: uuid.UUID, again: str = "", now: datetime) -> None:
    """Writes down one search; `again` is the search before it, made from its page.

    A search is never slower or broken for it: what fails is logged and left.
    """
    if not found.words:
        return
    try:
        with transaction.atomic():
            Search.objects.create(
                public_id=public_id,
                at=now,
                words=found.words,
                said=found.said,
                is_known=found.is_known,
                shown=[f"{hit.kind}/{hit.slug}" for hit in found.hits[:SHOWN]],
            )
            if before := _one(again):
                Search.objects.filter(public_id=before).update(again=True)
    except DatabaseError:
        log.exception("search.not_recorded")


def went_on(search: str, entry: str, *, now: datetime) -> None:
    """Somebody opened `kind/slug` from what a search had found."""
    if (one := _one(search)) is None:
        return
    try:
        with transaction.atomic():
            rows = Search.objects.filter(public_id=one, at__gte=now - COUNTED_AFTER, chosen="")
            rows.filter(shown__contains=[entry]).update(chosen=entry)
    except DatabaseError:
        log.exception("search.not_recorded")


def settled(search: str, *, entry: str = "", now: datetime) -> None:
    """What somebody went on with solved it: an enquiry was sent, or an answer got a yes.

    Counts once for a search, and only what was opened from it.
    """
    if (one := _one(search)) is None:
        return
    with transaction.atomic():
        rows = Search.objects.filter(
            public_id=one, at__gte=now - COUNTED_AFTER, is_settled=False
        ).exclude(chosen="")
        if entry:
            rows = rows.filter(chosen=entry)
        found = rows.select_for_update().first()
        if found is None:
            return
        Search.objects.filter(pk=found.pk).update(is_settled=True)
        search_solved.add(found.words, found.chosen, now=now)


def _one(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


_FOLD = """
WITH gone AS (DELETE FROM kb_search WHERE at < %(until)s RETURNING *),
counted AS (
    SELECT date_trunc('week', at AT TIME ZONE 'Europe/London')::date AS week, words,
        max(said) AS said, bool_and(is_known) AS is_known, count(*) AS searches,
        count(*) FILTER (WHERE shown = '{}') AS nothing,
        count(*) FILTER (WHERE chosen <> '') AS went_on,
        count(*) FILTER (WHERE is_settled) AS settled,
        count(*) FILTER (WHERE again) AS again,
        (array_agg(array_to_string(shown, ' ') ORDER BY at DESC))[1] AS shown
    FROM gone GROUP BY 1, 2)
INSERT INTO kb_searchweek AS w
    (week, words, said, is_known, searches, nothing, went_on, settled, again, shown)
SELECT week, words, said, is_known, searches, nothing, went_on, settled, again,
    string_to_array(shown, ' ') FROM counted
ON CONFLICT (week, words) DO UPDATE SET said = EXCLUDED.said, is_known = EXCLUDED.is_known,
    searches = w.searches + EXCLUDED.searches, nothing = w.nothing + EXCLUDED.nothing,
    went_on = w.went_on + EXCLUDED.went_on, settled = w.settled + EXCLUDED.settled,
    again = w.again + EXCLUDED.again, shown = EXCLUDED.shown"""


@transaction.atomic
def fold(*, now: datetime) -> None:
    """Counts searches into weeks, forgets what faded, and counts how telling each word is."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"until": now - COUNTED_AFTER})
    # Words that few used, and that are none of ours, may be somebody's name.
    rare = SearchWeek.objects.filter(is_known=False, searches__lt=SEVERAL)
    rare.filter(week__lt=(now - FORGOTTEN_AFTER).date()).delete()
    SearchWeek.objects.filter(week__lt=(now - KEPT).date()).delete()
    newest = list(Search.objects.order_by("-pk").values_list("pk", flat=True)[MOST : MOST + 1])
    if newest:
        Search.objects.filter(pk__lte=newest[0]).delete()
    search_solved.forget(now=now)
    search_index.count()
