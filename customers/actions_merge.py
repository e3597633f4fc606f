"""Two rows that are one person: merged, and taken apart again.

What hangs on a person changes hands and is written down row by row, so that all who read it read
one person and nobody has to follow a pointer; what has changed since is not put back, and is said.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from customers import merging
from customers.models import (
    Adjustment,
    Alert,
    Apart,
    ContactPoint,
    GivenName,
    MarketingWord,
    Merge,
    Move,
    Person,
    PostalAddress,
    Proxy,
)
from customers.queries import NoSuchPerson


class NotTwo(DomainError):
    """They cannot be merged, or taken apart, as they are now."""

    code = "people_not_two"


class WhyMissing(DomainError):
    code = "merge_reason_missing"
    field = "words"


@dataclass(frozen=True, slots=True)
class Pair:
    """Who stays and who is read into them; `is_new` unless it was done before."""

    merge_id: int
    public_id: uuid.UUID
    kept_id: int
    gone_id: int
    is_new: bool
    at: datetime


# Rows that simply change hands, by the name under which a merge remembers them.
_TABLES: Final[Mapping[str, tuple[type[Model], str]]] = {
    "points": (ContactPoint, "person"),
    "needs": (Adjustment, "person"),
    "names": (GivenName, "person"),
    "addresses": (PostalAddress, "person"),
    "alerts": (Alert, "person"),
    "news": (MarketingWord, "person"),
    "moves": (Move, "person"),
    "for": (Proxy, "person"),
    "acts": (Proxy, "acts"),
}


def _two(viewer: Viewer, *public_ids: uuid.UUID) -> list[Person]:
    """Both, locked as whole rows: what somebody hangs on one of them meanwhile waits."""
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    rows = Person.objects.select_for_update().filter(public_id__in=public_ids).order_by("pk")
    found = {row.public_id: row for row in rows}
    if len(found) < len(set(public_ids)):
        raise NoSuchPerson("There is no such person")
    return [found[public_id] for public_id in public_ids]


@transaction.atomic
def merge(
    *, viewer: Viewer, kept: uuid.UUID, gone: uuid.UUID, take: Collection[str], why: str,
    now: datetime,
) -> Pair:  # fmt: skip
    """Reads `gone` into `kept`. Doing it again changes nothing. `take`: what comes from `gone`
    although `kept` has its own: `name`, `address`, and where they are reached first: `phone`,
    `email`.

    Raises NoSuchPerson, NotTwo, WhyMissing.
    """
    why = " ".join(why.split())[:300]
    one, other = _two(viewer, kept, gone)
    if one.pk == other.pk:
        raise NotTwo("This is the same person already")
    done = Merge.objects.filter(kept=one, gone=other, undone_at=None).first()
    if done is not None:
        return Pair(done.pk, done.public_id, one.pk, other.pk, is_new=False, at=done.at)
    if one.merged_into_id or other.merged_into_id:
        raise NotTwo("One of the two was merged with somebody meanwhile. Look at them again")
    if not why:
        raise WhyMissing("Write how you know that they are one person")
    row = Merge.objects.create(kept=one, gone=other, why=why, at=now, by=viewer.name[:120])
    row.moved = _hand_over(one, other)
    row.fields = [
        *_points_take(one, other), *_reached_first(one, other, row.moved, take),
        *_take(one, other, take),
    ]  # fmt: skip
    row.moved["made"] = _keep_words_of(one, other, row)
    row.save(update_fields=["moved", "fields"])
    other.merged_into = one
    other.save(update_fields=["merged_into"])
    _count(one)
    Apart.objects.filter(one__in=(one, other), other__in=(one, other)).delete()
    for person in (one, other):
        _written("person.merged", person, viewer, now, merge=row.public_id)
    return Pair(row.pk, row.public_id, one.pk, other.pk, is_new=True, at=now)


def _hand_over(kept: Person, gone: Person) -> dict[str, list[int]]:
    moved = {}
    for name, (model, field) in _TABLES.items():
        rows = model._default_manager.filter(**{field: gone.pk})  # noqa: SLF001  # Django's name
        ids = list(_movable(name, rows, kept).order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=ids).update(**{field: kept})  # noqa: SLF001
        if ids:
            moved[name] = ids
    return moved


def _movable(name: str, rows: QuerySet[Any], kept: Person) -> QuerySet[Any]:
    """Without what the one who stays has as well: it stays where it was, and is not read."""
    if name == "points":
        points = ContactPoint.objects.filter(person=kept)
        return rows.exclude(digest__in=points.values("digest"))
    if name == "needs":
        needs = Adjustment.objects.filter(person=kept, ended_at=None)
        return rows.exclude(ended_at=None, kind__in=needs.values("kind"))
    if name == "names":
        names = GivenName.objects.filter(person=kept, ended_at=None)
        return rows.exclude(name__in=[*names.values_list("name", flat=True), kept.full_name])
    if name in ("for", "acts"):
        # Nobody acts for themselves, nor twice for the same.
        own, other = ("person", "acts") if name == "for" else ("acts", "person")
        proxies = Proxy.objects.filter(**{own: kept}, ended_at=None)
        return rows.exclude(**{other: kept}).exclude(
            ended_at=None, **{f"{other}__in": proxies.values(other)}
        )
    return rows


def _points_take(kept: Person, gone: Person) -> list[dict[str, Any]]:
    """Of an address that both have, what is known of the one that goes counts too."""
    changes = []
    theirs = {row.digest: row for row in ContactPoint.objects.filter(person=gone)}
    for row in ContactPoint.objects.filter(person=kept, digest__in=list(theirs)).order_by("pk"):
        values = merging.point(_facts(row), _facts(theirs[row.digest]))
        changes += _set(row, "point", values)
    return changes


def _reached_first(
    kept: Person, gone: Person, moved: Mapping[str, list[int]], take: Collection[str]
) -> list[dict[str, Any]]:
    """One of a kind is the first: the kept person's own where they have any, or the other's, as
    somebody chose."""
    changes, came = list[dict[str, Any]](), set(moved.get("points", ()))
    rows = list(ContactPoint.objects.filter(person=kept))  # the first of each before the others
    left = list(ContactPoint.objects.filter(person=gone))
    for kind in ("phone", "email"):
        here = [row for row in rows if row.kind == kind]
        theirs = [row for row in (*here, *left) if row.kind == kind and
                  (row.pk in came or row.person_id == gone.pk)]  # fmt: skip
        theirs.sort(key=lambda row: (not row.is_preferred, row.pk))
        first = theirs[0].digest if kind in take and theirs else None
        has_own = any(row.pk not in came for row in here)
        for row in here:
            chosen = row.is_preferred and not (has_own and row.pk in came)
            wanted = chosen if first is None else row.digest == first
            changes += _set(row, "point", {"is_preferred": wanted})
    return changes


def _facts(row: ContactPoint) -> dict[str, Any]:
    return {name: getattr(row, name) for name in merging.POINT_FIELDS}


def _take(kept: Person, gone: Person, take: Collection[str]) -> list[dict[str, Any]]:
    before = {name: getattr(kept, name) for name in merging.PERSON_FIELDS}
    theirs = {name: getattr(gone, name) for name in merging.PERSON_FIELDS}
    return _set(kept, "person", merging.person(before, theirs, take))


def _set(row: Model, table: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Changes these fields of a row; each as it was and as it is."""
    changes = []
    for name, value in values.items():
        was = getattr(row, name)
        if was != value:
            setattr(row, name, value)
            changes.append(
                {"table": table, "id": row.pk, "field": name, "was": merging.said(was),
                 "is": merging.said(value)}
            )  # fmt: skip
    if changes:
        row.save(update_fields=[change["field"] for change in changes])
    return changes


