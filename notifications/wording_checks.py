"""What may be wrong with the words of a message, found before anybody is sent them. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from notifications import facts, gsm, rich, shipped, wording
from notifications.events import EVENTS, LETTER, SMS
from notifications.shipped import ENGLISH, Source
from notifications.wording import Part, Problem, Unreadable

LONGEST = {SMS: 1_500, "email": 10_000, LETTER: 8_000}
LONGEST_SUBJECT = 300
SUBJECT, BODY = "subject", "body"
# Without these a message leads nowhere.
_KEY = frozenset({"reference", "code", "link", "track_url", "page_url", "desk_url", "my_url"})
# Line breaks alone are let through of what nobody can see; surrogates and private signs never.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff\ue000-\uf8ff]")
_OTHER_SYNTAX = re.compile(r"\{\{\s*(\w+)\s*\}\}|\{%")
_ONE_BRACKET = re.compile(r"(?<!\()\(([A-Za-z][A-Za-z_]*)\)\)?(?!\))")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in the subject or the body, and what to do."""

    field: str
    words: str


def allowed(event: str) -> list[str]:
    """The names that the words of an event may use, its own first."""
    keys = EVENTS[event].keys
    own = [name for name in facts.FACTS if name in keys]
    rest = sorted(keys - facts.FACTS.keys())
    return [*own, *rest, *sorted(facts.following(keys)), *facts.HOUSE]


def required(event: str, medium: str) -> list[str]:
    """What every message of an event has to say: the reference, the link or the code that ours
    say in whatever case."""
    ours = shipped.source(event, medium, ENGLISH)
    if ours is None:
        return []
    parts = (*wording.parse(ours.subject), wording.Text(" "), *wording.parse(ours.body))
    return [name for name in allowed(event) if name in _KEY and _always_says(parts, name, event)]


def tidied(medium: str, source: Source) -> Source:
    """The words as they are kept: texts with the signs that a text can hold at its usual price."""
    subject = " ".join(source.subject.split()) if medium != SMS else ""
    lines = (line.rstrip() for line in source.body.replace("\r\n", "\n").split("\n"))
    body = "\n".join(lines).strip("\n")
    return Source(subject, gsm.plain(body) if medium == SMS else body)


def faults(event: str, medium: str, source: Source) -> list[Fault]:
    """Everything that is wrong with words, in the order in which it is read."""
    found: list[Fault] = []
    read: dict[str, tuple[Part, ...]] = {SUBJECT: (), BODY: ()}
    for field, text, longest in (
        (SUBJECT, source.subject, LONGEST_SUBJECT),
        (BODY, source.body, LONGEST[medium]),
    ):
        if field == SUBJECT and medium == SMS:
            continue
        wrong = list(_of_text(field, text, longest))
        if not wrong:
            try:
                read[field] = wording.parse(text)
            except Unreadable as error:
                wrong += [Fault(field, _placed(text, one)) for one in error.problems]
            else:
                wrong += _of_names(event, field, text, read[field])
        found += wrong
    return found or _of_whole(event, medium, read)


def remarks(event: str, source: Source) -> list[str]:
    """What is perhaps not meant; it may be kept all the same."""
    names = set(allowed(event))
    return [
        f"({one[1]}) is said as it stands. For the fact write (({one[1]}))"
        for text in (source.subject, source.body)
        for one in _ONE_BRACKET.finditer(text)
        if one[1] in names
    ]


def _of_text(field: str, text: str, longest: int) -> Iterator[Fault]:
    what = "The subject" if field == SUBJECT else "The message"
    if not text.strip():
        yield Fault(field, f"Enter {what.lower()}")
    elif len(text) > longest:
        yield Fault(field, f"{what} must be {longest:,} characters or fewer")
    elif _UNSEEN.search(text):
        yield Fault(field, f"{what} holds a sign that nobody can see. Delete it or type it anew")
    elif other := _OTHER_SYNTAX.search(text):
        name = other[1] or "reference"
        yield Fault(field, f"Write (({name})) with round brackets, not {other[0]}")
    elif field == BODY:
        for at, target in rich.links_wrong(re.sub(r"\(\(\w+\)\)", "https://x", text)):
            words = f"The link to “{target}” leads nowhere. Begin it with https:// or use a fact"
            yield Fault(field, _placed(text, wording.problem(text, at, words)))


def _placed(text: str, one: Problem) -> str:
    """What is wrong; in words of several lines with the line."""
    return f"Line {one.line}: {one.words}" if "\n" in text else one.words


def _of_names(event: str, field: str, text: str, parts: tuple[Part, ...]) -> list[Fault]:
    names = allowed(event)
    said = wording.said(parts)
    found = []
    for name, at in wording.names(parts):
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f" Is it (({near[0]}))?" if near else ""
            words = f"There is no fact (({name})) in this message.{hint}"
            found.append(Fault(field, _placed(text, wording.problem(text, at, words))))
        elif name in said and facts.known(name).kind == facts.FLAG:
            words = f"(({name})) is only yes or nothing. Write (({name}??words))"
            found.append(Fault(field, _placed(text, wording.problem(text, at, words))))
    return list(dict.fromkeys(found))


def _of_whole(event: str, medium: str, read: Mapping[str, tuple[Part, ...]]) -> list[Fault]:
    whole = (*read[SUBJECT], wording.Text(" "), *read[BODY])
    found = [
        Fault(BODY, f"Say (({name})) in every case: {facts.known(name).meaning}")
        for name in required(event, medium)
        if not _always_says(whole, name, event)
    ]
    if medium != SMS and not _never_empty(read[SUBJECT], event):
        found.append(Fault(SUBJECT, "There are cases in which nothing is left of the subject"))
    if not _never_empty(read[BODY], event):
        found.append(Fault(BODY, "There are cases in which nothing is left of the message"))
    return found


def _cases(event: str) -> Iterator[dict[str, str]]:
    """All facts known, none, each one missing, each one alone."""
    names = [*EVENTS[event].keys, *facts.following(EVENTS[event].keys)]
    house = dict.fromkeys(facts.HOUSE, "x")
    yield {**house, **dict.fromkeys(names, "x")}
    yield dict(house)
    for one in names:
        yield {**house, **{name: "x" for name in names if name != one}}
        yield {**house, one: "x"}


def _always_says(parts: tuple[Part, ...], name: str, event: str) -> bool:
    mark = "\x01"
    return all(mark in wording.text(parts, {**case, name: mark}) for case in _cases(event))


def _never_empty(parts: tuple[Part, ...], event: str) -> bool:
    given = dict.fromkeys(_KEY & EVENTS[event].keys, "x")
    return all(wording.text(parts, {**case, **given}).strip() for case in _cases(event))
