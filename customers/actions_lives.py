"""Writes down what else is known of people: names, numbers, addresses, alerts, proxies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from customers.actions import points_of
from customers.living import (
    ADDRESS_WORDS,
    ALERT_WORDS,
    BASIS_WORDS,
    MAY_WORDS,
    SEEN_BY_WORDS,
    UNPROVED,
    AlertKind,
    May,
    SeenBy,
    latest_review,
)
from customers.models import Alert, ContactPoint, GivenName, Person, PostalAddress, Proxy
from customers.queries import NoSuchPerson


class NotSo(DomainError):
    """What was sent cannot be written down."""

    code = "person_detail_not_valid"


class NotThere(DomainError):
    """It has ended, or never was."""

    code = "person_detail_gone"


def _held(viewer: Viewer, public_id: uuid.UUID) -> Person:
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    found = Person.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPerson("There is no such person")
    if found.merged_into_id is not None:
        raise NotSo("They were merged with somebody meanwhile. Open the page of that person")
    return found


def _written(what: str, person: Person, viewer: Viewer, now: datetime, **data: object) -> None:
    target = f"person:{person.public_id}"
    audit.record(f"person.{what}", actor=viewer.actor, target=target, at=now, data=data)


def _field(words: str, field: str) -> NotSo:
    error = NotSo(words)
    error.field = field
    return error


@transaction.atomic
def add_name(*, viewer: Viewer, person: uuid.UUID, name: str, use: bool, now: datetime) -> None:
    """Another name, as they gave it; `use`: it is the one that we use from now on, and the one of
    before is kept. Raises NoSuchPerson, NotSo."""
    found, name = _held(viewer, person), " ".join(name.split())[:200]
    if not name:
        raise _field("Enter the name as they gave it", "name")
    if name == found.full_name:
        return
    other = name
    if use or not found.full_name:
        found.full_name, other = name, found.full_name
        found.save(update_fields=["full_name"])
        GivenName.objects.filter(person=found, name=name, ended_at=None).delete()
    if other and not GivenName.objects.filter(person=found, name=other, ended_at=None).exists():
        GivenName.objects.create(
            person=found, name=other, recorded_at=now, recorded_by=viewer.name[:120]
        )
    _written("name_added", found, viewer, now, used=use)


@transaction.atomic
def end_name(*, viewer: Viewer, person: uuid.UUID, name: uuid.UUID, now: datetime) -> None:
    """They are not called so any more. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    rows = GivenName.objects.filter(person=found, public_id=name, ended_at=None)
    if not rows.update(ended_at=now, ended_by=viewer.name[:120]):
        raise NotThere("This name has been taken away already")
    _written("name_ended", found, viewer, now)


@transaction.atomic
def add_point(*, viewer: Viewer, person: uuid.UUID, phone: str, email: str, now: datetime) -> None:
    """One more number or e-mail address. Twice is one.

    Raises NoSuchPerson, NotSo, NotAPhoneNumber, NotAnEmailAddress.
    """
    found, points = _held(viewer, person), points_of(phone=phone, email=email)
    if not points:
        raise _field("Enter a phone number or an email address", "phone")
    for point in points:
        point.person = found
    ContactPoint.objects.bulk_create(points, ignore_conflicts=True)
    # Given to staff it is theirs, though it had been given for one enquiry alone.
    ContactPoint.objects.filter(
        person=found, digest__in=[point.digest for point in points], for_one=True
    ).update(for_one=False)
    _written("point_added", found, viewer, now, kinds=[point.kind for point in points])


@transaction.atomic
def prefer_point(*, viewer: Viewer, person: uuid.UUID, point: int, now: datetime) -> None:
    """The one of its kind that they are reached at first. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    row = _point(found, point)
    ContactPoint.objects.filter(person=found, kind=row.kind).exclude(pk=row.pk).update(
        is_preferred=False
    )
    ContactPoint.objects.filter(pk=row.pk).update(is_preferred=True)
    _written("point_preferred", found, viewer, now, kind=row.kind)


@transaction.atomic
def mark_point(*, viewer: Viewer, person: uuid.UUID, point: int, now: datetime) -> None:
    """It does not reach them: nothing is sent there. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    row = _point(found, point)
    ContactPoint.objects.filter(pk=row.pk).update(unusable_at=now, is_preferred=False)
    _written("point_bad", found, viewer, now, kind=row.kind)


