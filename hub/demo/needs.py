"""Made-up people and what they come with, drawn together: who, when, where, what became of it.

No row is written here. What a chunk needs of the hub has been read before (`Cause`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accounts.areas import PostcodeFound
from core.audit import CITIZEN, Actor
from enquiries.channels import Channel, ItemKind
from enquiries.clocks import LONDON
from enquiries.histories import Act, History, Later, Turn, Worked
from enquiries.inbound import Located
from enquiries.lifecycle import Outcome
from enquiries.queries.book import Book
from hub.demo import fates
from hub.demo.fates import Fate, Need
from hub.demo.seasons import DAYS, STAFFED, Asked, Seasons

CHUNK = 2_000
YEARS = timedelta(days=DAYS)
# People of a chunk: most come once or twice in two years, some often.
_PEOPLE = 1_300
# There are a thousand numbers that nobody has. Many people of one number would all be looked at for
# each other's contacts (R18), so that few have one.
_NUMBERS, _WITH_PHONE = 1_000, 20
_OFFICER = Actor("staff", name="Officer of the demonstration")
_FIRST = ("Ada", "Ben", "Cleo", "Dev", "Eve", "Gus", "Hana", "Jo", "Kit", "Max", "Nia", "Quin")
_LAST = ("Sample", "Example", "Specimen", "Fable", "Storey", "Fiction", "Makebelieve", "Pretend")


@dataclass(frozen=True, slots=True)
class Cause:
    """What everything is drawn from. `districts` is who serves an area, by its code."""

    rules: Book
    seasons: Seasons
    places: Sequence[PostcodeFound]
    until: datetime
    agents: Sequence[int]
    actor: Actor
    districts: Mapping[str, str]
    articles: Mapping[str, str]
    counters: Sequence[str]
    kiosks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody made up. `phone_hash` stands for a number that nobody has."""

    name: str
    email: str
    phone: str
    phone_hash: str
    place: PostcodeFound


@dataclass(frozen=True, slots=True)
class Made:
    """A history, and whose it is; `by_email` where they wrote from their address."""

    history: History
    resident: int | None
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class _Comes:
    """Somebody comes with something: who, of which household, and where it is."""

    asked: Asked
    resident: int | None
    place: PostcodeFound
    phone_hash: str
    located: Located
    desk_answer: str = ""
    avoidable: str = ""


def keys(prefix: str, number: int, count: int) -> list[str]:
    """The external ids of the first so many of a chunk."""
    return [f"{prefix}{number * CHUNK + one}" for one in range(count)]


def residents(number: int, chance: random.Random, cause: Cause) -> list[Resident]:
    """The people of a chunk."""
    return [
        Resident(
            f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
            f"person{chance.getrandbits(48)}@citizens.example",
            _phone(number * _WITH_PHONE + one) if one < _WITH_PHONE else "",
            f"{chance.getrandbits(256):064x}",
            chance.choice(cause.places),
        )
        for one in range(_PEOPLE)
    ]


def _phone(one: int) -> str:
    return f"+447700900{one % _NUMBERS:03d}"


def plan(people: Sequence[Resident], chance: random.Random, cause: Cause) -> list[Made]:
    """What comes in, exactly as many as a chunk holds."""
    made: list[Made] = []
    while len(made) < CHUNK:
        comes = _comes(people, chance, cause)
        first, fate = _made(comes, chance, cause)
        made.append(first)
        made += _afterwards(comes, first, fate, people, chance, cause)
    return made[:CHUNK]


def _comes(people: Sequence[Resident], chance: random.Random, cause: Cause) -> _Comes:
    """Three in twenty say nothing about themselves."""
    asked = cause.seasons.draw(chance)
    drawn = chance.random()
    number = int(len(people) * chance.random() ** 1.6)
    who = people[number]
    known = drawn >= 0.15
    # Of those without a name every second one has a number that we see.
    digest = "" if drawn < 0.08 else who.phone_hash if known else f"{chance.getrandbits(256):064x}"
    located = _where(asked, who.place, chance, cause)
    return _Comes(asked, number if known else None, who.place, digest, located)


def _where(asked: Asked, place: PostcodeFound, chance: random.Random, cause: Cause) -> Located:
    """At home, or for what lies in the street a point somewhere near."""
    service = cause.rules.services[asked.service]
    if service.location == "none":
        return Located()
    located = Located(
        postcode=place.postcode,
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
        district_code=place.district_code,
        ward_code=place.ward_code,
    )
    return _moved(located, 600, chance) if service.location == "map" else located


