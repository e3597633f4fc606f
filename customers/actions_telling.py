"""Changes how people are told: what they need, by what, and their word on texts and news."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission, Viewer
from core import audit, outbox, sealing
from core.audit import CITIZEN, Actor
from core.errors import DomainError
from core.privacy import address_hash
from customers import ways
from customers.adjusting import NEEDS_WORDS, WORDS, Need, review_on
from customers.models import Adjustment, ContactPoint, MarketingWord, Person, TextWord
from customers.queries import NoSuchPerson
from customers.queries_telling import OUTSIDE

LONGEST_ADDRESS = 300
TEXTS_STOPPED = "channels.texts_stopped"


class NotAWay(DomainError):
    """What was chosen is none of what there is."""

    code = "way_of_telling_unknown"


class WordsNeeded(DomainError):
    """This need says nothing without words."""

    code = "adjustment_words_missing"
    field = "words"


class NoSuchNeed(DomainError):
    """It has ended, or never was."""

    code = "no_such_adjustment"


class HeldByProvider(DomainError):
    """They sent STOP by text: only their own START takes it back."""

    code = "texts_stopped_by_text"


class AddressNotWhole(DomainError):
    """A letter would not reach it."""

    code = "postal_address_not_whole"
    field = "address"


def _held(viewer: Viewer, public_id: uuid.UUID) -> Person:
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    found = Person.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPerson("There is no such person")
    return found


def _written(what: str, person: Person, actor: Actor, now: datetime, **data: object) -> None:
    audit.record(what, actor=actor, target=f"person:{person.public_id}", at=now, data=data)


def _way(medium: str) -> str:
    if medium and medium not in dict(ways.MEDIA):
        raise NotAWay(_("Choose how we tell you"))
    return medium


@transaction.atomic
def prefer(*, viewer: Viewer, person: uuid.UUID, medium: str, now: datetime) -> bool:
    """By what somebody wants to be told of all of theirs, as they told staff; "" for no choice.

    Whether anything changed. Raises NoSuchPerson, NotAWay.
    """
    found = _held(viewer, person)
    if found.tell_by == _way(medium):
        return False
    found.tell_by = medium
    found.save(update_fields=["tell_by"])
    _written("person.telling_chosen", found, viewer.actor, now, by=medium)
    return True


@transaction.atomic
def choose(*, person_ids: Collection[int], medium: str, now: datetime) -> int:
    """The same by the people themselves, who proved their address; how many changed."""
    changed = 0
    held = Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids)
    for found in held.exclude(tell_by=_way(medium)).order_by("pk"):
        found.tell_by = medium
        found.save(update_fields=["tell_by"])
        _written("person.telling_chosen", found, CITIZEN, now, by=medium)
        changed += 1
    return changed


@transaction.atomic
def record_need(
    *, viewer: Viewer, person: uuid.UUID, kind: str, words: str, now: datetime
) -> uuid.UUID:
    """Writes down what somebody needs. What is written down already gets the new words.

    Raises NoSuchPerson, NotAWay, WordsNeeded.
    """
    found = _held(viewer, person)
    if kind not in {need.value for need in WORDS}:
        raise NotAWay("Choose what they need")
    words = " ".join(words.split())[:200]
    if Need(kind) in NEEDS_WORDS and not words:
        raise WordsNeeded("Write what they need")
    due = review_on(now.date())
    by = viewer.name[:120]
    row = Adjustment.objects.filter(person=found, kind=kind, ended_at=None).first()
    if row is None:
        row = Adjustment.objects.create(
            person=found, kind=kind, words=words, recorded_at=now, recorded_by=by, review_on=due
        )
    else:
        row.words, row.reviewed_at, row.reviewed_by, row.review_on = words, now, by, due
        row.save(update_fields=["words", "reviewed_at", "reviewed_by", "review_on"])
    _count(found)
    _written("person.need_recorded", found, viewer.actor, now, kind=kind)
    return row.public_id


@transaction.atomic
def review_need(*, viewer: Viewer, person: uuid.UUID, need: uuid.UUID, now: datetime) -> date:
    """They need it still; when they are asked next. Raises NoSuchPerson, NoSuchNeed."""
    found = _held(viewer, person)
    row = _need(found, need)
    row.reviewed_at, row.reviewed_by = now, viewer.name[:120]
    row.review_on = review_on(now.date())
    row.save(update_fields=["reviewed_at", "reviewed_by", "review_on"])
    _written("person.need_reviewed", found, viewer.actor, now, kind=row.kind)
    return row.review_on


@transaction.atomic
def end_need(*, viewer: Viewer, person: uuid.UUID, need: uuid.UUID, now: datetime) -> None:
    """They need it no longer. Raises NoSuchPerson, NoSuchNeed."""
    found = _held(viewer, person)
    row = _need(found, need)
    row.ended_at, row.ended_by = now, viewer.name[:120]
    row.save(update_fields=["ended_at", "ended_by"])
    _count(found)
    _written("person.need_ended", found, viewer.actor, now, kind=row.kind)


def _need(person: Person, public_id: uuid.UUID) -> Adjustment:
    row = Adjustment.objects.filter(person=person, public_id=public_id, ended_at=None).first()
    if row is None:
        raise NoSuchNeed("This has ended already")
    return row


def _count(person: Person) -> None:
    """What holds stands in the person's own row, which is read whenever they are told."""
    kinds = Adjustment.objects.filter(person=person, ended_at=None).values_list("kind", flat=True)
    person.adjustments = sorted(kinds)
    person.save(update_fields=["adjustments"])


