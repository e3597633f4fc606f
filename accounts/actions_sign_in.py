"""Counts tries to sign in. A try is written before anything is compared: it fails closed."""

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

WINDOW, KEPT = timedelta(minutes=15), timedelta(days=1)
# One person at one place; one person from everywhere; one place for everybody (a whole contact
# centre may stand behind one network address).
TRIES, TRIES_PER_PERSON, TRIES_PER_PLACE = 10, 50, 100
# Codes, for one person from everywhere: so few that guessing six digits takes lifetimes.
CODES, CODES_A_DAY = 5, 20


class TooManyTries(DomainError):
    code = "too_many_tries"


def network_hash(network: str) -> str:
    """What is kept of a network address."""
    return address_hash("email", f"network:{network}")


def _hashes(email: str, network: str) -> tuple[str, str]:
    return address_hash("email", email), network_hash(network)


def _code_hash(user: User) -> str:
    return address_hash("email", f"code:{user.pk}")


def count_try(*, email: str, network: str, now: datetime) -> None:
    """Writes a try down, then counts. Raises TooManyTries, before any password is compared."""
    person, place = _hashes(email, network)
    _write(person, place, now)
    tries = SignInTry.objects.filter(at__gt=now - WINDOW).aggregate(
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


def tries_over(*, email: str, network: str) -> None:
    """What was tried was right: those before it from there count no more."""
    person, place = _hashes(email, network)
    SignInTry.objects.filter(email_hash=person, network_hash=place).delete()


def count_code(*, user: User, network: str, now: datetime) -> None:
    """The same for a code of somebody whose password was right, wherever they are."""
    person = _code_hash(user)
    _write(person, network_hash(network), now)
    tries = SignInTry.objects.filter(email_hash=person).aggregate(
        soon=Count("pk", filter=Q(at__gt=now - WINDOW)), day=Count("pk")
    )
    if tries["soon"] <= CODES and tries["day"] <= CODES_A_DAY:
        return
    if tries["day"] > CODES_A_DAY:
        raise TooManyTries(
            "There were too many wrong codes today. Tell your administrator: somebody may know "
            "your password"
        )
    raise TooManyTries("There were too many wrong codes. Wait 15 minutes, then try again")


def _write(person: str, place: str, now: datetime) -> None:
    SignInTry.objects.filter(at__lt=now - KEPT).delete()
    SignInTry.objects.create(email_hash=person, network_hash=place, at=now)


def code_taken(*, user: User) -> None:
    """A right code makes up for the wrong ones before it."""
    SignInTry.objects.filter(email_hash=_code_hash(user)).delete()


def code_refused(*, user: User, now: datetime) -> None:
    """Remembers a wrong code after a right password: perhaps the password is known to others."""
    audit.record("user.code_refused", actor=_actor(user), target=f"user:{user.pk}", at=now)


@transaction.atomic
def signed_in(*, user: User, network: str, now: datetime, factor: str) -> None:
    """Forgets this person's tries from here, and remembers who came in, with what."""
    tries_over(email=user.email, network=network)
    audit.record(
        "user.signed_in",
        actor=_actor(user),
        target=f"user:{user.pk}",
        at=now,
        data={"second_factor": factor},
    )


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """A new password that its owner chose. Every session made with the old one is over."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record("user.password_set", actor=_actor(user), target=f"user:{user.pk}", at=now)


def _actor(user: User) -> Actor:
    viewer = viewer_for_user(user)
    return viewer.actor if viewer else Actor("staff", user.pk, user.full_name)