def _keep_words_of(kept: Person, gone: Person, merge: Merge) -> dict[str, list[int]]:
    """What nobody would say any more becomes another name, and another address."""
    made: dict[str, list[int]] = {"names": [], "addresses": []}
    was = {one["field"]: one["was"] for one in merge.fields if one["table"] == "person"}
    had = set(GivenName.objects.filter(person=kept, ended_at=None).values_list("name", flat=True))
    for name in merging.other_names(
        kept.full_name, gone.full_name, was.get("full_name", ""), had
    ):  # fmt: skip
        row = GivenName.objects.create(
            person=kept, name=name, recorded_at=merge.at, recorded_by=merge.by
        )
        made["names"].append(row.pk)
    own = tuple(was.get(name, getattr(kept, name)) for name in ("address", "postcode", "uprn"))
    for place in dict.fromkeys([(gone.address, gone.postcode, gone.uprn), own]):
        if place[0] and place[:2] != (kept.address, kept.postcode):
            there = PostalAddress.objects.create(
                person=kept, kind="other", address=place[0], postcode=place[1], uprn=place[2],
                recorded_at=merge.at, recorded_by=merge.by,
            )  # fmt: skip
            made["addresses"].append(there.pk)
    return made


def hung_on(*, merge_id: int, table: str, ids: Collection[int]) -> None:
    """Writes down what rooms above moved, so that it can be put back."""
    if not ids:
        return
    row = Merge.objects.select_for_update(no_key=True).get(pk=merge_id)
    row.moved[table] = sorted({*row.moved.get(table, []), *ids})
    row.save(update_fields=["moved"])


