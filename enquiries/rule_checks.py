"""What a list of rules leaves to nobody, and which of its rules can never decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from enquiries import covering
from enquiries.covering import Box
from enquiries.routing import Rule

# How an answer that was not given, and any other language, stand in a side of a box.
NOT_ANSWERED = ""
ANY_OTHER = ""
NO_PLACE = ""
FIXED = ("day", "priority", "channel", "language")


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as the checks see it. `questions` has the possible answers by question.

    `has_place` says that somebody is asked where: without it no place is ever known.
    """

    slug: str
    name: str
    tier: str
    has_place: bool
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that may be asked about from `on` on.

    `places` are the areas that contain a place, smallest first, for every kind of place there is.
    `bodies` and `outside` are the ids of those who answer: rules for others are passed over.
    """

    services: Sequence[Offered]
    places: Sequence[tuple[str, ...]]
    names: Mapping[str, str]
    bodies: frozenset[int]
    outside: frozenset[int]
    on: date
    priorities: Sequence[str]
    channels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody has to act for a service in an area, always or in the cases that `words` name."""

    service: str
    service_name: str
    area_code: str
    area_name: str
    words: str
    always: bool


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that can never decide (`never`), or not in all that it names; why, in words.

    A `net` decides nothing because each service under it has a rule of its own today; it is kept
    for services to come.
    """

    position: int
    words: str
    never: bool = True
    net: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is wrong with a list of rules."""

    gaps: tuple[Gap, ...]
    idle: tuple[Idle, ...]


@dataclass(slots=True)
class _Ground:
    """The rules about one service, with the cases that each takes, and what is asked about."""

    service: Offered
    sides: tuple[str, ...]
    whole: Box
    rules: list[tuple[int, Rule, Box]]
    # Places that no rule tells apart, by the areas that rules name.
    places: dict[frozenset[str], list[tuple[str, ...]]]
    # The box of each rule by its index.
    boxes: dict[int, Box]


# Each service with those of its rules that decide something.
_Takers = Sequence[tuple[_Ground, list[tuple[int, Rule, Box]]]]


def check(rules: Sequence[Rule], world: World) -> Findings:
    """Gaps by service and area, and idle rules in their order."""
    grounds = [_ground(service, rules, world) for service in world.services]
    deciding: set[int] = set()
    gaps: list[Gap] = []
    for ground in grounds:
        left = _walk(ground, deciding)
        gaps += _gaps(ground, left, world)
    # What never decides takes nothing from others: only the rest can be what comes first.
    takers = [(g, [one for one in g.rules if one[0] in deciding]) for g in grounds]
    idle = [_never(at, rule, takers, world) for at, rule in enumerate(rules) if at not in deciding]
    idle += [
        Idle(rule.position, words, never=False)
        for at, rule in enumerate(rules)
        if at in deciding and (words := _unknown_answers(rule, world))
    ]
    return Findings(tuple(gaps), tuple(sorted(idle, key=lambda one: one.position)))


def about(rule: Rule, service: Offered) -> bool:
    """Whether a rule speaks about a service."""
    return rule.service in (None, service.slug) and rule.owner_tier in ("", service.tier)


def answers(rule: Rule, world: World) -> bool:
    """Whether who a rule names is still there."""
    if rule.outside is not None:
        return rule.outside.id in world.outside
    return rule.organisation_id in world.bodies


def _ground(service: Offered, rules: Sequence[Rule], world: World) -> _Ground:
    mine = [
        (at, rule) for at, rule in enumerate(rules) if about(rule, service) and answers(rule, world)
    ]
    keys = sorted({key for _, rule in mine for key, _ in rule.answers})
    days = _days([rule for _, rule in mine], world.on)
    spoken = {language for _, rule in mine for language in rule.languages}
    whole: Box = (
        frozenset(days),
        frozenset(world.priorities),
        frozenset(world.channels),
        frozenset({ANY_OTHER, *spoken}),
        *(frozenset({NOT_ANSWERED, *service.questions.get(key, ())}) for key in keys),
    )
    boxes = [(at, rule, _box(rule, whole, days, keys)) for at, rule in mine]
    named = frozenset(rule.area_code for _, rule in mine if rule.area_code)
    places: dict[frozenset[str], list[tuple[str, ...]]] = {}
    for place in world.places:
        places.setdefault(named.intersection(place), []).append(place)
    in_order = [one for one in boxes if all(one[2])]
    by_index = {at: box for at, _, box in in_order}
    return _Ground(service, (*FIXED, *keys), whole, in_order, places, by_index)


