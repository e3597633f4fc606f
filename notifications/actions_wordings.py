"""What messages say, written and published by councils: a draft, then live, then replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from notifications import live, saying, shipped, wording_checks
from notifications.events import EVENTS, SMS
from notifications.models import Wording, WordingState, WordingVersion
from notifications.shipped import Source
from notifications.wording_checks import Fault


class NoSuchWords(DomainError):
    """There is no such message, or nobody writes its words."""

    code = "no_such_words"


class WordsWrong(DomainError):
    """The words cannot be kept: what is wrong with them is in `faults`."""

    code = "words_wrong"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(one.words for one in self.faults))


class Changed(DomainError):
    """Somebody else saved, published or laid aside the draft meanwhile."""

    code = "words_changed"


@dataclass(frozen=True, slots=True)
class Place:
    """Which words: of an event by a medium in a language, of a body (its id) or the partnership."""

    event: str
    medium: str
    language: str
    organisation_id: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is a text message: without a subject, and paid by its parts."""
        return self.medium == SMS

    def __str__(self) -> str:
        whose = self.organisation_id or "partnership"
        return f"wording:{self.event}.{self.medium}.{self.language}:{whose}"


def check_place(place: Place) -> Source:
    """What we ship there, to begin with. Raises NoSuchWords."""
    known = EVENTS.get(place.event)
    if known is None or place.medium not in known.media or place.event in saying.WITHOUT_WORDS:
        raise NoSuchWords("There is no such message")
    if place.organisation_id is not None and place.event not in saying.OF_A_BODY:
        raise NoSuchWords("This message speaks for the partnership")
    if place.language not in languages_of(place.event):
        raise NoSuchWords("Nothing is written in this language")
    ours = shipped.source(place.event, place.medium, place.language)
    return ours or shipped.source(place.event, place.medium, shipped.ENGLISH) or Source("", "")


def languages_of(event: str) -> list[str]:
    """The languages in which an event is said: staff are written to in English."""
    every = shipped.languages()
    return [shipped.ENGLISH] if saying.of(event).group == saying.STAFF else every


@transaction.atomic
def save_draft(
    place: Place, *, source: Source, edition: int, actor: Actor, now: datetime
) -> WordingVersion:
    """Keeps words as the draft. `edition` is that of the draft they were written from, 0 for none.

    Nobody is sent anything of it yet. Raises NoSuchWords, WordsWrong, Changed.
    """
    check_place(place)
    kept = wording_checks.tidied(place.medium, source)
    faults = wording_checks.faults(place.event, place.medium, kept)
    if faults:
        raise WordsWrong(faults)
    of = _locked(place)
    draft = of.versions.filter(state=WordingState.DRAFT).first()
    if (draft.edition if draft else 0) != edition:
        raise Changed(
            "Somebody else changed this draft. Yours is not lost: compare, and save again"
        )
    if draft is None:
        draft = WordingVersion(wording=of, number=_next(of), edition=0)
    draft.subject, draft.body = kept.subject, kept.body
    draft.edition += 1
    draft.written_by, draft.written_at = actor.name, now
    draft.save()
    return draft


@transaction.atomic
def publish(place: Place, *, edition: int, actor: Actor, now: datetime) -> WordingVersion:
    """From now on messages say what the draft says; other processes know it in seconds.

    Raises NoSuchWords, WordsWrong, Changed.
    """
    check_place(place)
    of = _locked(place)
    draft = of.versions.filter(state=WordingState.DRAFT, edition=edition).first()
    if draft is None:
        raise Changed("The draft is no longer as you read it. Read it again before you publish it")
    # What a message needs may have changed since it was saved.
    faults = wording_checks.faults(place.event, place.medium, Source(draft.subject, draft.body))
    if faults:
        raise WordsWrong(faults)
    _retire(of, actor=actor, now=now)
    draft.state = WordingState.LIVE
    draft.published_by, draft.published_at = actor.name, now
    draft.save(update_fields=["state", "published_by", "published_at"])
    _note("published", place, draft.number, actor, now)
    return draft


@transaction.atomic
def discard(place: Place, *, edition: int, actor: Actor, now: datetime) -> None:
    """Lays a draft aside for good. Raises NoSuchWords, Changed."""
    check_place(place)
    of = _locked(place)
    draft = of.versions.filter(state=WordingState.DRAFT, edition=edition).first()
    if draft is None:
        raise Changed("The draft is no longer as you read it. Nothing was deleted")
    number = draft.number
    draft.delete()
    _note("draft_discarded", place, number, actor, now)


@transaction.atomic
def use_earlier(place: Place, *, actor: Actor, now: datetime) -> None:
    """Ends a body's or the partnership's own words: then the next say it, at last ours.

    Raises NoSuchWords, Changed.
    """
    check_place(place)
    of = _locked(place)
    number = _retire(of, actor=actor, now=now)
    if number is None:
        raise Changed("There are no words of your own to end")
    _note("ended", place, number, actor, now)


@transaction.atomic
def restore(
    place: Place, *, number: int, edition: int, actor: Actor, now: datetime
) -> WordingVersion:
    """Begins a draft with the words of an earlier version, or (number 0) with ours.

    `edition` is that of the draft whose place it takes, 0 for none.
    Raises NoSuchWords, WordsWrong, Changed.
    """
    ours = check_place(place)
    if number:
        row = WordingVersion.objects.filter(
            number=number, **{f"wording__{key}": value for key, value in _where(place).items()}
        ).first()
        if row is None:
            raise NoSuchWords("There is no such version")
        ours = Source(row.subject, row.body)
    return save_draft(place, source=ours, edition=edition, actor=actor, now=now)


def _where(place: Place) -> dict[str, object]:
    return {
        "event": place.event,
        "medium": place.medium,
        "language": place.language,
        "organisation_id": place.organisation_id,
    }


def _locked(place: Place) -> Wording:
    """Its row, which is made by whoever comes first."""
    Wording.objects.bulk_create([Wording(**_where(place))], ignore_conflicts=True)
    found: Wording = Wording.objects.select_for_update(no_key=True).get(**_where(place))
    return found


def _next(of: Wording) -> int:
    newest = of.versions.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _retire(of: Wording, *, actor: Actor, now: datetime) -> int | None:
    row = of.versions.filter(state=WordingState.LIVE).first()
    if row is None:
        return None
    row.state = WordingState.RETIRED
    row.retired_by, row.retired_at = actor.name, now
    row.save(update_fields=["state", "retired_by", "retired_at"])
    return row.number


def _note(what: str, place: Place, number: int, actor: Actor, now: datetime) -> None:
    audit.record(
        f"wording.{what}", actor=actor, target=str(place), at=now, data={"version": number}
    )
    # This process says it at once; others look again in some seconds.
    transaction.on_commit(live.forget)


__all__ = [
    "Changed",
    "Fault",
    "NoSuchWords",
    "Place",
    "Source",
    "WordsWrong",
    "check_place",
    "discard",
    "languages_of",
    "publish",
    "restore",
    "save_draft",
    "use_earlier",
]