def _moved(place: Located, metres: float, chance: random.Random) -> Located:
    """Some metres from there, in degrees as well."""
    east, north = (round(chance.uniform(-metres, metres)) for _ in range(2))
    return replace(
        place,
        easting=(place.easting or 0) + east,
        northing=(place.northing or 0) + north,
        latitude=(place.latitude or 0) + north / 111_200,
        longitude=(place.longitude or 0) + east / 68_000,
    )


def _need(comes: _Comes, agent: int | None, cause: Cause) -> Need:
    service = cause.rules.services[comes.asked.service]
    district = cause.districts.get(comes.place.district_code, "worcester-city")
    county = "worcestershire-county"
    owners = {"county": county, "district": district, "police": "west-mercia-police"}
    owner = owners.get(service.owner_tier, "")
    if service.owner_tier == "health":
        owner = "worcestershire-health"
    elif service.owner_tier == "town":
        owner = "evesham-town" if district == "wychavon" else district
    owner = owner or district
    return Need(
        comes.asked,
        service.resolution_class,
        service.promise_wd,
        owner,
        other=district if owner == county else county,
        known=comes.resident is not None,
        agent_id=agent,
    )


def _made(comes: _Comes, chance: random.Random, cause: Cause) -> tuple[Made, Fate]:
    asked = comes.asked
    staffed = asked.channel in STAFFED
    lasts = chance.randrange(120, 560) if asked.channel is Channel.PHONE else 0
    lasts = chance.randrange(240, 1_100) if asked.channel is Channel.COUNTER else lasts
    ends = asked.at + timedelta(seconds=lasts)
    agent = chance.choice(cause.agents) if staffed and cause.agents else None
    need = _need(comes, agent, cause)
    bare = _bare(comes, need, ends, chance, cause)
    history, fate = _fated(bare, need, ends, chance, cause)
    by_email = asked.channel in (Channel.EMAIL, Channel.WEB)
    # Who reads an answer, or leaves a form, has not said who they are.
    nobody = history.article or history.left_at
    return Made(history, None if nobody else comes.resident, by_email), fate


def _bare(
    comes: _Comes, need: Need, ends: datetime, chance: random.Random, cause: Cause
) -> History:
    """A need as it is told, and nothing done about it yet."""
    asked = comes.asked
    staffed = asked.channel in STAFFED
    by_phone = asked.channel in (Channel.PHONE, Channel.SMS)
    began = chance.randrange(60, 400) if asked.channel in (Channel.WEB, Channel.KIOSK) else 0
    name = cause.rules.services[asked.service].name
    return History(
        channel=asked.channel,
        external_id="",
        fingerprint=f"{chance.getrandbits(256):064x}",
        received_at=asked.at,
        description=f"{name}: made up for measurements",
        service=asked.service,
        place=comes.located,
        address_hash=comes.phone_hash if by_phone or comes.resident is None else "",
        started_at=asked.at - timedelta(seconds=began),
        ended_at=ends,
        site=_site(asked.channel, chance, cause),
        agent_id=need.agent_id,
        thread=comes.phone_hash if asked.channel is Channel.SMS else "",
        actor=cause.actor if staffed else CITIZEN,
        entered_by=_OFFICER,
        signals=("submitted",) if asked.channel in (Channel.WEB, Channel.KIOSK) else (),
        pointed=cause.rules.services[asked.service].location == "map"
        and bool(comes.located.postcode),
        desk_answer=comes.desk_answer,
        avoidable=comes.avoidable,
        waited=min(int(chance.expovariate(1 / 45)), 1_500) if staffed else None,
    )


def _fated(
    bare: History, need: Need, ends: datetime, chance: random.Random, cause: Cause
) -> tuple[History, Fate]:
    asked, drawn = need.asked, chance.random()
    online = asked.channel in (Channel.WEB, Channel.KIOSK)
    article = cause.articles.get(asked.service, "")
    if online and need.klass == "INFORM" and article and drawn < 0.7:
        return _read(bare, article, chance), Fate()
    if online and drawn < 0.025:
        return _left(bare), Fate()
    if asked.channel is Channel.WEB and need.known and drawn < 0.033:
        return _moved_on(bare, need, ends, chance), Fate()
    if asked.channel in (Channel.EMAIL, Channel.WEB) and not need.known and drawn < 0.09:
        return _answered(bare, Outcome.SPAM, ""), Fate()
    if drawn > 0.985:
        return _answered(bare, Outcome.SIGNPOSTED, "Ask the water company."), Fate()
    quick = {"INFORM": 0.85, "TRANSACT": 0.7}.get(need.klass, 0.0)
    if not online and asked.channel not in STAFFED:
        quick *= 0.2
    fate = (
        fates.at_once(need, ends, chance) if chance.random() < quick else fates.later(need, chance)
    )
    told = replace(
        bare,
        worked=fate.worked,
        answered=fate.answered,
        turns=fate.turns,
        later=fate.later,
        withdrawn=fate.withdrawn,
        said=fate.said,
    )
    return told, fate


