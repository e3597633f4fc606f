"""Counts tries to sign in. A try is written before the password is looked at: it fails closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from accounts.models import SignInTry, User
from accounts.queries import viewer_for_user
from core import audit
from core.audit import Actor
from core.errors import DomainError
from core.privacy import address_hash

WINDOW = timedelta(minutes=15)
# One person at one place; one person from everywhere; one place for everybody (a whole contact
# centre may stand behind one network address).
TRIES, TRIES_PER_PERSON, TRIES_PER_PLACE = 10, 50, 100


class TooManyTries(DomainError):
    code = "too_many_tries"


def _hashes(email: str, network: str) -> tuple[str, str]:
    return address_hash("email", email), address_hash("email", f"network:{network}")


def count_try(*, email: str, network: str, now: datetime) -> None:
    """Writes a try down, then counts. Raises TooManyTries, before any password is compared."""
    person, place = _hashes(email, network)
    SignInTry.objects.filter(at__lt=now - WINDOW).delete()
    SignInTry.objects.create(email_hash=person, network_hash=place, at=now)
    tries = SignInTry.objects.aggregate(
        both=Count("pk", filter=Q(email_hash=person, network_hash=place)),
        person=Count("pk", filter=Q(email_hash=person)),
        place=Count("pk", filter=Q(network_hash=place)),
    )
    if (
        tries["both"] > TRIES
        or tries["person"] > TRIES_PER_PERSON
        or tries["place"] > TRIES_PER_PLACE
    ):
        raise TooManyTries(
            "There were too many tries to sign in. Wait 15 minutes, or ask your administrator "
            "for a new password"
        )


@transaction.atomic
def signed_in(*, user: User, network: str, now: datetime) -> None:
    """Forgets this person's tries from here, and remembers who came in."""
    person, place = _hashes(user.email, network)
    SignInTry.objects.filter(email_hash=person, network_hash=place).delete()
    viewer = viewer_for_user(user)
    actor = viewer.actor if viewer else Actor("staff", user.pk, user.full_name)
    audit.record("user.signed_in", actor=actor, target=f"user:{user.pk}", at=now)
