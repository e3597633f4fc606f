"""Which carriers take which medium for whom: rows first, else what the environment names."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from core import sealing
from notifications.backends import accounts
from notifications.backends.accounts import Account
from notifications.backends.base import Backend, KeepsOpen
from notifications.models import Carrier, Route

PURPOSE = "notifications.carrier"
# What carriers were called on messages of earlier releases.
FORMERLY = {"mail": "smtp"}

log = structlog.get_logger(__name__)

# Providers' clients are not safe to share between threads.
_local = threading.local()


def carriers_for(medium: str, organisation: str = "") -> list[Account]:
    """The carriers of a medium for an organisation (its slug), the first choice first.

    An organisation's own routes count before the partnership's, and these before the environment;
    a level on which no carrier is left counts as not there. Nobody uses another body's account. A
    change counts within CARRIERS_KEPT_SECONDS.
    """
    if not settings.CARRIERS_KEPT_SECONDS:
        return _carriers_for(medium, organisation)
    kept: dict[tuple[str, str], tuple[float, list[Account]]]
    kept = _local.__dict__.setdefault("routes", {})
    before = kept.get((medium, organisation))
    if before is not None and time.monotonic() - before[0] < settings.CARRIERS_KEPT_SECONDS:
        return list(before[1])
    found = _carriers_for(medium, organisation)
    kept[medium, organisation] = (time.monotonic(), found)
    return list(found)


def _carriers_for(medium: str, organisation: str) -> list[Account]:
    routes = Route.objects.filter(medium=medium).filter(
        Q(organisation=None) | Q(organisation__slug=organisation)
    )
    own: list[str] = []
    ours: list[str] = []
    for slug, whose in routes.values_list("carrier", "organisation_id"):
        (ours if whose is None else own).append(slug)
    known = _environment(medium)
    rows = _rows({*own, *ours, *known})
    for level in (own, ours, list(known)):
        found = [
            account
            for slug in level
            if (account := _account(slug, rows.get(slug), organisation)) is not None
        ]
        if found:
            return found
    return []


def carrier(slug: str) -> Account | None:
    """The carrier of this slug, in whichever state it is; None where nobody knows it."""
    slug = FORMERLY.get(slug, slug)
    row = _rows({slug}).get(slug)
    return _of_row(row) if row is not None else _named(slug)


def kind_of(slug: str) -> str:
    """Which kind the carrier of this slug is; one of the environment is called by its kind."""
    slug = FORMERLY.get(slug, slug)
    return Carrier.objects.filter(slug=slug).values_list("kind", flat=True).first() or slug


def secrets_of(kind: str, name: str) -> list[tuple[str, str]]:
    """A secret of each carrier of a kind that is in use, with its slug."""
    found = accounts_of(kind)
    return [(one.slug, one.secrets[name]) for one in found if one.secrets.get(name)]


def accounts_of(kind: str, **told: str) -> list[Account]:
    """The carriers of a kind that are in use, where their settings say what is told."""
    rows = list(Carrier.objects.filter(Q(kind=kind, is_active=True) | Q(slug=kind)))
    found = [_of_row(row) for row in rows if row.is_active and row.kind == kind]
    if kind not in {row.slug for row in rows}:
        found.append(_named(kind))
    return [
        account
        for account in found
        if account is not None
        and all(account.settings.get(key) == value for key, value in told.items())
    ]


def backend_of(account: Account) -> Backend:
    """This thread's way to a carrier, built anew when anything about the account has changed."""
    cache: dict[str, tuple[Account, Backend]] = _local.__dict__.setdefault("backends", {})
    kept = cache.get(account.slug)
    if kept is None or kept[0] != account:
        kept = cache[account.slug] = (account, import_string(account.path)(account))
    return kept[1]


def rest() -> None:
    """This thread hands nothing over for now: no connection of its backends stays open."""
    for _, backend in _local.__dict__.get("backends", {}).values():
        if isinstance(backend, KeepsOpen):
            backend.rest()


def forget() -> None:
    """Drops this thread's clients, and what it knows of routes."""
    rest()
    _local.__dict__.clear()


def load() -> None:
    """Imports what the environment names, before a process forks: the libraries take seconds."""
    for entry in _entries():
        import_string(accounts.BACKENDS.get(entry, entry))


def paths_for(medium: str) -> list[str]:
    """The classes that the environment names for a medium, the first choice first."""
    return [accounts.BACKENDS.get(entry, entry) for entry in _entries(medium)]


def seal(secrets: dict[str, str]) -> str:
    """A row's keys as they are kept."""
    return sealing.seal(json.dumps(secrets), purpose=PURPOSE) if secrets else ""


def secrets_kept(sealed: str) -> dict[str, str]:
    """The keys of a row; none where they do not open any more."""
    try:
        kept: dict[str, str] = json.loads(sealing.unseal(sealed, purpose=PURPOSE)) if sealed else {}
    except sealing.SealBroken:
        return {}
    return kept


def of_environment() -> list[Account]:
    """The accounts that the environment names, each once."""
    return list(_environment().values())


def _entries(medium: str = "") -> list[str]:
    """What NOTIFICATION_BACKENDS says: kinds or classes, one or several for each medium."""
    told: Mapping[str, str | Iterable[str]] = settings.NOTIFICATION_BACKENDS
    media = [medium] if medium else list(told)
    entries = [told.get(one, ()) for one in media]
    return [
        name for entry in entries for name in ([entry] if isinstance(entry, str) else list(entry))
    ]


def _environment(medium: str = "") -> dict[str, Account]:
    found = {}
    for entry in _entries(medium):
        path = accounts.BACKENDS.get(entry, entry)
        kind = entry if entry in accounts.BACKENDS else str(import_string(path).name)
        found[kind] = accounts.of_environment(kind, path)
    return found


def _named(slug: str) -> Account | None:
    known = _environment().get(slug)
    if known is None and accounts.is_configured(slug):
        # No medium goes by it any more; what it has taken can still be asked for.
        known = accounts.of_environment(slug)
    return known


def _rows(slugs: set[str]) -> dict[str, Carrier]:
    rows = Carrier.objects.select_related("organisation").filter(slug__in=slugs)
    return {row.slug: row for row in rows}


def _account(slug: str, row: Carrier | None, organisation: str) -> Account | None:
    """The account behind a route's slug, unless it is switched off or somebody else's."""
    if row is None:
        return _named(slug)
    if not row.is_active or (row.organisation and row.organisation.slug != organisation):
        return None
    return _of_row(row)


def _of_row(row: Carrier) -> Account | None:
    path = accounts.BACKENDS.get(row.kind)
    if path is None:
        log.error("carrier.of_no_kind", carrier=row.slug, kind=row.kind)
        return None
    try:
        secrets = json.loads(sealing.unseal(row.sealed, purpose=PURPOSE)) if row.sealed else {}
    except sealing.SealBroken:
        log.exception("carrier.seal_broken", carrier=row.slug)
        return None
    whose = {"organisation": row.organisation.slug} if row.organisation else {}
    return Account(row.slug, row.kind, path, {**row.settings, **whose}, secrets)