def _answered(bare: History, outcome: Outcome, words: str) -> History:
    return replace(bare, answered=True, worked=Worked(outcome=outcome, words=words))


def _read(bare: History, article: str, chance: random.Random) -> History:
    """An answer was read, and somebody said whether it helped (R37, R38)."""
    helped = chance.random() < (0.55 if bare.service == fates.UNCLEAR else 0.86)
    outcome = Outcome.ANSWERED if helped else Outcome.UNANSWERED
    return replace(
        _answered(bare, outcome, ""),
        article=article,
        description="Somebody read an answer",
        signals=("article_yes" if helped else "article_no",),
        place=Located(),
        pointed=False,
    )


def _left(bare: History) -> History:
    """A form was begun and not sent."""
    return replace(
        _answered(bare, Outcome.UNANSWERED, ""),
        left_at="where",
        description="A form was begun and not sent",
        signals=("answer_entered",),
        place=Located(),
        pointed=False,
    )


def _moved_on(bare: History, need: Need, ends: datetime, chance: random.Random) -> History:
    """Begun on the web, finished on the telephone (R9)."""
    moved = ends + timedelta(minutes=chance.uniform(20, 300))
    call = Later(
        Channel.PHONE,
        moved,
        ItemKind.NEW_INFORMATION,
        words="I could not finish it online.",
        ended_at=moved + timedelta(minutes=5),
        site="contact-centre",
        agent_id=need.agent_id,
    )
    fate = fates.Fate(Worked(None, _OFFICER.name, moved + timedelta(minutes=4), Outcome.COMPLETED))
    return replace(
        bare,
        signals=("answer_entered",),
        worked=fate.worked,
        later=(call,),
        turns=(Turn(Act.FORCED, moved, to=Channel.PHONE.value),),
    )


def _afterwards(
    comes: _Comes,
    first: Made,
    fate: Fate,
    people: Sequence[Resident],
    chance: random.Random,
    cause: Cause,
) -> Iterator[Made]:
    """They come again with the same, or a neighbour tells us of it as well."""
    asked = comes.asked
    if fate.again is not None:
        again = _next(comes, fate.again, chance, cause)
        if again is not None:
            yield _made(again, chance, cause)[0]
    elif first.history.pointed and chance.random() < 0.06:
        number = chance.randrange(len(people))
        near = _moved(comes.located, 18, chance)
        after = replace(asked, at=asked.at + timedelta(days=chance.uniform(0.1, 6)))
        other = replace(
            comes,
            asked=after,
            resident=None if number == comes.resident else number,
            phone_hash=f"{chance.getrandbits(256):064x}",
            located=near,
        )
        if after.at < cause.until:
            yield _made(other, chance, cause)[0]


def _next(comes: _Comes, days: float, chance: random.Random, cause: Cause) -> _Comes | None:
    """The same need again: by anybody known (L2, or L3 at a desk), or by a number (L4)."""
    asked = comes.asked
    at = asked.at + timedelta(days=days)
    there = at.astimezone(LONDON)
    is_open = there.weekday() < 5 and 8 <= there.hour < 18
    if at >= cause.until or not (comes.resident is not None or comes.phone_hash):
        return None
    channel = Channel.PHONE if is_open and chance.random() < 0.75 else Channel.SMS
    if comes.resident is not None and channel is Channel.SMS:
        channel = Channel.WEB
    service, located, answer = asked.service, comes.located, ""
    family = cause.rules.services[service].family
    kin = (
        [one for one, row in sorted(cause.rules.services.items()) if row.family == family]
        if family
        else []
    )
    if channel is Channel.PHONE and kin and comes.resident is not None and chance.random() < 0.3:
        service, answer = chance.choice(kin), "yes"
        located = _where(replace(asked, service=service), comes.place, chance, cause)
    # Who takes the call hears that it was our answer that they did not understand.
    unclear = channel is Channel.PHONE and asked.service == fates.UNCLEAR
    again = replace(asked, at=at, channel=channel, service=service)
    reason = "clarification" if unclear else ""
    return replace(comes, asked=again, located=located, desk_answer=answer, avoidable=reason)


def _site(channel: Channel, chance: random.Random, cause: Cause) -> str:
    if channel is Channel.PHONE:
        return "contact-centre"
    if channel is Channel.COUNTER:
        return chance.choice(cause.counters)
    return chance.choice(cause.kiosks) if channel is Channel.KIOSK else ""