@transaction.atomic
def stop_texts(*, phone: str, source: str, by: str = "", now: datetime) -> bool:
    """No text goes to a number any more, whoever has it. False where that was so already.

    `source` is text, provider, desk or page.
    """
    return _word(phone, source, by, now, is_stop=True)


@transaction.atomic
def start_texts(*, phone: str, source: str, by: str = "", now: datetime) -> bool:
    """Texts may go to a number again. False where that was so already.

    Raises HeldByProvider where they stopped them by text, and this is no text of theirs: the
    provider would send none either.
    """
    return _word(phone, source, by, now, is_stop=False)


def _word(phone: str, source: str, by: str, now: datetime, *, is_stop: bool) -> bool:
    digest = address_hash("phone", phone)
    _one_at_a_time(digest)
    points = ContactPoint.objects.filter(digest=digest, kind="phone")
    newest = TextWord.objects.filter(digest=digest).order_by("-pk").first()
    marked = points.filter(opted_out_at__isnull=False).exists()
    was_stopped = newest.is_stop if newest is not None else marked
    is_outside = newest is None or newest.source in OUTSIDE
    if was_stopped and not is_stop and is_outside and source != "text":
        raise HeldByProvider("They stopped texts by text. They have to text START themselves")
    # Somebody may have given us the number since.
    points.filter(opted_out_at__isnull=is_stop).update(opted_out_at=now if is_stop else None)
    # Their own text outweighs what staff wrote down: only their own START takes it back.
    is_stronger = is_stop and source in OUTSIDE and not is_outside
    if was_stopped == is_stop and not is_stronger:
        return False
    word = TextWord.objects.create(
        digest=digest, is_stop=is_stop, source=source, by=by[:120], at=now
    )
    if is_stop:
        # What waits for the morning or for its hour was promised before they said so.
        outbox.ring(TEXTS_STOPPED, key=f"{TEXTS_STOPPED}:{word.pk}",
                    args={"phone": sealing.seal(phone, purpose=TEXTS_STOPPED)})  # fmt: skip
    return True


def _one_at_a_time(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [digest])


@transaction.atomic
def texts_by_staff(
    *, viewer: Viewer, person: uuid.UUID, point_id: int, is_stop: bool, now: datetime
) -> bool:
    """Staff write down that somebody wants no texts to a number, or wants them again.

    Raises NoSuchPerson, HeldByProvider.
    """
    found = _held(viewer, person)
    point = _point(found, point_id, kind="phone")
    act = stop_texts if is_stop else start_texts
    changed = act(phone=point.value, source="desk", by=viewer.name, now=now)
    if changed:
        what = "person.texts_stopped" if is_stop else "person.texts_started"
        _written(what, found, viewer.actor, now, address=point.digest[:16])
    return changed


@transaction.atomic
def try_again(*, viewer: Viewer, person: uuid.UUID, point_id: int | None, now: datetime) -> bool:
    """An address that refused us is right after all: it is written to again; None: the letters'.

    Raises NoSuchPerson.
    """
    found = _held(viewer, person)
    if point_id is None:
        changed = bool(
            Person.objects.filter(pk=found.pk, post_unusable_at__isnull=False).update(
                post_unusable_at=None
            )
        )
    else:
        point = _point(found, point_id)
        same = ContactPoint.objects.filter(digest=point.digest, kind=point.kind)
        changed = bool(same.filter(unusable_at__isnull=False).update(unusable_at=None))
    if changed:
        _written("person.address_tried_again", found, viewer.actor, now, point=point_id)
    return changed


