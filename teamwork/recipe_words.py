"""Macros and rules in sentences, as people who write them read them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from enquiries.channels import CHANNEL_WORDS
from enquiries.lifecycle import OUTCOME_WORDS, PRIORITY_WORDS, STAFF_WORDS
from teamwork.matching import TRIGGERS
from teamwork.recipes import Act, Conditions, Known

_OUTCOMES = {one.value: words for one, words in OUTCOME_WORDS.items()}
_PRIORITIES = {one.value: words.lower() for one, words in PRIORITY_WORDS.items()}
_STATUSES = {one.value: words.lower() for one, words in STAFF_WORDS.items()}
_CHANNELS = {one.value: words.lower() for one, words in CHANNEL_WORDS.items()}


def act(one: Act, known: Known) -> str:
    """What an act does, without its long words: Set the priority to urgent."""
    data = one.data
    names: dict[str, tuple[str, Mapping[str, str], str]] = {
        "service": ("Set the service to “{}”", known.services, "service"),
        "priority": ("Set the priority to {}", _PRIORITIES, "priority"),
        "team": ("Give it to the team {}", known.teams, "team"),
        "refer": ("Send it to {}", known.bodies, "organisation"),
        "tell_team": ("Tell the team {} by email", known.teams, "team"),
        "resolve": ("Resolve it as “{}”", _OUTCOMES, "outcome"),
    }
    if one.kind == "ask" and data.get("unforeseeable"):
        return "Ask the citizen what nobody could have asked at the start"
    if one.kind == "task" and data.get("days"):
        days = int(data["days"])
        return f"Add a task, due after {days} day{'' if days == 1 else 's'}"
    if one.kind not in names:
        return _PLAIN[one.kind]
    words, called, name = names[one.kind]
    return words.format(_name(called, data[name]))


_PLAIN = {
    "checklist": "Add the checklist of its service as tasks", "task": "Add a task",
    "take": "Take the case", "watch": "Watch the case", "note": "Add a note",
    "reply": "Tell the citizen", "ask": "Ask the citizen",
}  # fmt: skip


def _name(names: Mapping[str, str], key: str) -> str:
    return str(names.get(key, "something that is no longer there"))


def when(trigger: str) -> str:
    """The beginning of a rule's sentence."""
    known = TRIGGERS.get(trigger)
    return f"When {known.words}" if known else "When nothing that can happen"


def asked(conditions: Conditions, known: Known) -> list[str]:
    """Each condition as it follows "and"."""
    one = conditions
    found = [
        _either("it is about", one.services, known.services),
        _either("the place is in", one.areas, known.areas),
        _either("it is with", one.partners, known.bodies),
        _either("it came by", one.channels, _CHANNELS),
        _either("its priority is", one.priorities, _PRIORITIES),
        _either("its status is", one.statuses, _STATUSES),
        _either("it ended as", one.outcomes, {k: v.lower() for k, v in _OUTCOMES.items()}),
        _either("its language is", one.languages, known.languages),
        _either("the words have", one.words, {word: f"“{word}”" for word in one.words}),
    ]
    if one.vulnerable:
        is_so = "is" if one.vulnerable == "yes" else "is not"
        found.append(f"the person {is_so} marked as vulnerable")
    if one.chases:
        times = "once" if one.chases == 1 else f"{one.chases} times"
        found.append(f"somebody asked how it is going at least {times}")
    if one.hours:
        found.append(f"it came at least {_age(one.hours)} ago")
    if one.time:
        found.append(f"it is {'in' if one.time == 'working' else 'outside'} working time")
    if one.start:
        found.append(f"it is between {one.start} and {one.end}")
    return [words for words in found if words]


def _age(hours: int) -> str:
    if hours % 24 == 0:
        return "a day" if hours == 24 else f"{hours // 24} days"
    return "an hour" if hours == 1 else f"{hours} hours"


def _either(words: str, keys: Iterable[str], names: Mapping[str, str]) -> str:
    named = [_name(names, key) for key in keys]
    if not named:
        return ""
    listed = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
    return f"{words} {listed}"


def sentence(trigger: str, conditions: Conditions, acts: Iterable[Act], known: Known) -> str:
    """A whole rule: When … and … then …."""
    clauses = [when(trigger), *asked(conditions, known)]
    done = [act(one, known) for one in acts]
    lowered = [done[0][0].lower() + done[0][1:], *(w[0].lower() + w[1:] for w in done[1:])]
    return f"{' and '.join(clauses)}, then {', then '.join(lowered)}."