def _days(rules: Iterable[Rule], on: date) -> list[str]:
    """The first days of the stretches in which the same rules hold, from `on` on."""
    first = {on}
    for rule in rules:
        if rule.valid_from and rule.valid_from > on:
            first.add(rule.valid_from)
        if rule.valid_until and on <= rule.valid_until < date.max:
            first.add(date.fromordinal(rule.valid_until.toordinal() + 1))
    return [day.isoformat() for day in sorted(first)]


def _box(rule: Rule, whole: Box, days: list[str], keys: list[str]) -> Box:
    since = rule.valid_from.isoformat() if rule.valid_from else ""
    until = rule.valid_until.isoformat() if rule.valid_until else "9999-12-31"
    asked = dict(rule.answers)
    return (
        frozenset(day for day in days if since <= day <= until),
        whole[1] & {rule.priority} if rule.priority else whole[1],
        whole[2] & rule.channels if rule.channels else whole[2],
        whole[3] & rule.languages if rule.languages else whole[3],
        *(
            (side & asked[key]) - {NOT_ANSWERED} if key in asked else side
            for key, side in zip(keys, whole[4:], strict=True)
        ),
    )


def _walk(ground: _Ground, deciding: set[int]) -> dict[frozenset[str], list[Box]]:
    """What is left over in each kind of place; notes the rules that decide something."""
    left: dict[frozenset[str], list[Box]] = {}
    for named in ground.places:
        over = [ground.whole]
        for at, rule, box in ground.rules:
            if rule.area_code and rule.area_code not in named:
                continue
            if any(covering.meets(rest, box) for rest in over):
                deciding.add(at)
                over = covering.left_over(over, box)
            if not over:
                break
        left[named] = over
    return left


def _gaps(ground: _Ground, left: Mapping[frozenset[str], list[Box]], world: World) -> list[Gap]:
    open_at: dict[frozenset[Box], list[tuple[str, ...]]] = {}
    for named, rest in left.items():
        if rest:
            where = [p for p in ground.places[named] if bool(p) == ground.service.has_place]
            open_at.setdefault(frozenset(rest), []).extend(where)
    found = []
    for over, places in open_at.items():
        always = over == {ground.whole}
        words = "No rule says who acts" if always else f"Nobody acts when {_when(over, ground)}"
        found += [
            Gap(ground.service.slug, ground.service.name, code, name, words, always)
            for code, name in _areas(places, world)
        ]
    return sorted(found, key=lambda gap: (gap.area_name, gap.words))


def _areas(places: Sequence[tuple[str, ...]], world: World) -> list[tuple[str, str]]:
    """The largest areas of which all is among the places, with their names."""
    chosen = set(places)
    inside: dict[str, list[tuple[str, ...]]] = {}
    for place in world.places:
        for code in place:
            inside.setdefault(code, []).append(place)
    found: dict[str, str] = {}
    for place in places:
        whole = next((code for code in reversed(place) if chosen.issuperset(inside[code])), None)
        if not place:
            found[NO_PLACE] = "Any place"
        elif whole is not None:
            found[whole] = world.names.get(whole, whole)
        else:
            # Only places of which nothing smaller is known stand for a larger area.
            found[place[0]] = f"{world.names.get(place[0], place[0])}, ward not known"
    return list(found.items())


def _when(over: Iterable[Box], ground: _Ground) -> str:
    """The cases that are left over, in words; the widest first, two of them at most."""
    ranked = sorted(over, key=lambda box: (-sum(map(len, box)), [sorted(side) for side in box]))
    said = [_case(box, ground) for box in ranked[:2]]
    return "; or ".join(said) + (", and in other cases" if len(ranked) > 2 else "")


def _case(box: Box, ground: _Ground) -> str:
    said = []
    for name, side, whole in zip(ground.sides, box, ground.whole, strict=True):
        if side == whole:
            continue
        if name == "day":
            said.append(_stretch(side, whole))
        elif name == "language":
            said.append(f"language is {_either(side, 'any other')}")
        else:
            said.append(f"{name} is {_either(side, 'not answered')}")
    return " and ".join(said)


def _either(side: frozenset[str], blank: str) -> str:
    return " or ".join(
        [*sorted(value for value in side if value), *([blank] if "" in side else [])]
    )


