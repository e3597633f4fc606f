"""Translates our data: whole files at once, or nothing of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kb import queries_tongues, search_index, tongues
from kb.models import Article, ContentWords, Service
from kb.tongue_files import BadWords, Problem, unfit


class WordsChanged(DomainError):
    """What the page showed is not so any more."""

    code = "words_changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One text with its translation as it was (nothing: there was none) and as it will be."""

    source: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What translations change. `unused` are of texts that nothing says now: they are kept."""

    language: str
    rows: tuple[Change, ...] = ()
    same: int = 0
    unused: int = 0

    @property
    def new(self) -> tuple[Change, ...]:
        """Texts that had no translation."""
        return tuple(one for one in self.rows if not one.before)

    @property
    def other(self) -> tuple[Change, ...]:
        """Texts that had another translation."""
        return tuple(one for one in self.rows if one.before)


def compare(*, language: str, texts: Mapping[str, str]) -> Changes:
    """What it would change to save these translations."""
    known = queries_tongues.known(language)
    said = {one.source for one in queries_tongues.texts()}
    rows = tuple(
        Change(source, known.get(source, ""), text)
        for source, text in texts.items()
        if known.get(source) != text
    )
    unused = sum(1 for source in texts if source not in said)
    return Changes(language, rows, len(texts) - len(rows), unused)


@transaction.atomic
def save(*, language: str, texts: Mapping[str, str], actor: Actor, now: datetime) -> Changes:
    """Keeps translations by their sources; who reads is told so within `tongues.STALE` seconds.

    The same again changes nothing. Raises BadWords for a language that is none of ours, and for
    what cannot stand for its source.
    """
    if language not in queries_tongues.languages():
        raise BadWords([Problem(0, f"“{language[:20]}” is none of our other languages")])
    wrong = [Problem(0, words) for one in texts.items() if (words := unfit(*one))]
    if wrong:
        raise BadWords(wrong)
    changes = compare(language=language, texts=texts)
    if not changes.rows:
        return changes
    ContentWords.objects.bulk_create(
        [
            ContentWords(
                language=language,
                key=tongues.key(one.source),
                source=one.source,
                text=one.after,
                changed_at=now,
                changed_by=actor.name[:120],
            )
            # In one order, so that two who save at once wait for each other, once.
            for one in sorted(changes.rows, key=lambda row: tongues.key(row.source))
        ],
        update_conflicts=True,
        unique_fields=["language", "key"],
        update_fields=["text", "changed_at", "changed_by"],
        batch_size=1_000,
    )
    _index({one.source for one in changes.rows})
    audit.record(
        "words.translated",
        actor=actor,
        target=f"language:{language}",
        at=now,
        data={"new": len(changes.new), "changed": len(changes.other)},
    )
    tongues.forget()
    transaction.on_commit(tongues.forget)
    return changes


@transaction.atomic
def save_seen(*, language: str, seen: Collection[Change], actor: Actor, now: datetime) -> Changes:
    """Keeps changes as somebody has read them. Raises WordsChanged, and what `save` raises."""
    known = queries_tongues.known(language)
    if any(known.get(one.source, "") != one.before for one in seen):
        raise WordsChanged(
            "Somebody else translated some of these texts meanwhile. Nothing was saved: look at "
            "what would change now, and save it if it is still right"
        )
    texts = {one.source: one.after for one in seen}
    return save(language=language, texts=texts, actor=actor, now=now)


def _index(sources: Collection[str]) -> None:
    """Services and answers are found by their names in every language."""
    names = {tongues.named(one) for one in sources}
    services = Service.objects.filter(name__in=names) | Service.objects.filter(summary__in=sources)
    answers = Article.objects.filter(title__in=sources) | Article.objects.filter(
        summary__in=sources
    )
    search_index.write("service", list(services.values_list("slug", flat=True)))
    search_index.write("answer", list(answers.values_list("slug", flat=True)))
