"""The second factor: six digits from a code app (RFC 6238), or a spare code from paper.

A code is taken half a minute early or late, and once: the half-minute it belongs to is written
down with the same statement that looks at it, so that of two tries at one instant one comes in.
"""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django_otp.oath import TOTP  # type: ignore[import-untyped]  # has no types

from accounts.models import SecondFactor, SpareCode, User
from core import audit, sealing
from core.audit import Actor
from core.errors import DomainError

_PURPOSE = "second_factor"
# Half-minutes that a clock may be wrong by, either way.
_DRIFT = 1
SPARE_CODES = 10
# Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class CodeNotRight(DomainError):
    code = "code_not_right"


def asked_of(user: User) -> bool:
    """Whether somebody must give one: everybody but the sign-ins of the demonstration."""
    return not (user.is_demo and settings.HUB_DEMO)


def is_set_up(user: User) -> bool:
    """Whether this person has a code app."""
    return SecondFactor.objects.filter(user=user).exists()


def set_up_at(user: User) -> datetime | None:
    """Since when they have it."""
    return SecondFactor.objects.filter(user=user).values_list("set_up_at", flat=True).first()


def spare_codes_left(user: User) -> int:
    """How many spare codes have not been used."""
    return SpareCode.objects.filter(user=user, used_at=None).count()


def new_key() -> str:
    """A key for a code app, sealed: what may wait in a session until its first code is right."""
    return sealing.seal(base64.b32encode(secrets.token_bytes(20)).decode(), purpose=_PURPOSE)


def key_in_words(sealed: str) -> str:
    """The key as somebody types it who cannot scan: in fours."""
    return " ".join(re.findall("....", sealing.unseal(sealed, purpose=_PURPOSE)))


def address_of(sealed: str, user: User) -> str:
    """What the square says: the address that a code app reads."""
    query = {"secret": sealing.unseal(sealed, purpose=_PURPOSE), "issuer": settings.HUB_NAME}
    label = quote(f"{settings.HUB_NAME}:{user.email}")
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


@transaction.atomic
def set_up(*, user: User, sealed: str, code: str, now: datetime, anew: bool = False) -> list[str]:
    """Keeps the key once its first code is right. Gives the spare codes, which nobody sees again.

    Who has a code app already keeps it, unless `anew` says that they asked for another.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not anew and is_set_up(user):
        raise CodeNotRight("You have a code app already. Sign in with a code from it")
    step = _step_of(code, sealed, after=0, now=now)
    SecondFactor.objects.update_or_create(
        user=user, defaults={"sealed_key": sealed, "last_step": step, "set_up_at": now}
    )
    _record("second_factor.set_up", user, now)
    return _new_spare_codes(user)


@transaction.atomic
def change(*, user: User, sealed: str, code: str, old: str, now: datetime) -> list[str]:
    """Another code app for who has one, or a spare code, at hand. Gives new spare codes."""
    _step_of(code, sealed, after=0, now=now)
    try:
        if re.fullmatch(r"[0-9\s-]{6,8}", old.strip()):
            check_code(user=user, code=old, now=now)
        else:
            check_spare_code(user=user, code=old, now=now)
    except CodeNotRight as error:
        raise CodeNotRight(error.message, field="old") from None
    return set_up(user=user, sealed=sealed, code=code, now=now, anew=True)


def check_code(*, user: User, code: str, now: datetime) -> None:
    """Takes a code of the app. Raises CodeNotRight."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        raise CodeNotRight("You have no code app yet. Sign in again to set one up")
    step = _step_of(code, factor.sealed_key, after=factor.last_step, now=now)
    taken = SecondFactor.objects.filter(
        pk=factor.pk, sealed_key=factor.sealed_key, last_step__lt=step
    ).update(last_step=step)
    if not taken:
        raise _used()


@transaction.atomic
def check_spare_code(*, user: User, code: str, now: datetime) -> None:
    """Takes a spare code, which is used up by it. Raises CodeNotRight."""
    typed = re.sub(r"[\s-]+", "", code).lower()
    for spare in SpareCode.objects.select_for_update().filter(user=user, used_at=None):
        if check_password(typed, spare.hash):
            spare.used_at = now
            spare.save(update_fields=["used_at"])
            _record("second_factor.spare_code_used", user, now)
            return
    raise CodeNotRight("That is not one of your spare codes, or it was used before. Check it")


@transaction.atomic
def new_spare_codes(*, user: User, now: datetime) -> list[str]:
    """Ten new spare codes; those of before end."""
    _record("second_factor.spare_codes_made", user, now)
    return _new_spare_codes(user)


def take_away(*, user: User, actor: Actor, now: datetime) -> None:
    """Forgets somebody's code app and spare codes: they set up another at their next sign-in."""
    SecondFactor.objects.filter(user=user).delete()
    SpareCode.objects.filter(user=user).delete()
    audit.record("second_factor.taken_away", actor=actor, target=f"user:{user.pk}", at=now)


def _step_of(code: str, sealed: str, *, after: int, now: datetime) -> int:
    digits = re.sub(r"[\s-]+", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise CodeNotRight("The code is six digits. Read it again from your code app")
    try:
        key = base64.b32decode(sealing.unseal(sealed, purpose=_PURPOSE))
    except sealing.SealBroken:
        raise CodeNotRight(
            "Your code app cannot be checked any more. Ask your administrator to reset it"
        ) from None
    clock = TOTP(key)
    clock.time = now.timestamp()
    if clock.verify(int(digits), tolerance=_DRIFT, min_t=after + 1):
        return int(clock.t())
    if clock.verify(int(digits), tolerance=_DRIFT):
        raise _used()
    raise CodeNotRight(
        "That code is not right. Wait for the next one, and check that your phone's clock is right"
    )


def _used() -> CodeNotRight:
    return CodeNotRight("That code was used already. Wait for the next one")


def _new_spare_codes(user: User) -> list[str]:
    SpareCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(SPARE_CODES)]
    SpareCode.objects.bulk_create(SpareCode(user=user, hash=make_password(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


def _record(action: str, user: User, now: datetime) -> None:
    actor = Actor("staff", user.pk, user.full_name)
    audit.record(action, actor=actor, target=f"user:{user.pk}", at=now)
