"""What our data says to citizens, where, and how much of it each language has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts import outside
from kb.forms import reading
from kb.forms.schema import YES_NO, Form
from kb.models import (
    Article,
    ContentWords,
    Danger,
    FormState,
    FormVersion,
    Notice,
    Purpose,
    Service,
)
from kb.queries_notices import in_force
from kb.tongue_files import Text
from kb.tongues import called, is_english

# Where one text is said at many places, so many of them are named.
_MOST_PLACES = 4
_PURPOSE = (
    "name",
    "words",
    "uses",
    "lawful_basis",
    "special_category",
    "controller",
    "recipients",
    "retention",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many texts of how many a language has; `old` are translations of what is said no more."""

    language: str
    name: str
    done: int
    total: int
    old: int

    @property
    def missing(self) -> int:
        """How many it does not have."""
        return self.total - self.done

    @property
    def percent(self) -> int:
        """Rounded down: 100 is all."""
        return self.done * 100 // self.total if self.total else 100


def languages() -> dict[str, str]:
    """The languages that data can be translated into, with their names."""
    return {code: name for code, name in settings.LANGUAGES if not is_english(code)}


def texts(*, now: datetime | None = None) -> list[Text]:
    """Every text that data says to citizens now, each once, in the order of their pages."""
    found: dict[str, list[str]] = {}
    for source, where in _said(now or timezone.now()):
        if source.strip():
            places = found.setdefault(source, [])
            if where not in places:
                places.append(where)
    return [Text(source, _named(places)) for source, places in found.items()]


def _named(places: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(places[:_MOST_PLACES])
    rest = len(places) - len(kept)
    return (*kept, f"and {rest} more") if rest else kept


def known(language: str) -> dict[str, str]:
    """The translations of a language by their sources."""
    rows = ContentWords.objects.filter(language=language)
    return dict(rows.values_list("source", "text"))


def coverage() -> list[Coverage]:
    """How far each language is."""
    sources = {one.source for one in texts()}
    found = []
    for code, name in languages().items():
        have = set(known(code))
        done = len(sources & have)
        found.append(Coverage(code, name, done, len(sources), len(have - sources)))
    return found


def untranslated(language: str) -> list[Text]:
    """The texts that a language does not have."""
    have = known(language)
    return [one for one in texts() if one.source not in have]


def _said(now: datetime) -> Iterator[tuple[str, str]]:
    for one in Service.objects.filter(is_active=True).order_by("group", "name"):
        yield one.group, "Group of services"
        yield one.name, f"Service “{one.slug}”: name"
        yield one.summary, f"Service “{one.slug}”: what it is"
        yield (
            called(one.name),
            f"Service “{one.slug}”: words that people search for, parted by commas; never shown",
        )
        yield one.prompt, f"Service “{one.slug}”: hint of “What happened?”"
    for danger in Danger.objects.all():
        yield danger.say, f"Danger, “{danger.name}”: what is said first"
        yield danger.words, f"Danger, “{danger.name}”: words that may mean it; never shown"
    live = FormVersion.objects.filter(state=FormState.LIVE, service__is_active=True)
    for version in live.select_related("service").order_by("service__group", "service__name"):
        yield from of_form(version.service.slug, reading.form(version.data))
    yield from _articles()
    for row in outside.bodies():
        yield row.hand_off, f"Body outside, “{row.slug}”: what people are told"
    for notice in Notice.objects.filter(pk__in=in_force(now)).order_by("pk"):
        for name in ("title", "words", "advice", "end_words"):
            yield getattr(notice, name), f"Notice: {name}"
    yield from _purposes()


def of_form(slug: str, form: Form) -> Iterator[tuple[str, str]]:
    """What a form says, also where it differs in an area, each with where that is."""
    for one in form.questions:
        at = f"Form “{slug}”, question “{one.key}”"
        yield one.words, at
        yield one.hint, f"{at}: hint"
        yield one.why, f"{at}: why we ask"
        yield one.unit, f"{at}: unit"
        for choice in one.choices if one.choices != YES_NO else ():
            yield choice.words, f"{at}: answer “{choice.value}”"
            yield choice.hint, f"{at}: hint of answer “{choice.value}”"
        for code, different in one.areas.items():
            yield from _of_area(different, f"{at} in {code}")
    for end in form.ends:
        at = f"Form “{slug}”, end “{end.key}”"
        yield end.title, f"{at}: title"
        yield end.words, f"{at}: words"
        yield end.next_step, f"{at}: next step"


def _of_area(different: Any, at: str) -> Iterator[tuple[str, str]]:
    for name in ("words", "hint", "why"):
        yield str(different.get(name, "")), f"{at}: {name}"
    for choice in different.get("choices", ()):
        yield choice["words"], f"{at}: answer “{choice['value']}”"
        yield choice.get("hint", ""), f"{at}: hint of answer “{choice['value']}”"


def _articles() -> Iterator[tuple[str, str]]:
    for one in Article.objects.filter(is_published=True).order_by("title", "pk"):
        at = f"Answer “{one.slug}”"
        yield one.title, f"{at}: title"
        yield one.summary, f"{at}: summary"
        yield one.short, f"{at}: as a text message"
        for start in one.start:
            yield str(start.get("words", "")), f"{at}: button"


def _purposes() -> Iterator[tuple[str, str]]:
    for purpose in Purpose.objects.order_by("pk"):
        for name in _PURPOSE:
            yield getattr(purpose, name), f"Privacy notice, “{purpose.slug}”: {name}"
