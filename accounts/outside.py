"""Bodies that are not of the partnership: whose a need is when it is not ours, and what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import OutsideBody, OutsideKind
from core import audit
from core.audit import Actor
from core.errors import DomainError

HAND_OFF = 400


class NoSuchBody(DomainError):
    code = "no_such_outside_body"


class BodyRefused(DomainError):
    code = "outside_body_refused"


class BodyChanged(DomainError):
    """Somebody else changed it since the page was made; `current` is how it is now."""

    code = "outside_body_changed"

    def __init__(self, current: OutsideBody) -> None:
        super().__init__(
            "A colleague changed this while you worked on it. Look at what stands above the form, "
            "and send yours again to put it over theirs"
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """One body. `hand_off` is what a citizen reads: who deals with it, and what to do now."""

    slug: str
    name: str
    kind: str
    phone: str
    url: str
    hand_off: str
    is_active: bool = True


KINDS: tuple[tuple[str, str], ...] = tuple((kind.value, str(kind.label)) for kind in OutsideKind)


def bodies(*, ended: bool = False) -> Sequence[OutsideBody]:
    """Those that citizens are sent to, by name; with `ended` also those that they are not now."""
    rows = OutsideBody.objects.all() if ended else OutsideBody.objects.filter(is_active=True)
    return list(rows)


def body(slug: str) -> OutsideBody:
    """One body by its slug. Raises NoSuchBody."""
    found = None if "\x00" in slug else OutsideBody.objects.filter(slug=slug).first()
    if found is None:
        raise NoSuchBody("There is no such body")
    return found


def mark(body: OutsideBody) -> str:
    """Stands for all that is said of a body: another mark, and somebody said something else."""
    said = (body.name, body.kind, body.phone, body.url, body.hand_off, body.is_active)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@transaction.atomic
def add(
    *, name: str, kind: str, phone: str, url: str, hand_off: str, actor: Actor, now: datetime
) -> OutsideBody:
    """A new body, named in addresses by its name. Raises BodyRefused for a name that is taken."""
    slug = slugify(name)[:50].strip("-")
    if not slug:
        raise BodyRefused("Enter a name with letters", field="name")
    try:
        with transaction.atomic():
            made = OutsideBody.objects.create(
                slug=slug, name=name, kind=kind, phone=phone, url=url, hand_off=hand_off
            )
    except IntegrityError as error:
        raise BodyRefused(f"There is a body named {name} already", field="name") from error
    audit.record("outside.added", actor=actor, target=f"outside:{slug}", at=now)
    return made


@transaction.atomic
def change(
    slug: str,
    *,
    name: str,
    kind: str,
    phone: str,
    url: str,
    hand_off: str,
    is_active: bool,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Says something else about a body; its slug, which rules name, stays.

    `seen` is what `mark` gave when the page was made. Raises NoSuchBody, BodyChanged.
    """
    found = OutsideBody.objects.select_for_update().filter(slug=slug).first()
    if found is None:
        raise NoSuchBody("There is no such body")
    if mark(found) != seen:
        raise BodyChanged(found)
    new = {
        "name": name,
        "kind": kind,
        "phone": phone,
        "url": url,
        "hand_off": hand_off,
        "is_active": is_active,
    }
    changed = {key: value for key, value in new.items() if getattr(found, key) != value}
    if not changed:
        return
    was = {key: getattr(found, key) for key in changed}
    for key, value in changed.items():
        setattr(found, key, value)
    found.save(update_fields=list(changed))
    audit.record(
        "outside.changed",
        actor=actor,
        target=f"outside:{slug}",
        at=now,
        data={"was": was, "now": changed},
    )


@transaction.atomic
def save(rows: Sequence[OutsideRow], *, actor: Actor, now: datetime) -> int:
    """Adds bodies that are new; those that are known stay as they were edited here."""
    known = set(OutsideBody.objects.values_list("slug", flat=True))
    new = [row for row in rows if row.slug not in known]
    OutsideBody.objects.bulk_create([OutsideBody(**asdict(row)) for row in new])
    if new:
        audit.record(
            "reference.loaded",
            actor=actor,
            target="reference:outside",
            at=now,
            data={"rows": len(new)},
        )
    return len(new)