def _point(person: Person, point: int) -> ContactPoint:
    row = ContactPoint.objects.filter(person=person, pk=point).first()
    if row is None:
        raise NotThere("This number or address is not theirs any more")
    return row


@dataclass(frozen=True, slots=True)
class Place:
    """An address besides the one that letters go to."""

    kind: str
    address: str
    postcode: str = ""
    uprn: str = ""
    is_seen: bool = False


@transaction.atomic
def add_address(*, viewer: Viewer, person: uuid.UUID, place: Place, now: datetime) -> None:
    """Another address of theirs; `is_seen`: somebody saw a paper that says so.

    Raises NoSuchPerson, NotSo.
    """
    found = _held(viewer, person)
    address = " ".join(place.address.split())[:300]
    if place.kind not in ADDRESS_WORDS:
        raise _field("Choose what kind of address it is", "kind")
    if not address:
        raise _field("Enter the address", "address")
    if place.uprn and not (place.uprn.isdecimal() and len(place.uprn) <= 12):
        raise _field("A UPRN has up to 12 digits", "uprn")
    row, _is_new = PostalAddress.objects.get_or_create(
        person=found,
        kind=place.kind,
        address=address,
        postcode=" ".join(place.postcode.upper().split())[:8],
        uprn=place.uprn,
        ended_at=None,
        defaults={"recorded_at": now, "recorded_by": viewer.name[:120]},
    )
    if place.is_seen and row.verified_at is None:
        row.verified_at, row.verified_by = now, viewer.name[:120]
        row.save(update_fields=["verified_at", "verified_by"])
    _written("address_added", found, viewer, now, kind=place.kind)


@transaction.atomic
def end_address(*, viewer: Viewer, person: uuid.UUID, address: uuid.UUID, now: datetime) -> None:
    """It is none of theirs any more. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    rows = PostalAddress.objects.filter(person=found, public_id=address, ended_at=None)
    if not rows.update(ended_at=now, ended_by=viewer.name[:120]):
        raise NotThere("This address has been taken away already")
    _written("address_ended", found, viewer, now)


@dataclass(frozen=True, slots=True)
class Warned:
    """What an alert says."""

    kind: str
    why: str
    seen_by: str
    review_on: date | None


@transaction.atomic
def record_alert(*, viewer: Viewer, person: uuid.UUID, alert: Warned, now: datetime) -> int | None:
    """Writes an alert down. The key of the person where they are vulnerable only now: what they
    have open is due sooner. Raises NoSuchPerson, NotSo."""
    found, why = _held(viewer, person), " ".join(alert.why.split())[:300]
    today = now.date()
    if alert.kind not in ALERT_WORDS or alert.seen_by not in SEEN_BY_WORDS:
        raise _field("Choose what kind of alert it is, and who reads why", "kind")
    if not why:
        raise _field("Write why", "why")
    review_on = alert.review_on or latest_review(today)
    if not today < review_on <= latest_review(today):
        raise _field("Choose a day within the next six months", "review_on")
    if alert.seen_by == SeenBy.SAFEGUARDING and not viewer.may(Permission.SEE_SENSITIVE):
        raise _field("Only safeguarding writes what only safeguarding reads", "seen_by")
    Alert.objects.create(
        person=found, kind=alert.kind, why=why, seen_by=alert.seen_by, recorded_at=now,
        recorded_by=viewer.name[:120], review_on=review_on,
    )  # fmt: skip
    _written("alert_recorded", found, viewer, now, kind=alert.kind, seen_by=alert.seen_by)
    return found.pk if _flag(found) else None


def _flag(person: Person) -> bool:
    """Whether somebody is vulnerable stands in their own row, which routing and clocks read; why
    only where everybody may read it. True where it is new."""
    rows = Alert.objects.filter(person=person, kind=AlertKind.VULNERABLE.value, ended_at=None)
    alerts, was = list(rows.order_by("pk")), person.is_vulnerable
    person.is_vulnerable, person.vulnerable_until = bool(alerts), None
    said = [row.why for row in alerts if row.seen_by == SeenBy.ALL.value]
    person.vulnerable_why = "; ".join(said)[:200]
    person.save(update_fields=["is_vulnerable", "vulnerable_until", "vulnerable_why"])
    return person.is_vulnerable and not was


@transaction.atomic
def review_alert(*, viewer: Viewer, person: uuid.UUID, alert: uuid.UUID, now: datetime) -> None:
    """It is still so: looked at again in half a year. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    row = _alert(viewer, found, alert)
    row.reviewed_at, row.reviewed_by = now, viewer.name[:120]
    row.review_on = latest_review(now.date())
    row.save(update_fields=["reviewed_at", "reviewed_by", "review_on"])
    _written("alert_reviewed", found, viewer, now, kind=row.kind)


