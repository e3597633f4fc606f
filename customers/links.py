"""Links to a proved address: asked for, sent to the address as it is kept, opened once.

Who asks learns nothing: known and unknown addresses are written down alike, and whether there is
anybody is looked up later, where nobody waits for the answer. Tokens are drawn, never derived, and
kept as digests.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.queries import digest
from core import audit
from core.audit import CITIZEN
from core.privacy import Kind, address_hash
from customers.contact import is_mobile
from customers.models import AddressLink, AddressVisit, ContactPoint
from customers.queries_telling import texts_stopped

LIFETIME = timedelta(minutes=15)
# So many links an hour to one address: more help nobody, and annoy whoever did not ask.
AN_HOUR, LINKS_AN_HOUR = timedelta(hours=1), 5
# A visit ends when nothing was looked at for so long, and in any case after so long.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=4)
_TOUCH_EVERY = timedelta(minutes=1)
# What `ContactPoint.verified_how` says of a link.
BY_LINK = "link"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A link to be sent: to the address as it is kept, not as it was typed."""

    medium: str
    to: str
    token: str
    language: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who proved an address, and everybody who has it."""

    kind: str
    person_ids: tuple[int, ...]
    # The address's keyed hash, and those for whom it was given about one enquiry alone.
    digest: str = ""
    of_one: tuple[int, ...] = ()


def ask(*, kind: Kind, value: str, language: str, now: datetime) -> int:
    """Writes down that somebody asked for a link to an address, as `contact` reads it."""
    row = AddressLink.objects.create(
        kind=kind, digest=address_hash(kind, value), language=language[:12], asked_at=now
    )
    return row.pk


@transaction.atomic
def prepare(*, link_id: int, now: datetime) -> Prepared | None:
    """Makes the token of a link, once; None where nobody has the address or too many were sent.

    Who has sent STOP is sent no link by text.
    """
    link = AddressLink.objects.select_for_update(no_key=True).get(pk=link_id)
    if link.token_digest is not None:
        return None
    points = ContactPoint.objects.filter(
        kind=link.kind,
        digest=link.digest,
        unusable_at=None,
        person__merged_into=None,
    )
    point = points.order_by("pk").first()
    if point is None or not _takes_messages(point):
        return None
    sent = AddressLink.objects.filter(
        digest=link.digest, asked_at__gt=now - AN_HOUR, token_digest__isnull=False
    )
    if sent.count() >= LINKS_AN_HOUR:
        return None
    token = secrets.token_urlsafe(32)
    link.token_digest, link.expires_at = digest(token), now + LIFETIME
    link.save(update_fields=["token_digest", "expires_at"])
    medium = "sms" if point.kind == "phone" else "email"
    return Prepared(medium, point.value, token, link.language, now + LIFETIME)


def _takes_messages(point: ContactPoint) -> bool:
    if point.kind == "phone":
        return is_mobile(point.value) and not texts_stopped(point.value)
    return point.opted_out_at is None


def is_open(*, token: str, now: datetime) -> bool:
    """Whether a link would still open something. Looking uses nothing up: mail scanners look."""
    return AddressLink.objects.filter(
        token_digest=digest(token), used_at=None, expires_at__gt=now
    ).exists()


@transaction.atomic
def use(*, token: str, before: str, now: datetime) -> str | None:
    """Opens a visit with a link, exactly once; the visit's own token, or None.

    The address is proved by it. `before` is the visit that this browser had, which ends.
    """
    used = AddressLink.objects.filter(token_digest=digest(token), used_at=None, expires_at__gt=now)
    if not used.update(used_at=now):
        return None
    link = AddressLink.objects.get(token_digest=digest(token))
    ContactPoint.objects.filter(kind=link.kind, digest=link.digest, for_one=False).update(
        verified_at=now, verified_how=BY_LINK
    )
    leave(token=before, now=now)
    raw = secrets.token_urlsafe(32)
    AddressVisit.objects.create(
        kind=link.kind,
        digest=link.digest,
        token_digest=digest(raw),
        started_at=now,
        seen_at=now,
    )
    audit.record(
        "address.proved",
        actor=CITIZEN,
        target=f"address:{link.digest[:16]}",
        at=now,
        data={"kind": link.kind, "how": BY_LINK},
    )
    return raw


def visit(*, token: str, now: datetime) -> Visit | None:
    """The visit that a browser has, kept alive by this look; None when it has ended."""
    if not token:
        return None
    row = AddressVisit.objects.filter(
        token_digest=digest(token),
        ended_at=None,
        seen_at__gt=now - IDLE,
        started_at__gt=now - LONGEST,
    ).first()
    if row is None:
        return None
    if now - row.seen_at >= _TOUCH_EVERY:
        AddressVisit.objects.filter(pk=row.pk, ended_at=None).update(seen_at=now)
    people = ContactPoint.objects.filter(
        kind=row.kind, digest=row.digest, person__merged_into=None
    ).order_by("person_id")
    found = list(people.values_list("person_id", "for_one"))
    return Visit(
        row.kind,
        tuple(person_id for person_id, for_one in found if not for_one),
        digest=row.digest,
        of_one=tuple(person_id for person_id, for_one in found if for_one),
    )


def leave(*, token: str, now: datetime) -> None:
    """Ends the visit of a browser at once."""
    if token:
        AddressVisit.objects.filter(token_digest=digest(token), ended_at=None).update(ended_at=now)


def forget(*, now: datetime, after: timedelta = timedelta(days=2)) -> int:
    """Removes links and visits that have been over for long; how many."""
    old = now - after
    links, _ = AddressLink.objects.filter(asked_at__lt=old).delete()
    visits, _ = AddressVisit.objects.filter(seen_at__lt=old).delete()
    return links + visits
