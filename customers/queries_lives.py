"""What else is known of people, for those who may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.permissions import Permission, Viewer
from customers.living import (
    ADDRESS_WORDS,
    ALERT_WORDS,
    BASIS_WORDS,
    MAY_WORDS,
    SEEN_BY_WORDS,
    SeenBy,
)
from customers.models import Alert, ContactPoint, GivenName, PostalAddress, Proxy


@dataclass(frozen=True, slots=True)
class AlertShown:
    """An alert as one viewer reads it: `why` is empty where they need not know it."""

    public_id: uuid.UUID
    kind: str
    what: str
    why: str
    may_read: bool
    seen_by: str
    recorded_at: datetime
    recorded_by: str
    review_on: date
    is_restricted: bool


def alerts(viewer: Viewer, person_id: int, *, handles: bool) -> list[AlertShown]:
    """Alerts of somebody that hold; `handles`: the viewer deals with them now.

    That there is one is for whoever sees people, except what only safeguarding may know of.
    """
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    safeguards = viewer.may(Permission.SEE_SENSITIVE)
    rows = Alert.objects.filter(person_id=person_id, ended_at=None).order_by("kind", "pk")
    if not safeguards:
        rows = rows.exclude(seen_by=SeenBy.SAFEGUARDING.value)
    shown = []
    for row in rows:
        reads = safeguards or handles or row.seen_by == SeenBy.ALL.value
        shown.append(
            AlertShown(
                public_id=row.public_id,
                kind=row.kind,
                what=ALERT_WORDS[row.kind],
                why=row.why if reads else "",
                may_read=reads,
                seen_by=SEEN_BY_WORDS[row.seen_by],
                recorded_at=row.recorded_at,
                recorded_by=row.recorded_by,
                review_on=row.review_on,
                is_restricted=row.seen_by != SeenBy.ALL.value,
            )
        )
    return shown


@dataclass(frozen=True, slots=True)
class NameShown:
    """Another name of somebody."""

    public_id: uuid.UUID
    name: str
    recorded_at: datetime
    recorded_by: str


def names(person_id: int) -> list[NameShown]:
    """Every name besides the one that we use."""
    rows = GivenName.objects.filter(person_id=person_id, ended_at=None).order_by("pk")
    return [NameShown(row.public_id, row.name, row.recorded_at, row.recorded_by) for row in rows]


@dataclass(frozen=True, slots=True)
class AddressShown:
    """Another address of somebody."""

    public_id: uuid.UUID
    what: str
    address: str
    postcode: str
    uprn: str
    verified_at: datetime | None
    verified_by: str
    recorded_at: datetime
    recorded_by: str


def addresses(person_id: int) -> list[AddressShown]:
    """Every address besides the one that letters go to."""
    rows = PostalAddress.objects.filter(person_id=person_id, ended_at=None).order_by("pk")
    return [
        AddressShown(
            row.public_id, ADDRESS_WORDS[row.kind], row.address, row.postcode, row.uprn,
            row.verified_at, row.verified_by, row.recorded_at, row.recorded_by,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointShown:
    """A number or an e-mail address, and what is known of it."""

    id: int
    kind: str
    value: str
    is_preferred: bool
    proved_at: datetime | None
    unusable_at: datetime | None


def points(person_id: int) -> list[PointShown]:
    """How somebody is reached, the preferred first; not what was given for one enquiry alone."""
    rows = ContactPoint.objects.filter(person_id=person_id, for_one=False)
    return [
        PointShown(row.pk, row.kind, row.value, row.is_preferred, row.verified_at, row.unusable_at)
        for row in rows.order_by("kind", "-is_preferred", "pk")
    ]


@dataclass(frozen=True, slots=True)
class ProxyShown:
    """Who speaks for whom, and what they may be told."""

    public_id: uuid.UUID
    person_id: int
    person: str
    person_public_id: uuid.UUID
    acts_id: int
    acts: str
    acts_public_id: uuid.UUID
    relation: str
    basis: str
    may: str
    may_words: str
    words: str
    ends_on: date | None
    recorded_at: datetime
    recorded_by: str


def _proxies(where: Q, on: date) -> list[ProxyShown]:
    rows = Proxy.objects.filter(where, Q(ends_on=None) | Q(ends_on__gt=on), ended_at=None)
    return [
        ProxyShown(
            public_id=row.public_id,
            person_id=row.person_id,
            person=str(row.person),
            person_public_id=row.person.public_id,
            acts_id=row.acts_id,
            acts=str(row.acts),
            acts_public_id=row.acts.public_id,
            relation=row.relation,
            basis=BASIS_WORDS[row.basis],
            may=row.may,
            may_words=MAY_WORDS[row.may],
            words=row.words,
            ends_on=row.ends_on,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows.select_related("person", "acts").order_by("pk")
    ]


def who_acts_for(viewer: Viewer, person_id: int, *, on: date) -> list[ProxyShown]:
    """Who speaks for somebody, on a day."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    return _proxies(Q(person_id=person_id), on)


def for_whom(viewer: Viewer, person_id: int, *, on: date) -> list[ProxyShown]:
    """For whom somebody speaks, on a day."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    return _proxies(Q(acts_id=person_id), on)


def proxy(person_id: int, acts_id: int, *, on: date) -> ProxyShown | None:
    """What the one may do for the other on a day; None where nothing is written down."""
    found = _proxies(Q(person_id=person_id, acts_id=acts_id), on)
    return found[0] if found else None


def due_alerts(
    viewer: Viewer, *, on: date, limit: int = 25
) -> Iterable[tuple[uuid.UUID, str, date]]:
    """People with an alert that somebody has to look at again: who, its kind, since when."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    rows = Alert.objects.filter(ended_at=None, review_on__lte=on, person__merged_into=None)
    if not viewer.may(Permission.SEE_SENSITIVE):
        rows = rows.exclude(seen_by=SeenBy.SAFEGUARDING.value)
    rows = rows.select_related("person").order_by("review_on", "pk")[:limit]
    return [(row.person.public_id, ALERT_WORDS[row.kind], row.review_on) for row in rows]
