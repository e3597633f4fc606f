"""What a form could do better, and what is wrong with it, before anybody is asked by it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kb.forms import conditions, explained, standard, walking
from kb.forms.schema import CHOSEN, DESCRIPTION, PLACES, End, EndKind, Form, Kind, Question


class Level(StrEnum):
    """How bad: what is wrong keeps a form from being published, the rest does not."""

    WRONG = "wrong"
    THINK = "think again"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one question or end (`where` is its key; "" for the whole form)."""

    level: Level
    rule: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a form is held against. None: nothing is known about it, and nothing is said.

    `ruled` are the answers that routing rules name, by the key of their question; `segments` counts
    the parts of a text message.
    """

    areas: Collection[str] | None = None
    articles: Collection[str] | None = None
    ruled: Mapping[str, Collection[str]] = field(default_factory=dict)
    segments: Callable[[str], int] | None = None


MANY_CHOICES = 9
KIOSK_CHOICES = 5
LONG_SENTENCE = 25
LONG_QUESTION = 90
LONG_FORM = 10
MOST_SEGMENTS = 2
_OPEN = frozenset({Kind.TEXT, Kind.WORDS, Kind.NUMBER, Kind.DATE})
_UNSURE = re.compile(r"\b(not|n't|n’t) (know|sure)\b|\bunsure\b|\bunknown\b", re.IGNORECASE)
_SENSITIVE = re.compile(
    r"\b(born|birth|disab\w+|disorders?|health|medical|medicines?|illness|pregnan\w+|ethnic\w*|"
    r"religio\w*|gender|sexual\w*|national insurance|income|earn\w*|savings|bank account|benefits?|"
    r"immigration|nationality|convict\w*|abuse\w*)\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\byour (full |first |last |own )?name\b|\be-?mail\b|\b(phone|mobile|telephone)\b|"
    r"\bpost ?codes?\b|\byour (home )?address\b|\bwhere do you live\b",
    re.IGNORECASE,
)
_KNOWN_KEYS = frozenset({"name", "email", "phone", "postcode", "address", "telephone", "mobile"})
# What the catalogue adds: with the same key one of the two would never be asked.
_RESERVED = {
    standard.PLACE: PLACES,
    standard.FILES: frozenset({Kind.FILE}),
    standard.PERSON: frozenset({Kind.PERSON}),
}
_TONE = re.compile(r"\bplease\b|!|\bsuccessfully\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?\n]+")


def lint(form: Form, known: Known, *, today: date) -> list[Finding]:
    """Everything worth saying, what is wrong first, then in the order of the form."""
    found: list[Finding] = []
    for question in form.questions:
        found += _question(question, form, known)
    for end in form.ends:
        found += _end(end, form, known)
    found += _whole(form, known, today)
    order = [one.key for one in form.questions] + [one.key for one in form.ends]
    place = {key: at for at, key in enumerate(order)}
    return sorted(
        found, key=lambda one: (one.level is not Level.WRONG, place.get(one.where, len(order)))
    )


def wrong(findings: Collection[Finding]) -> list[Finding]:
    """Those that keep a form from being published."""
    return [one for one in findings if one.level is Level.WRONG]


def _think(rule: str, where: str, words: str) -> Finding:
    return Finding(Level.THINK, rule, where, words)


def _question(one: Question, form: Form, known: Known) -> Iterator[Finding]:
    if one.kind in _OPEN and not one.hint and one.key != DESCRIPTION:
        yield _think("no-hint", one.key, "A hint helps people to know what to write")
    if _SENSITIVE.search(one.words) and not one.why:
        yield _think("no-why", one.key, "This is personal: say why we ask")
    if one.kind in {Kind.TEXT, Kind.WORDS, Kind.NUMBER} and (
        _KNOWN.search(one.words) or one.key in _KNOWN_KEYS
    ):
        yield _think(
            "known",
            one.key,
            "It asks for what we know: names, ways to reach people and places have questions of "
            "their own in every form",
        )
    if one.kind not in _RESERVED.get(one.key, {one.kind}):
        words = f"The key “{one.key}” is that of a question in every form. Choose another"
        yield Finding(Level.WRONG, "reserved", one.key, words)
    yield from _choices(one, known)
    yield from _lengths(one, known)
    yield from _areas(one, form, known)
    texts = [one.words, one.hint, one.why, *(f"{each.words}. {each.hint}" for each in one.choices)]
    yield from _reading(one.key, texts)


def _choices(one: Question, known: Known) -> Iterator[Finding]:
    if one.kind not in CHOSEN:
        return
    count = len(one.choices)
    if count > MANY_CHOICES:
        yield _think("many-choices", one.key, f"{count} choices are many. Can they be grouped?")
    elif count > KIOSK_CHOICES:
        yield _think(
            "kiosk-choices",
            one.key,
            f"{count} choices need two screens on a kiosk, which shows {KIOSK_CHOICES}",
        )
    said = {each.words.strip().casefold() for each in one.choices}
    if one.kind is Kind.CHOICE and said == {"yes", "no"}:
        yield _think("yes-no", one.key, "Use the kind “yes or no”: it is drawn and read as such")
    if len(said) < count:
        yield Finding(Level.WRONG, "same-choice", one.key, "Two choices read the same")
    unsure = any(_UNSURE.search(f"{each.value} {each.words}") for each in one.choices)
    if one.key in known.ruled and one.kind is Kind.CHOICE and not unsure:
        yield _think(
            "no-unsure",
            one.key,
            "Its answer decides who acts. Add “I do not know”, so that nobody has to guess",
        )


def _lengths(one: Question, known: Known) -> Iterator[Finding]:
    if len(one.words) > LONG_QUESTION:
        yield _think("long", one.key, f"{len(one.words)} characters are long for a kiosk’s heading")
    if known.segments is None or one.kind in {Kind.PERSON, Kind.FILE}:
        return
    parts = known.segments(explained.as_text(one))
    if parts > MOST_SEGMENTS:
        yield _think("sms", one.key, f"As a text message it takes {parts} parts. Shorten it")


def _areas(one: Question, form: Form, known: Known) -> Iterator[Finding]:
    looked = set(_values_named(form, one.key))
    for code, different in one.areas.items():
        if known.areas is not None and code not in known.areas:
            yield Finding(Level.WRONG, "no-area", one.key, f"“{code}” is no area")
        if "choices" in different:
            there = {each["value"] for each in different["choices"]}
            for value in sorted((looked | set(known.ruled.get(one.key, ()))) - there):
                words = f"In {code} nobody can choose “{value}”, which decides what follows"
                yield _think("area-choice", one.key, words)


def _values_named(form: Form, key: str) -> Iterator[str]:
    for condition in (*(one.when for one in form.questions), *(one.when for one in form.ends)):
        for test in walking.tests(condition):
            if test.question == key and test.op == "is":
                yield from test.value if isinstance(test.value, list) else [test.value]


def _reading(where: str, texts: Collection[str]) -> Iterator[Finding]:
    for text in texts:
        longest = max((len(part.split()) for part in _SENTENCE.split(text)), default=0)
        if longest > LONG_SENTENCE:
            yield _think(
                "long-sentence", where, f"A sentence of {longest} words is hard to read. Split it"
            )
            break
    if any(_TONE.search(text) for text in texts):
        yield _think("tone", where, "Leave out “please”, “successfully” and exclamation marks")


def _end(one: End, form: Form, known: Known) -> Iterator[Finding]:
    if one.article and known.articles is not None and one.article not in known.articles:
        yield Finding(Level.WRONG, "no-article", one.key, f"There is no answer “{one.article}”")
    if one.phone and sum(letter.isdigit() for letter in one.phone) < 3:
        yield Finding(Level.WRONG, "no-phone", one.key, f"“{one.phone}” is no telephone number")
    if one.kind in {EndKind.ANSWERED, EndKind.NOT_OURS} and not (
        one.next_step or one.phone or one.article
    ):
        yield _think("no-next", one.key, "Say what people can do now: a step, a phone or an answer")
    if one.kind is EndKind.EMERGENCY:
        looked = set(conditions.questions(one.when))
        last = max((at for at, each in enumerate(form.questions) if each.key in looked), default=0)
        before = [
            each.key
            for each in form.questions[:last]
            if each.required and each.when is None and each.key not in looked
        ]
        if before:
            yield _think(
                "late-emergency",
                one.key,
                f"People answer {len(before)} other question{'s' if len(before) > 1 else ''} "
                "before they are told to ring. Ask first what could be an emergency",
            )
    yield from _reading(one.key, [one.title, one.words, one.next_step])


def _whole(form: Form, known: Known, today: date) -> Iterator[Finding]:
    said: dict[str, str] = {}
    for one in form.questions:
        same = said.setdefault(one.words.strip().casefold(), one.key)
        if same != one.key:
            yield _think("same-words", one.key, f"It has the same words as “{same}”")
    for key, values in known.ruled.items():
        yield from _ruled(form, key, values)
    yield from _ways(form, walking.walk(form, today=today))


def _ways(form: Form, ways: walking.Ways) -> Iterator[Finding]:
    if ways.longest > LONG_FORM:
        words = f"Up to {ways.longest} questions are many. Ask only what somebody will use"
        yield _think("long-form", "", words)
    if not ways.is_whole:
        return
    for one in form.questions:
        if one.key not in ways.asked:
            words = "Nobody is ever asked this: what it depends on cannot be"
            yield Finding(Level.WRONG, "unreachable", one.key, words)
    for end in form.ends:
        if end.key not in ways.ended:
            words = "Nobody ever comes to this end: what it depends on cannot be"
            yield Finding(Level.WRONG, "unreachable", end.key, words)
    if not ways.sent:
        yield _think("never-sent", "", "Every way through ends early: nobody can send anything")


def _ruled(form: Form, key: str, values: Collection[str]) -> Iterator[Finding]:
    question = form.question(key)
    if question is None:
        words = f"Routing rules name the question “{key}”, which is not asked: they never fit"
        yield Finding(Level.WRONG, "ruled", key, words)
        return
    for value in sorted(set(values) - set(question.values)):
        words = f"Routing rules name the answer “{value}”, which cannot be given: they never fit"
        yield Finding(Level.WRONG, "ruled", key, words)
