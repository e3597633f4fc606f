"""How somebody may be told, what they need, and what they said of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery

from accounts.permissions import Viewer
from core.privacy import address_hash
from core.statements import Given, Objects, objects
from customers import needs, queries, ways
from customers.adjusting import Need
from customers.models import ContactPoint, MarketingWord, Person, TextWord
from customers.needs import Needed
from customers.ways import Decision, Known, Point, Wish

# Words that came by text, or from who carries texts: the carrier holds them as well.
OUTSIDE = frozenset({"text", "provider"})


@dataclass(frozen=True, slots=True)
class TextsSaid:
    """One word on texts to a number: stop, or start again; `source` as TextWord keeps it."""

    is_stop: bool
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A number or an e-mail address of somebody, with all that was said of it, newest first."""

    id: int
    kind: str
    value: str
    proved_at: datetime | None
    is_preferred: bool
    for_one: bool
    stopped_at: datetime | None
    unusable_at: datetime | None
    said: tuple[TextsSaid, ...] = ()

    @property
    def stopped_by_text(self) -> bool:
        """Whether it was their own text: then the provider holds it too, until they text START."""
        return bool(self.stopped_at and (not self.said or self.said[0].source in OUTSIDE))


@dataclass(frozen=True, slots=True)
class NewsSaid:
    """Somebody's newest yes or no to news by one medium; `at` is None where they never said."""

    medium: str
    is_yes: bool
    source: str = ""
    by: str = ""
    asked: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HowTold:
    """All that is known of how to tell one person."""

    person_id: int
    public_id: uuid.UUID
    name: str
    tell_by: str
    address: str
    postcode: str
    post: tuple[str, ...]
    post_unusable_at: datetime | None
    needs: tuple[Needed, ...]
    addresses: tuple[Address, ...]
    news: tuple[NewsSaid, ...]


def _points() -> QuerySet[ContactPoint]:
    newest = (
        TextWord.objects.filter(digest=OuterRef("digest")).order_by("-pk").values("is_stop")[:1]
    )
    return ContactPoint.objects.annotate(said_stop=Subquery(newest))


def _is_stopped(row: ContactPoint) -> bool:
    """By the newest word on the number; by the mark of the address where there is no word."""
    said: bool | None = getattr(row, "said_stop", None)
    return said if said is not None else row.opted_out_at is not None


@cache
def _of_one() -> Objects[ContactPoint]:
    rows = _points().filter(person_id=Given("person", BigIntegerField()))
    return objects(rows.select_related("person").order_by("pk"), prepared=True)


def decide(person_id: int, wish: Wish) -> Decision:
    """By which ways somebody may be told something, the best first. One statement, mostly."""
    rows = _of_one().rows(person=person_id)
    person = rows[0].person if rows else Person.objects.filter(pk=person_id).first()
    if person is None:
        return ways.decide(Known(), wish)
    return ways.decide(_known(person, rows, wish), wish)


def why_no_texts(person_id: int) -> str:
    """What keeps somebody without a usable number from being texted: `calls_only`, `no_texts`,
    `stopped` or `unusable`; "" where there is simply no number that takes texts."""
    needs = {need.kind for need in needs_of([person_id])[person_id]}
    for need in (Need.CALLS_ONLY, Need.NO_TEXTS):
        if need.value in needs:
            return need.name.lower()
    rows = list(_points().filter(person_id=person_id, kind="phone"))
    if any(_is_stopped(row) for row in rows):
        return "stopped"
    return "unusable" if any(row.unusable_at for row in rows) else ""


def _known(person: Person, rows: Iterable[ContactPoint], wish: Wish) -> Known:
    return Known(
        points=tuple(
            Point(
                kind=row.kind,
                value=row.value,
                digest=row.digest,
                is_preferred=row.is_preferred,
                for_one=row.for_one,
                is_proved=row.verified_at is not None,
                is_stopped=_is_stopped(row),
                is_unusable=row.unusable_at is not None,
            )
            for row in rows
        ),
        post=_post(person) if person.post_unusable_at is None else (),
        tell_by=person.tell_by,
        needs=frozenset(person.adjustments),
        yes_to=_yes_to(person.pk) if wish.marketing else frozenset(),
    )


