"""Changes to who may do what, each with its line in the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import ApiToken, Membership, Organisation, Site, Team, User
from accounts.permissions import Role, Scope
from accounts.queries import digest
from core import audit
from core.audit import Actor


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str,
    full_name: str,
    actor: Actor,
    now: datetime,
    hashed: bool = False,
    demo: bool = False,
) -> User:
    """A sign-in, or the existing one with this address, its password and name renewed.

    `hashed` says that the password is one of Django's password hashes already; `demo` that the
    sign-in is for visitors of the demonstration alone.
    """
    user, created = User.objects.get_or_create(
        email=email.strip().lower(), defaults={"full_name": full_name}
    )
    user.full_name = full_name
    user.password = password if hashed else make_password(password)
    user.is_demo = demo
    user.save()
    action = "user.created" if created else "user.password_set"
    audit.record(action, actor=actor, target=f"user:{user.pk}", at=now)
    return user


@transaction.atomic
def grant(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    from_on: date,
    actor: Actor,
    now: datetime,
    team: Team | None = None,
    site: Site | None = None,
) -> Membership:
    """A role in an organisation, from a day on. Granting it twice changes nothing."""
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        role=role.value,
        team=team,
        defaults={"from_on": from_on, "site": site},
    )
    if role is Role.ADMINISTRATOR and organisation.is_hub and not user.is_superuser:
        # Reference data are edited in Django's own pages, which know only these two.
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    if created:
        audit.record(
            "membership.granted",
            actor=actor,
            target=f"user:{user.pk}",
            at=now,
            data={"organisation": organisation.slug, "role": role.value},
        )
    return membership


@transaction.atomic
def issue_token(
    *,
    organisation: Organisation,
    name: str,
    scopes: Iterable[Scope],
    actor: Actor,
    now: datetime,
) -> str:
    """A new API key, `prefix.secret`. This is the only time that it can be read."""
    prefix = f"hub_{secrets.token_hex(4)}"
    raw = f"{prefix}.{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        organisation=organisation,
        name=name,
        prefix=prefix,
        digest=digest(raw),
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
    )
    audit.record(
        "token.issued",
        actor=actor,
        target=f"token:{prefix}",
        at=now,
        data={"organisation": organisation.slug, "name": name},
    )
    return raw


@transaction.atomic
def revoke_token(*, prefix: str, actor: Actor, now: datetime) -> None:
    """Ends a key at once. Unknown or ended keys are left as they are."""
    if ApiToken.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=now):
        audit.record("token.revoked", actor=actor, target=f"token:{prefix}", at=now)
