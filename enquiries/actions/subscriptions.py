"""Keeps somebody else told: asked for by the citizen, begun by a yes of whoever is to be told."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import CITIZEN
from core.errors import DomainError
from core.privacy import address_hash
from core.sealing import seal
from customers.contact import is_mobile, read_email, read_phone
from enquiries import events
from enquiries.actions import subscribers
from enquiries.events import EventType
from enquiries.lifecycle import LIVE, NotNow
from enquiries.models import Enquiry, Subscription
from enquiries.queries.subscriptions import PURPOSE

MOST = 3
# However often somebody is added and taken out again, so many people get our question.
MOST_EVER = 10
# One address is asked so often in a day, whoever wants to have it told.
MOST_QUESTIONS_A_DAY = 3
A_DAY = timedelta(days=1)
ANSWER_WITHIN = timedelta(days=7)

Medium = Literal["email", "sms"]


class TooMany(DomainError):
    code = "subscriptions_full"
    field = "to"


class NotThis(DomainError):
    code = "subscription_not_possible"
    field = "to"


class NoSuchSubscription(DomainError):
    code = "subscription_unknown"


def _read(medium: Medium, to: str) -> tuple[str, str]:
    """The address with its keyed hash. Raises NotAnEmailAddress, NotAPhoneNumber, NotThis."""
    if medium == "email":
        address = read_email(to)
        return address, address_hash("email", address)
    number = read_phone(to)
    if not is_mobile(number):
        raise NotThis(_("Enter a mobile number. We cannot send a text to this one"))
    return number, address_hash("phone", number)


def _is_open(one: Subscription, now: datetime) -> bool:
    """Whether they are told, or may still say that they want to be."""
    waits = one.confirmed_at is not None or now - one.asked_at <= ANSWER_WITHIN
    return one.ended_at is None and waits


@transaction.atomic
def ask(*, reference: str, medium: Medium, to: str, now: datetime) -> None:
    """Asks somebody whether they want to be kept told, for code that has settled whose it is.

    Asking the same one again changes nothing, and who stopped it once is never asked again; the
    citizen reads the same either way. An address of the same person that they did not give here is
    one like any other: whoever has this link learns of no other. Raises NotNow, TooMany, NotThis,
    NotAnEmailAddress, NotAPhoneNumber.
    """
    to, digest = _read(medium, to)
    enquiry = _locked(reference)
    if enquiry.status not in LIVE:
        raise NotNow(_("This has ended, so there is nothing more to tell"))
    if digest == (enquiry.tell_to or enquiry.first_contact.address_hash):
        raise NotThis(_("That is where we write to you already. Enter somebody else’s"))
    rows = list(Subscription.objects.filter(enquiry=enquiry))
    known = next((one for one in rows if one.digest == digest), None)
    if known is not None and (_is_open(known, now) or known.ended_by == "subscriber"):
        return
    if sum(_is_open(one, now) for one in rows) >= MOST or len(rows) >= MOST_EVER:
        raise TooMany(_("We can keep %(number)s people told beside you") % {"number": MOST})
    one = known or Subscription(enquiry=enquiry, digest=digest, medium=medium)
    one.sealed = seal(to, purpose=PURPOSE)
    one.secret = secrets.token_urlsafe(16)
    one.asked_at, one.confirmed_at, one.ended_at, one.ended_by = now, None, None, ""
    one.save()
    if _asked_today(digest, now) <= MOST_QUESTIONS_A_DAY:
        key = f"keep_told:{one.pk}:{now:%Y%m%d}"
        subscribers.write(one, enquiry, "keep_told", key=key, now=now)


def _asked_today(digest: str, now: datetime) -> int:
    """How many have asked for this address since yesterday, this one with them."""
    return Subscription.objects.filter(digest=digest, asked_at__gt=now - A_DAY).count()


def _locked(reference: str) -> Enquiry:
    return events.locked(Enquiry.objects.values_list("pk", flat=True).get(reference=reference))


def _held(rows: dict[str, object]) -> tuple[Subscription, Enquiry]:
    """A subscription with its enquiry, the enquiry locked first. Raises NoSuchSubscription."""
    found = Subscription.objects.filter(**rows).values_list("pk", "enquiry_id").first()
    if found is None:
        raise NoSuchSubscription(_("This link does not open anything"))
    enquiry = events.locked(found[1])
    return Subscription.objects.select_for_update().get(pk=found[0]), enquiry


@transaction.atomic
def confirm(*, secret: str, now: datetime) -> None:
    """ "Yes, keep me told". Twice changes nothing. Raises NoSuchSubscription, NotNow."""
    one, enquiry = _held({"secret": secret})
    if one.confirmed_at is not None and one.ended_at is None:
        return
    if not _is_open(one, now):
        raise NotNow(_("This question is no longer open. Nothing was changed"))
    one.confirmed_at = now
    one.save(update_fields=["confirmed_at"])
    events.record(enquiry, EventType.SUBSCRIBED, actor=CITIZEN, at=now)


@transaction.atomic
def stop(*, secret: str, now: datetime) -> None:
    """ "Do not tell me (any more)". Twice changes nothing. Raises NoSuchSubscription."""
    _end(*_held({"secret": secret}), by="subscriber", now=now)


@transaction.atomic
def remove(*, reference: str, public_id: uuid.UUID, now: datetime) -> None:
    """The citizen lets somebody be told no longer. Twice changes nothing.

    Raises NoSuchSubscription, also for one of another enquiry.
    """
    held = _held({"public_id": public_id, "enquiry__reference": reference})
    _end(*held, by="citizen", now=now)


def _end(one: Subscription, enquiry: Enquiry, *, by: str, now: datetime) -> None:
    if one.ended_at is not None:
        return
    was_told = one.confirmed_at is not None
    one.ended_at, one.ended_by = now, by
    one.save(update_fields=["ended_at", "ended_by"])
    if was_told:
        events.record(enquiry, EventType.UNSUBSCRIBED, actor=CITIZEN, at=now)


def forget(*, now: datetime, limit: int = 1_000) -> int:
    """Forgets addresses of those who never answered, who stopped it, or of whom it was long ago.

    The keyed hash stays with who stopped it, so that nobody asks them again. Returns how many.
    """
    rows = Subscription.objects.exclude(sealed="")
    silent = rows.filter(confirmed_at=None, asked_at__lt=now - ANSWER_WITHIN)
    ended = rows.filter(ended_at__lt=now - A_DAY)
    over = rows.filter(enquiry__closed_at__lt=now - A_DAY)
    ids = list((silent | ended | over).values_list("pk", flat=True)[:limit])
    found = Subscription.objects.filter(pk__in=ids)
    found.filter(ended_at=None).update(ended_at=now, ended_by="silence")
    return found.update(sealed="")