def _stretch(side: frozenset[str], whole: frozenset[str]) -> str:
    days = sorted(whole)
    first = min(side)
    after = next((day for day in days if day > first and day not in side), "")
    until = f" until before {_plainly(after)}" if after else ""
    return f"it is received from {_plainly(first)}{until}"


def _plainly(day: str) -> str:
    read = date.fromisoformat(day)
    return f"{read.day} {read:%B %Y}"


def _never(at: int, rule: Rule, grounds: _Takers, world: World) -> Idle:
    """Why a rule never decides."""
    if rule.valid_until and rule.valid_until < world.on:
        words = f"It ended on {_plainly(rule.valid_until.isoformat())}"
    elif not answers(rule, world):
        words = f"{rule.owner_name} does not act here any more"
    elif found := _no_service(rule, world):
        words = found
    elif rule.area_code and not any(rule.area_code in place for place in world.places):
        words = f"There is no area {rule.area_code}"
    elif found := _unanswerable(rule, world):
        words = found
    else:
        return _taken_by(at, rule, grounds)
    return Idle(rule.position, words)


def _no_service(rule: Rule, world: World) -> str:
    if any(about(rule, service) for service in world.services):
        return ""
    named = next((one for one in world.services if one.slug == rule.service), None)
    if named is not None:
        return f"{named.name} is of the tier {named.tier}, not {rule.owner_tier}"
    if rule.service is not None:
        return f"There is no service {rule.service} any more"
    return f"No service is of the tier {rule.owner_tier}"


def _known_answers(rule: Rule, world: World) -> dict[str, set[str]]:
    """What may be answered, by question, to the services that a rule is about."""
    known: dict[str, set[str]] = {}
    for service in world.services:
        if about(rule, service):
            for key, values in service.questions.items():
                known.setdefault(key, set()).update(values)
    return known


def _unknown_answers(rule: Rule, world: World) -> str:
    """An answer that a rule names and nobody can give."""
    known = _known_answers(rule, world)
    for key, values in rule.answers:
        if unknown := sorted(values - known.get(key, set())):
            return f"“{unknown[0]}” is no answer to the question “{key}”"
    return ""


def _unanswerable(rule: Rule, world: World) -> str:
    """A question of a rule to which nobody can give any of the answers that it names."""
    known = _known_answers(rule, world)
    for key, values in rule.answers:
        if key not in known:
            return f"Nobody is asked the question “{key}”"
        if not values & known[key]:
            named = " or ".join(sorted(values)) or "nothing"
            return f"“{named}” is no answer to the question “{key}”"
    return ""


def _taken_by(at: int, rule: Rule, grounds: _Takers) -> Idle:
    """Which rules before this one take all that it names."""
    takers: dict[int, bool] = {}
    named_services: set[bool] = set()
    for ground, deciding in grounds:
        box = ground.boxes.get(at)
        if box is None:
            continue
        for named in ground.places:
            if rule.area_code and rule.area_code not in named:
                continue
            before = [
                (other, theirs)
                for index, other, theirs in deciding
                if index < at
                and (not other.area_code or other.area_code in named)
                and covering.meets(theirs, box)
            ]
            named_services |= {other.service is not None for other, _ in before}
            _join(takers, {other.position: covering.holds(theirs, box) for other, theirs in before})
    return _by_whom(rule, takers, net=rule.service is None and named_services == {True})


def _by_whom(rule: Rule, takers: Mapping[int, bool], *, net: bool) -> Idle:
    alone = min((position for position, all_of_it in takers.items() if all_of_it), default=None)
    if alone is not None:
        return Idle(rule.position, f"Rule {alone} comes first and takes all of it")
    if net:
        return Idle(rule.position, "Every service under it has a rule of its own", net=True)
    listed = sorted(takers)
    if not listed:
        return Idle(rule.position, "What it asks for never comes together")
    shown = ", ".join(map(str, listed[:5])) + (" and others" if len(listed) > 5 else "")
    return Idle(rule.position, f"Rules before it take all of it: {shown}")


def _join(takers: dict[int, bool], here: Mapping[int, bool]) -> None:
    """One rule takes all only where it takes all of every part; an empty start knows none yet."""
    if not takers:
        takers.update(here)
        return
    for position in {*takers, *here}:
        takers[position] = takers.get(position, False) and here.get(position, False)
