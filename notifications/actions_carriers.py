"""Changes who carries messages: accounts with providers, and the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.text import slugify

from accounts import queries as accounts_of
from core import audit
from core.audit import Actor
from core.errors import DomainError
from notifications import carrier_kinds
from notifications.backends import accounts, registry
from notifications.backends.accounts import Account
from notifications.carrier_kinds import KINDS, Kind
from notifications.models import Carrier, CarrierHealth, Route

SLUG = 20
LONGEST_ROUTE = 3


class NotACarrier(DomainError):
    """What was given makes no account that could send."""

    code = "not_a_carrier"


class NoSuchCarrier(DomainError):
    """There is none of this name."""

    code = "no_such_carrier"


class NotARoute(DomainError):
    """These carriers cannot carry this, for these, in this order."""

    code = "not_a_route"


@transaction.atomic
def add(
    *, kind: str, name: str, organisation: int | None, told: Mapping[str, str], actor: Actor,
    now: datetime,
) -> str:  # fmt: skip
    """Sets up an account, of a body or (None) of the partnership. Its slug. Raises NotACarrier."""
    slug = _free_slug(name)
    row = Carrier(slug=slug, kind=kind, organisation_id=organisation)
    _fill(row, name=name, told=told, now=now)
    row.save(force_insert=True)
    audit.record("carrier.added", actor=actor, target=slug, at=now,
                 data={"kind": kind, "organisation": organisation})  # fmt: skip
    return slug


@transaction.atomic
def change(
    *, slug: str, name: str, is_active: bool, told: Mapping[str, str], actor: Actor, now: datetime
) -> None:
    """Changes an account; a secret that is left empty stays. Raises NoSuchCarrier or NotACarrier.

    What it was ill of is forgotten: the next messages show whether it is well now.
    """
    row = Carrier.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise NoSuchCarrier("There is no such provider")
    before = (row.name, row.is_active, row.settings)
    _fill(row, name=name, told=told, now=now)
    row.is_active = is_active
    row.save()
    CarrierHealth.objects.filter(carrier=slug, ill_since__isnull=False).update(
        ill_since=None, probe_at=None, well_since=now, why=""
    )
    audit.record(
        "carrier.changed", actor=actor, target=slug, at=now,
        data={
            "name": before[0] != row.name,
            "settings": before[2] != row.settings,
            "secrets": sorted(_secrets(KINDS[row.kind], told)),
            "in_use": is_active,
        },
    )  # fmt: skip


@transaction.atomic
def set_route(
    *, medium: str, organisation: int | None, carriers: Sequence[str], actor: Actor, now: datetime
) -> None:
    """Says who carries a medium for a body, or (None) for all that have no route of their own.

    No carriers: its own route ends, and what stands behind it counts again. Raises NotARoute.
    """
    wanted = [slug for slug in carriers if slug]
    if medium not in carrier_kinds.MEDIA or len(wanted) > LONGEST_ROUTE:
        raise NotARoute("This is not a route")
    if len(set(wanted)) < len(wanted):
        raise NotARoute("Choose each provider once")
    for slug in wanted:
        _check(slug, medium, organisation)
    whose = Q(organisation=None) if organisation is None else Q(organisation_id=organisation)
    Route.objects.filter(whose, medium=medium).delete()
    Route.objects.bulk_create(
        Route(medium=medium, organisation_id=organisation, carrier=slug, position=position)
        for position, slug in enumerate(wanted)
    )
    audit.record("carrier.route_set", actor=actor, target=medium, at=now,
                 data={"organisation": organisation, "carriers": wanted})  # fmt: skip


def _check(slug: str, medium: str, organisation: int | None) -> None:
    row = Carrier.objects.filter(slug=slug).first()
    account = registry.carrier(slug)
    if account is None:
        raise NotARoute("There is no such provider")
    if row is not None and row.organisation_id not in {None, organisation}:
        raise NotARoute(f"{row.name} is another body's account")
    kind = KINDS.get(account.kind)
    if kind is not None and medium not in kind.media:
        raise NotARoute(f"{kind.words} does not carry this")


def _free_slug(name: str) -> str:
    stem = slugify(name)[: SLUG - 3].strip("-") or "provider"
    # A name that the environment uses, or has used, would take the place of its account.
    named = accounts.BACKENDS.keys() | registry.FORMERLY.keys()
    taken = named | set(Carrier.objects.values_list("slug", flat=True))
    numbered = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 100))
    return next((slug for slug in numbered if slug not in taken), f"{stem[:14]}-many")


def _fill(row: Carrier, *, name: str, told: Mapping[str, str], now: datetime) -> None:
    kind = KINDS.get(row.kind)
    if kind is None:
        raise NotACarrier("This kind of provider cannot be set up here")
    if not name.strip():
        raise NotACarrier("Give the provider a name", field="name")
    kept = registry.secrets_kept(row.sealed) if row.sealed else {}
    secrets = {**kept, **_secrets(kind, told)}
    settings = dict(row.settings) | _settings(kind, told)
    for wanted in kind.wants:
        given = secrets if wanted.is_secret else settings
        if wanted.is_required and not given.get(wanted.name):
            raise NotACarrier(f"Enter: {wanted.label}", field=wanted.name)
    if kind.name == "print":
        body = accounts_of.organisation_by_id(row.organisation_id)
        settings["organisation"] = body.slug if body is not None else ""
    _try(Account(row.slug, kind.name, accounts.BACKENDS[kind.name], settings, secrets))
    row.name, row.settings, row.sealed = name.strip()[:80], settings, registry.seal(secrets)
    row.changed_at = now


def _secrets(kind: Kind, told: Mapping[str, str]) -> dict[str, str]:
    return {
        wanted.name: told[wanted.name].strip()
        for wanted in kind.wants
        if wanted.is_secret and told.get(wanted.name, "").strip()
    }


def _settings(kind: Kind, told: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for wanted in kind.wants:
        if wanted.is_secret or wanted.name not in told:
            continue
        words = told[wanted.name].strip()
        if wanted.name == "templates":
            try:
                found["templates"] = carrier_kinds.read_templates(words)
            except carrier_kinds.NotTemplates as error:
                raise NotACarrier(str(error), field="templates") from error
        else:
            found[wanted.name] = words
    return found


def _try(account: Account) -> None:
    """Whether an account of this kind could be built of it: nothing is sent or called."""
    if account.kind == "smtp":
        _mail_server(account)
    elif account.kind == "twilio" and not (
        account.settings.get("messaging_service_sid") or account.settings.get("number")
    ):
        raise NotACarrier("Enter a messaging service or a number to send from", field="number")
    try:
        import_string(account.path)(account)
    except ValueError as error:
        field = "secret" if "secret" in str(error) else "url"
        raise NotACarrier(str(error), field=field) from error
    except Exception as error:
        key = "api_key" if account.kind == "notify" else None
        raise NotACarrier("This is not a whole key. Copy it again", field=key) from error


def _mail_server(account: Account) -> None:
    try:
        parts = urlsplit(account.secrets["url"])
        good = parts.scheme in {"smtp", "smtps"} and parts.hostname and (parts.port or 1)
    except ValueError:
        good = False
    if not good:
        raise NotACarrier("The address of a mail server starts with smtp:// or smtps://",
                          field="url")  # fmt: skip
    if "@" not in parseaddr(str(account.settings.get("from", "")))[1]:
        raise NotACarrier("The sender needs an email address", field="from")