@transaction.atomic
def unmerge(
    *, viewer: Viewer, merge: uuid.UUID, why: str, are_two: bool = True, now: datetime
) -> Pair | None:
    """Takes two apart again; None where that was done already. `are_two`: nobody is asked again.

    Raises NoSuchPerson, NotTwo, WhyMissing.
    """
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    found = Merge.objects.select_related("kept", "gone").filter(public_id=merge).first()
    if found is None:
        raise NoSuchPerson("There is no such person")
    kept, gone = _two(viewer, found.kept.public_id, found.gone.public_id)
    row = Merge.objects.select_for_update().get(pk=found.pk)
    if row.undone_at is not None:
        return None
    if kept.merged_into_id:
        raise NotTwo(f"{kept} was merged with somebody since. Take those two apart first")
    why = " ".join(why.split())[:300]
    if not why:
        raise WhyMissing("Write how you know that they are two")
    # First: who is a person again may hold what is theirs.
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    kept_since = [*_put_back(row, kept, gone), *_unset(row), *_unmake(row)]
    row.undone_at, row.undone_by, row.undone_why = now, viewer.name[:120], why
    row.undone = kept_since
    row.save(update_fields=["undone_at", "undone_by", "undone_why", "undone"])
    for person in (kept, gone):
        _count(person)
        _written("person.unmerged", person, viewer, now, merge=row.public_id)
    if are_two:
        Apart.objects.get_or_create(
            one_id=min(kept.pk, gone.pk), other_id=max(kept.pk, gone.pk),
            defaults={"at": now, "by": viewer.name[:120]},
        )  # fmt: skip
    return Pair(row.pk, row.public_id, kept.pk, gone.pk, is_new=True, at=row.at)


def not_put_back(*, merge_id: int, words: Collection[str]) -> None:
    """Adds what rooms above could not put back; said again, it stands there once."""
    row = Merge.objects.select_for_update(no_key=True).get(pk=merge_id)
    row.undone = list(dict.fromkeys([*row.undone, *(one[:300] for one in words)]))
    row.save(update_fields=["undone"])


def _put_back(row: Merge, kept: Person, gone: Person) -> list[str]:
    lost = []
    for name, (model, field) in _TABLES.items():
        ids = row.moved.get(name, [])
        rows = model._default_manager.filter(pk__in=ids, **{field: kept.pk})  # noqa: SLF001
        back = list(_movable(name, rows, gone).values_list("pk", flat=True))
        model._default_manager.filter(pk__in=back).update(**{field: gone})  # noqa: SLF001
        if len(back) < len(ids):
            lost.append(merging.not_back(name, len(ids) - len(back)))
    return lost


def _unset(row: Merge) -> list[str]:
    """Each field as it was, where it still is as the merge made it."""
    changed_since = []
    for change in reversed(row.fields):
        model = Person if change["table"] == "person" else ContactPoint
        rows: QuerySet[Any] = model._default_manager.filter(pk=change["id"])  # noqa: SLF001
        found = rows.first()
        now = merging.said(getattr(found, change["field"])) if found else None
        if found is None or now != change["is"]:
            changed_since.append(merging.changed(change["field"]))
            continue
        rows.update(**{change["field"]: merging.read(change["field"], change["was"])})
    return changed_since


def _unmake(row: Merge) -> list[str]:
    made = row.moved.get("made", {})
    GivenName.objects.filter(pk__in=made.get("names", []), person_id=row.kept_id).delete()
    PostalAddress.objects.filter(pk__in=made.get("addresses", []), person_id=row.kept_id).delete()
    return []


def _count(person: Person) -> None:
    rows = Adjustment.objects.filter(person=person, ended_at=None)
    kinds = sorted(rows.values_list("kind", flat=True))
    Person.objects.filter(pk=person.pk).update(adjustments=kinds)


def _written(what: str, person: Person, viewer: Viewer, now: datetime, **data: object) -> None:
    audit.record(what, actor=viewer.actor, target=f"person:{person.public_id}", at=now, data=data)
