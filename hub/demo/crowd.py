"""Two years of made-up enquiries for benches and for a performance page with much to find.

Made a chunk at a time, each from a generator of its own: the same seed and day give the same
rows, in whatever order and by however many processes they are made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache

from django.db import IntegrityError, connection, transaction

from accounts.gazetteer import every_postcode
from core import processes as cores
from core.audit import Actor
from customers.actions_bulk import Added, NewPerson, add_people
from enquiries import bulk
from enquiries.clocks import LONDON
from enquiries.histories import History
from enquiries.queries import book
from hub.demo import needs
from hub.demo.needs import CHUNK, Cause, Made, Resident
from hub.demo.seasons import Seasons
from kb import queries_articles

SEED = 157
# Fewer are made sooner by one process than others are started.
_WORTH_IT = 10 * CHUNK
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Hands:
    """Who is there to take a contact: sign-ins by their keys."""

    agents: tuple[int, ...]
    actor: Actor


def add(
    size: int, hands: Hands, *, now: datetime, seed: int = SEED, processes: int = 1
) -> Iterator[int]:
    """Brings the crowd to that size, and gives the number added so far after each chunk."""
    today = now.astimezone(LONDON).date()
    until = datetime.combine(today, time.min, LONDON).astimezone(UTC)
    work = (
        (number, (number, min(CHUNK, size - number * CHUNK), seed, until, hands))
        for number in range(-(-size // CHUNK))
    )
    _once.cache_clear()
    done = 0
    with cores.hands(processes if size >= _WORTH_IT else 1) as many:
        for _, made in many.each(_begun_again, work):
            done += made
            yield done


@cache
def _once(hands: Hands, until: datetime) -> Cause:
    """What each process reads, once."""
    with connection.cursor() as cursor:
        # Nothing here that could not be made again.
        cursor.execute("SET synchronous_commit = off")
    return _prepared(hands, until)


def _begun_again(number: int, count: int, seed: int, until: datetime, hands: Hands) -> int:
    """A chunk is all or nothing, so that it is begun again where another process drew one of its
    references at the same moment: each of thirty chunks or so, where two are at it."""
    cause = _once(hands, until)
    for _ in range(_TRIES):
        try:
            return _chunk(number, count, seed, cause)
        except IntegrityError:
            continue
    return _chunk(number, count, seed, cause)


def _prepared(hands: Hands, until: datetime) -> Cause:
    rules = book.read()
    sites = sorted(rules.sites)
    areas = {body.area_code: slug for slug, body in rules.bodies.items() if body.kind == "district"}
    articles = {}
    for slug in rules.services:
        about = queries_articles.about(slug, 1)
        if about:
            articles[slug] = about[0].slug
    return Cause(
        rules=rules,
        seasons=Seasons(sorted(rules.services), until.astimezone(LONDON).date()),
        places=every_postcode(rules.areas),
        until=until,
        agents=hands.agents,
        actor=hands.actor,
        districts=areas,
        articles=articles,
        counters=[slug for slug in sites if "-" not in slug],
        kiosks=[slug for slug in sites if slug.startswith("kiosk-")],
    )


@transaction.atomic
def _chunk(number: int, count: int, seed: int, cause: Cause) -> int:
    """What is missing of one chunk: all of it or nothing, so that it can be begun again."""
    keys = needs.keys(prefix(seed), number, count)
    if bulk.count_of(keys) == count:
        return 0
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - a made-up crowd, not a secret
    residents = needs.residents(number, chance, cause)
    made = needs.plan(residents, chance, cause)
    # Always drawn whole, so that a crowd that grows is the one that was made at once.
    mine = [
        replace(one, history=_under(key, one.history)) for key, one in zip(keys, made, strict=False)
    ]
    known = {key for _, key in bulk.known([one.history for one in mine])}
    mine = [one for one in mine if one.history.external_id not in known]
    histories = _named(mine, residents, cause)
    return bulk.load(histories, book=cause.rules, now=cause.until, recorded_at=None)


def prefix(seed: int) -> str:
    """How the external ids of a crowd begin."""
    return "crowd-" if seed == SEED else f"crowd-{seed}-"


def _under(key: str, history: History) -> History:
    words = f"{history.description}, number {key}"
    return replace(history, external_id=key, description=words)


def _named(made: list[Made], residents: list[Resident], cause: Cause) -> list[History]:
    """The histories with the keys of those whose they are."""
    who = sorted({one.resident for one in made if one.resident is not None})
    new = [
        NewPerson(residents[one].name, residents[one].phone, residents[one].email) for one in who
    ]
    added: dict[int, Added] = dict(
        zip(who, add_people(new, now=cause.until - needs.YEARS), strict=True)
    )
    return [
        one.history
        if one.resident is None
        else replace(
            one.history,
            person_id=added[one.resident].person_id,
            address_hash=one.history.address_hash
            or (added[one.resident].address_hash if one.by_email else ""),
        )
        for one in made
    ]