@transaction.atomic
def end_alert(
    *, viewer: Viewer, person: uuid.UUID, alert: uuid.UUID, why: str, now: datetime
) -> None:
    """It is no longer so. Raises NoSuchPerson, NotThere, NotSo."""
    found, why = _held(viewer, person), " ".join(why.split())[:300]
    row = _alert(viewer, found, alert)
    if not why:
        raise _field("Write why it is no longer so", "words")
    row.ended_at, row.ended_by, row.ended_why = now, viewer.name[:120], why
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    _flag(found)
    _written("alert_ended", found, viewer, now, kind=row.kind)


def _alert(viewer: Viewer, person: Person, public_id: uuid.UUID) -> Alert:
    rows = Alert.objects.filter(person=person, public_id=public_id, ended_at=None)
    if not viewer.may(Permission.SEE_SENSITIVE):
        rows = rows.exclude(seen_by=SeenBy.SAFEGUARDING.value)
    row = rows.first()
    if row is None:
        raise NotThere("This alert has ended already")
    return row


@dataclass(frozen=True, slots=True)
class Acting:
    """On what basis somebody speaks for somebody else, and what they may be told."""

    relation: str
    basis: str
    may: str
    words: str = ""
    ends_on: date | None = None


@transaction.atomic
def record_proxy(
    *, viewer: Viewer, person: uuid.UUID, acts: uuid.UUID, acting: Acting, now: datetime
) -> uuid.UUID:
    """`acts` speaks for `person` from now on; what was said of the two before is over.

    Raises NoSuchPerson, NotSo.
    """
    rows = Person.objects.select_for_update(no_key=True).filter(public_id__in=(person, acts))
    found = {row.public_id: row for row in rows.order_by("pk")}
    if len(found) != 2 or not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    if acting.basis not in BASIS_WORDS:
        raise _field("Choose how we know", "basis")
    if acting.may not in MAY_WORDS:
        raise _field("Choose what they may be told", "may")
    if acting.basis in UNPROVED and acting.may == May.ALL:
        raise _field("With nothing seen they hear no more than what they reported", "may")
    if acting.ends_on is not None and acting.ends_on <= now.date():
        raise _field("The day on which it ends has to be in the future", "ends_on")
    by = viewer.name[:120]
    Proxy.objects.filter(
        person=found[person], acts=found[acts], ended_at=None
    ).update(ended_at=now, ended_by=by)  # fmt: skip
    row = Proxy.objects.create(
        person=found[person], acts=found[acts], relation=" ".join(acting.relation.split())[:60],
        basis=acting.basis, may=acting.may, words=" ".join(acting.words.split())[:200],
        from_on=now.date(), ends_on=acting.ends_on, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    for one in found.values():
        _written("proxy_recorded", one, viewer, now, basis=acting.basis, may=acting.may)
    return row.public_id


@transaction.atomic
def end_proxy(*, viewer: Viewer, person: uuid.UUID, proxy: uuid.UUID, now: datetime) -> None:
    """They do not speak for them any more. Raises NoSuchPerson, NotThere."""
    found = _held(viewer, person)
    rows = Proxy.objects.filter(person=found, public_id=proxy, ended_at=None)
    if not rows.update(ended_at=now, ended_by=viewer.name[:120]):
        raise NotThere("This has ended already")
    _written("proxy_ended", found, viewer, now)
