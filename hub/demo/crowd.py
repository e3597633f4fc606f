"""Two years of made-up enquiries for benches and for a performance page with many numbers.

Drawn from a seeded generator, so that the same size gives the same crowd. Shares are of the
order that contact centres of councils report; they prove nothing about anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from accounts.areas import PostcodeFound
from accounts.gazetteer import every_postcode
from core.audit import CITIZEN, Actor
from customers.actions_bulk import Added, NewPerson, add_people
from enquiries import bulk
from enquiries.channels import Channel, ItemKind
from enquiries.clocks import LONDON
from enquiries.histories import History, Later, Worked
from enquiries.inbound import Located
from enquiries.lifecycle import Outcome
from enquiries.queries import book
from hub.demo.telling import Cast

CHUNK = 2_000
KEY = "crowd-"
YEARS = timedelta(days=730)
STAFFED = (Channel.PHONE, Channel.COUNTER)
CHANNELS = {
    Channel.PHONE: 45,
    Channel.WEB: 30,
    Channel.COUNTER: 9,
    Channel.EMAIL: 7,
    Channel.SMS: 5,
    Channel.KIOSK: 3,
    Channel.API: 1,
}
# Services that people bring most; any other counts one.
OFTEN = {
    "missed-bin": 14,
    "council-tax-account": 10,
    "fly-tipping": 7,
    "pothole": 8,
    "street-light": 4,
    "bulky-waste": 6,
    "recycling-centre": 5,
    "housing-register": 4,
    "new-bin": 5,
    "pay-council-tax": 6,
    "noise": 3,
    "bus-pass": 3,
    "blue-badge": 3,
}
FIRST = ("Ada", "Ben", "Cleo", "Dev", "Eve", "Gus", "Hana", "Jo", "Kit", "Max", "Nia", "Quin")
LAST = ("Sample", "Example", "Specimen", "Fable", "Storey", "Fiction", "Makebelieve", "Pretend")


@dataclass(slots=True)
class _Draw:
    """Everything that chance draws from."""

    chance: random.Random
    rules: book.Book
    cast: Cast
    places: list[PostcodeFound]
    now: datetime
    services: list[str] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    kiosks: list[str] = field(default_factory=list)

    def moment(self) -> datetime:
        """A moment of the two years, mostly on weekdays between eight and six."""
        while True:
            day = self.now - timedelta(seconds=self.chance.uniform(0, YEARS.total_seconds()))
            hour = min(max(self.chance.gauss(12.5, 3.0), 0), 23.9)
            there = day.astimezone(LONDON).replace(
                hour=int(hour), minute=self.chance.randrange(60), second=self.chance.randrange(60)
            )
            if there <= self.now and (there.weekday() < 5 or self.chance.random() < 0.2):
                return there


def add(size: int, cast: Cast, *, now: datetime, seed: int = 157) -> Iterator[int]:
    """Brings the crowd to that size in chunks, and gives the number added after each."""
    there = bulk.count_of(KEY)
    draw = _prepared(cast, now=now, seed=seed + there)
    histories = _histories(there, size, draw)
    done = 0
    while chunk := list(islice(histories, CHUNK)):
        done += bulk.load(chunk, book=draw.rules, now=now, recorded_at=None)
        yield done


def _prepared(cast: Cast, *, now: datetime, seed: int) -> _Draw:
    rules = book.read()
    services = sorted(rules.services)
    sites = sorted(rules.sites)
    return _Draw(
        chance=random.Random(seed),  # noqa: S311 - a made-up crowd, not a secret
        rules=rules,
        cast=cast,
        places=every_postcode(rules.areas),
        now=now,
        services=services,
        weights=[OFTEN.get(slug, 1) for slug in services],
        sites=[slug for slug in sites if "-" not in slug],
        kiosks=[slug for slug in sites if slug.startswith("kiosk-")],
    )


def _histories(made: int, size: int, draw: _Draw) -> Iterator[History]:
    while made < size:
        people = _people(min(CHUNK, size - made), draw)
        for person, place in people:
            if made >= size:
                return
            first = _history(f"{KEY}{made}", draw.moment(), person, place, draw)
            yield first
            made += 1
            if made < size and draw.chance.random() < 0.07:
                yield _again(f"{KEY}{made}", first, person, place, draw)
                made += 1


def _people(count: int, draw: _Draw) -> list[tuple[Added | None, PostcodeFound]]:
    """Somebody for each enquiry; three in twenty say nothing about themselves."""
    places = draw.chance.choices(draw.places, k=count)
    known = [draw.chance.random() >= 0.15 for _ in places]
    new = [_somebody(place, draw) for place, says in zip(places, known, strict=True) if says]
    added = iter(add_people(new, now=draw.now - YEARS))
    return [
        (next(added) if says else None, place) for place, says in zip(places, known, strict=True)
    ]


def _somebody(place: PostcodeFound, draw: _Draw) -> NewPerson:
    chance = draw.chance
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    if chance.random() < 0.5:
        return NewPerson(name, phone=f"+447700900{chance.randrange(1000):03d}")
    return NewPerson(name, email=f"person{chance.randrange(10**9)}@citizens.example")


def _again(
    key: str, first: History, person: Added | None, place: PostcodeFound, draw: _Draw
) -> History:
    """The same person with the same need some days later: the first contact did not settle it."""
    later = first.received_at + timedelta(days=draw.chance.uniform(1, 12))
    if later > draw.now:
        later = draw.now - timedelta(minutes=1)
    return _history(key, later, person, place, draw, service=first.service)


def _history(
    key: str,
    at: datetime,
    person: Added | None,
    place: PostcodeFound,
    draw: _Draw,
    *,
    service: str | None = None,
) -> History:
    chance = draw.chance
    slug = service or chance.choices(draw.services, draw.weights)[0]
    known = draw.rules.services[slug]
    channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    staffed = channel in STAFFED
    answerable = known.resolution_class in ("INFORM", "TRANSACT")
    answered = answerable and chance.random() < (0.8 if staffed else 0.35)
    digest = person.address_hash if person else ""
    agent = draw.cast.agent
    return History(
        channel=channel,
        external_id=key,
        fingerprint=f"{chance.getrandbits(256):064x}",
        received_at=at,
        description=f"{known.name}: made up for measurements, number {key}",
        service=slug,
        place=_located(place) if known.location != "none" else Located(),
        person_id=person.person_id if person else None,
        address_hash=digest,
        started_at=at,
        ended_at=at + timedelta(seconds=chance.randrange(60, 600) if staffed else 0),
        site=_site(channel, draw),
        agent_id=agent.id if staffed else None,
        thread=digest if channel is Channel.SMS else "",
        answered=answered,
        worked=_worked(at, known.promise_wd, draw, answered=answered),
        later=() if answered or person is None else tuple(_chases(at, known.promise_wd, draw)),
        actor=agent.actor if staffed else CITIZEN,
        entered_by=Actor("staff", name="Officer of the demonstration"),
    )


def _site(channel: Channel, draw: _Draw) -> str:
    if channel is Channel.PHONE:
        return "contact-centre"
    if channel is Channel.COUNTER:
        return draw.chance.choice(draw.sites)
    return draw.chance.choice(draw.kiosks) if channel is Channel.KIOSK else ""


def _located(place: PostcodeFound) -> Located:
    return Located(
        postcode=place.postcode,
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
        district_code=place.district_code,
        ward_code=place.ward_code,
    )


def _worked(at: datetime, promise_wd: int | None, draw: _Draw, *, answered: bool) -> Worked:
    """Most within the promise, one in six late, one in a hundred never ended."""
    chance = draw.chance
    if answered:
        return Worked(outcome=Outcome.ANSWERED, words="Answered while you were with us.")
    if chance.random() < 0.01:
        return Worked()
    accepted_at = at + timedelta(hours=chance.expovariate(1 / 9))
    promise = (promise_wd or 5) * 1.4
    days = (
        chance.uniform(1.0, 1.8) * promise if chance.random() < 0.16 else promise * chance.random()
    )
    resolved_at = max(at + timedelta(days=days), accepted_at + timedelta(minutes=20))
    outcome = chance.choices(
        (Outcome.COMPLETED, Outcome.FULFILLED, Outcome.DECIDED_NO, Outcome.ANSWERED),
        (70, 15, 8, 7),
    )[0]
    return Worked(accepted_at, "Officer of the demonstration", resolved_at, outcome, "It is done.")


def _chases(at: datetime, promise_wd: int | None, draw: _Draw) -> Iterator[Later]:
    for _ in range(2):
        if draw.chance.random() < 0.09:
            channel = draw.chance.choice((Channel.PHONE, Channel.WEB, Channel.EMAIL, Channel.SMS))
            when = at + timedelta(days=draw.chance.uniform(0.5, (promise_wd or 5) * 2))
            yield Later(channel, when, ItemKind.CHASE, "progress_chasing", "How is it going?")