def _point(person: Person, point_id: int, kind: str = "") -> ContactPoint:
    rows = ContactPoint.objects.filter(person=person, pk=point_id)
    row = (rows.filter(kind=kind) if kind else rows).first()
    if row is None:
        raise NoSuchPerson("There is no such address")
    return row


@transaction.atomic
def set_post(
    *, viewer: Viewer, person: uuid.UUID, address: str, postcode: str, now: datetime
) -> bool:
    """Where letters go; both empty: nowhere. A new address is tried again.

    Raises NoSuchPerson, AddressNotWhole.
    """
    found = _held(viewer, person)
    lines = [" ".join(line.split()) for line in address.replace("\r", "").split("\n")]
    address = "\n".join(line for line in lines if line)[:LONGEST_ADDRESS]
    postcode = " ".join(postcode.upper().split())[:8]
    is_whole = ways.postal_lines(name=found.full_name, address=address, postcode=postcode)
    if (address or postcode) and not is_whole:
        raise AddressNotWhole(
            "Enter a house number or name, a street and a full postcode. "
            "We need their name too: letters are for them alone"
        )
    if (found.address, found.postcode) == (address, postcode):
        return False
    found.address, found.postcode, found.post_unusable_at = address, postcode, None
    found.save(update_fields=["address", "postcode", "post_unusable_at"])
    _written("person.post_changed", found, viewer.actor, now)
    return True


@transaction.atomic
def mark_post_unusable(*, person_id: int, postal: Sequence[str], now: datetime) -> bool:
    """A letter came back, weeks after it went; `postal` are the lines of its address.

    False, and nothing is marked, where they have another address by now: nobody knows of that one.
    """
    rows = Person.objects.select_for_update(no_key=True)
    found = rows.filter(pk=person_id, post_unusable_at=None).first()
    if found is None:
        return False
    lines = ways.postal_lines(name=found.full_name, address=found.address, postcode=found.postcode)
    # Names are written in more ways than one.
    if lines[1:] != tuple(postal)[1:]:
        return False
    found.post_unusable_at = now
    found.save(update_fields=["post_unusable_at"])
    return True


@transaction.atomic
def say_of_news(
    *, viewer: Viewer, person: uuid.UUID, medium: str, is_yes: bool, asked: str, now: datetime
) -> bool:
    """Somebody said yes or no to news by a medium, to staff. `asked`: what they were asked.

    A yes needs it: consent that cannot be shown is none. Raises NoSuchPerson, NotAWay, WordsNeeded.
    """
    found = _held(viewer, person)
    asked = " ".join(asked.split())[:300]
    if not medium or not _way(medium):
        raise NotAWay("Choose by what they want news")
    if is_yes and not asked:
        raise WordsNeeded("Write what they were asked, in the words that you used")
    changed = _news(found.pk, medium, is_yes, source="desk", by=viewer.name, asked=asked, now=now)
    if changed:
        _written("person.news_yes" if is_yes else "person.news_no", found, viewer.actor, now,
                 medium=medium)  # fmt: skip
    return changed


@transaction.atomic
def no_more_news(*, person_ids: Collection[int], now: datetime) -> int:
    """Takes every yes to news back, by who proved their address; how many people had said it."""
    changed = 0
    for found in Person.objects.filter(pk__in=person_ids).select_for_update(no_key=True):
        said = [_news(found.pk, medium, False, source="page", by="", asked="", now=now)
                for medium, _words in ways.MEDIA]  # fmt: skip
        if any(said):
            changed += 1
            _written("person.news_no", found, CITIZEN, now, medium="all")
    return changed


def _news(
    person_id: int, medium: str, is_yes: bool, *, source: str, by: str, asked: str, now: datetime
) -> bool:
    rows = MarketingWord.objects.filter(person_id=person_id, medium=medium).order_by("-pk")
    newest = rows.first()
    if is_yes == (newest is not None and newest.is_yes):
        return False
    MarketingWord.objects.create(
        person_id=person_id, medium=medium, is_yes=is_yes, source=source, by=by[:120],
        asked=asked, at=now,
    )  # fmt: skip
    return True