def _post(person: Person) -> tuple[str, ...]:
    return ways.postal_lines(
        name=person.full_name, address=person.address, postcode=person.postcode
    )


def _yes_to(person_id: int) -> frozenset[str]:
    return frozenset(one.medium for one in _news(person_id) if one.is_yes)


def _news(person_id: int) -> tuple[NewsSaid, ...]:
    newest = (
        MarketingWord.objects.filter(person_id=person_id)
        .order_by("medium", "-pk")
        .distinct("medium")
    )
    said = {
        row.medium: NewsSaid(row.medium, row.is_yes, row.source, row.by, row.asked, row.at)
        for row in newest
    }
    return tuple(said.get(medium, NewsSaid(medium, is_yes=False)) for medium, _words in ways.MEDIA)


def texts_stopped(phone: str) -> bool:
    """Whether no text may go to a number (E.164): STOP was said from it, and no START since.

    True also where nobody of ours has the number. An answer within their own request is a text.
    """
    return phone in stopped_since([phone])


# Written out, for it is asked before each text.
_STOPPED = """
    SELECT asked.digest, newest.is_stop, newest.at,
           (SELECT max(point.opted_out_at) FROM customers_contactpoint AS point
            WHERE point.digest = asked.digest AND point.kind = 'phone')
    FROM unnest(%s::text[]) AS asked(digest)
    LEFT JOIN LATERAL (SELECT word.is_stop, word.at FROM customers_textword AS word
                       WHERE word.digest = asked.digest ORDER BY word.id DESC LIMIT 1) AS newest
         ON true"""


def stopped_since(phones: Collection[str]) -> dict[str, datetime]:
    """The same of several numbers: those that no text may go to, and since when. One statement."""
    digests = {address_hash("phone", phone): phone for phone in phones}
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, [list(digests)])
        found = cursor.fetchall()
    stopped = {}
    for digest, is_stop, at, marked_at in found:
        since = at if is_stop else marked_at if is_stop is None else None
        if since is not None:
            stopped[digests[digest]] = since
    return stopped


def wants_news(person_ids: Iterable[int]) -> bool:
    """Whether one of these people said yes to news, by whatever medium."""
    return any(_yes_to(person_id) for person_id in person_ids)


def tell_by(person_ids: Iterable[int]) -> set[str]:
    """By what these people chose to be told; "" for who has chosen nothing."""
    rows = Person.objects.filter(pk__in=list(person_ids))
    return set(rows.values_list("tell_by", flat=True))


def needs_of(person_ids: Iterable[int]) -> Mapping[int, tuple[Needed, ...]]:
    """What people need, by person; one statement for many."""
    return needs.needs_of(person_ids)


def how_told(viewer: Viewer, public_id: uuid.UUID) -> HowTold:
    """All of how one person is told. Raises NoSuchPerson, also for who may not see people."""
    shown = queries.person(viewer, public_id)
    person = Person.objects.get(pk=shown.id)
    rows = list(_points().filter(person=person).order_by(F("is_preferred").desc(), "kind", "pk"))
    said: dict[str, list[TextsSaid]] = {}
    phones = [row.digest for row in rows if row.kind == "phone"]
    for word in TextWord.objects.filter(Q(digest__in=phones)).order_by("-pk"):
        said.setdefault(word.digest, []).append(
            TextsSaid(word.is_stop, word.source, word.by, word.at)
        )
    return HowTold(
        person_id=person.pk,
        public_id=person.public_id,
        name=str(person),
        tell_by=person.tell_by,
        address=person.address,
        postcode=person.postcode,
        post=_post(person),
        post_unusable_at=person.post_unusable_at,
        needs=needs_of([person.pk])[person.pk],
        addresses=tuple(_address(row, tuple(said.get(row.digest, ()))) for row in rows),
        news=_news(person.pk),
    )


def _address(row: ContactPoint, said: tuple[TextsSaid, ...]) -> Address:
    stopped = (said[0].at if said else row.opted_out_at) if _is_stopped(row) else None
    return Address(
        id=row.pk,
        kind=row.kind,
        value=row.value,
        proved_at=row.verified_at,
        is_preferred=row.is_preferred,
        for_one=row.for_one,
        stopped_at=stopped,
        unusable_at=row.unusable_at,
        said=said,
    )
