"""Which carrier takes a message: the first of its route that is well and has not failed it.

A message that waits may go to any of them; one whose fate is unknown belongs to the carrier that
may have it until that one has said that it has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings

from notifications import attempts, health
from notifications.backends import registry
from notifications.backends.accounts import Account
from notifications.backends.base import Backend
from notifications.events import EVENTS
from notifications.models import Notification

log = structlog.get_logger(__name__)


class NoCarrier(Exception):
    """Nobody carries this medium here."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A carrier and the way to it. `is_probe`: it is ill, and this message asks if it still is."""

    account: Account
    backend: Backend
    is_probe: bool = False


def own(message: Notification) -> Choice | None:
    """The carrier that may have a message of unknown fate; None where nobody knows it any more."""
    if message.provider:
        account = registry.carrier(message.provider)
        return _usable(account) if account is not None else None
    return next(iter(_route(message)), None)


def best(message: Notification, *, now: datetime) -> Choice | None:
    """Who is to take a message that nobody has; None while all that could are ill.

    A carrier that has failed this message so many times in a row lets the next one try, and comes
    back into turn after it. Raises NoCarrier.
    """
    route = _route(message)
    if not route:
        raise NoCarrier
    if message.provider and not message.attempts:
        # An answer goes by whom the question came, so that it comes from the number they wrote to.
        route.sort(key=lambda choice: choice.account.slug != message.provider)
    urgent = message.event in EVENTS and EVENTS[message.event].at_once
    ill = health.ill([choice.account.slug for choice in route])
    for choice in route:
        slug = choice.account.slug
        if slug in ill and health.claim_probe(slug, now=now, is_urgent=urgent):
            return Choice(choice.account, choice.backend, is_probe=True)
        if slug not in ill:
            break
    well = [choice for choice in route if choice.account.slug not in ill]
    if len(well) < 2 or not message.attempts:
        return well[0] if well else None
    failed = attempts.failed_by(message.pk)
    each = settings.CARRIER_TRIES_BEFORE_NEXT
    return min(well, key=lambda choice: failed.get(choice.account.slug, 0) // each)


def _route(message: Notification) -> list[Choice]:
    accounts = registry.carriers_for(message.medium, message.organisation)
    return [choice for account in accounts if (choice := _usable(account)) is not None]


def _usable(account: Account) -> Choice | None:
    try:
        return Choice(account, registry.backend_of(account))
    except Exception:
        # Half filled in, or its library is missing: what another can carry must not wait for that.
        log.exception("carrier.unusable", carrier=account.slug)
        return None
