"""Who and where, read. Nothing here changes anything but the time a key was last seen."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BigIntegerField, DateField, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    ApiToken,
    Area,
    Membership,
    Organisation,
    OrganisationKind,
    Postcode,
    Site,
    Team,
    User,
)
from accounts.permissions import (
    SCOPE_GRANTS,
    Permission,
    Role,
    Scope,
    Viewer,
    granted,
)
from core.statements import Given, Statement, statement


def digest(secret: str) -> str:
    """SHA-256 of a high-entropy secret: what is kept instead of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class _Live(NamedTuple):
    """What is read of a membership that holds."""

    role: str
    team_id: int | None
    site_id: int | None
    site: str | None
    organisation_id: int
    slug: str
    name: str
    kind: str


# The same as columns.
LIVE = (
    "role",
    "team_id",
    "site_id",
    "site__name",
    "organisation_id",
    "organisation__slug",
    "organisation__name",
    "organisation__kind",
)


def live_of(user: Given | OuterRef) -> QuerySet[Membership]:
    """The memberships of somebody that hold on the day that is given as `today`, the first one
    first: for statements."""
    today = Given("today", DateField())
    rows = Membership.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        user_id=user,
        from_on__lte=today,
        organisation__is_active=True,
    )
    return rows.order_by("pk")


@cache
def _live() -> Statement:
    return statement(live_of(Given("user", BigIntegerField())).values_list(*LIVE), prepared=True)


def viewer_for_user(
    user: User, memberships: Sequence[Mapping[str, Any]] | None = None
) -> Viewer | None:
    """The viewer that a signed-in user is today, or None without a live membership. One statement,
    or none where the `memberships` were read with the session."""
    if not user.is_active:
        return None
    if memberships is None:
        live = [_Live(*row) for row in _live().rows(user=user.pk, today=timezone.localdate())]
    else:
        live = [_Live(*(row[name] for name in LIVE)) for row in memberships]
    if not live:
        return None
    first = live[0]
    here = [row for row in live if row.organisation_id == first.organisation_id]
    roles = frozenset(Role(row.role) for row in here)
    site = next((row for row in here if row.site_id), None)
    is_hub = first.kind == OrganisationKind.HUB
    return Viewer(
        kind="staff",
        id=user.pk,
        name=user.full_name or user.email,
        organisation_id=first.organisation_id,
        organisation_slug=first.slug,
        organisation_name=first.name,
        organisation_kind=first.kind,
        is_hub=is_hub,
        roles=roles,
        team_ids=frozenset(row.team_id for row in here if row.team_id),
        site_id=site.site_id if site else None,
        site_name=(site.site or "") if site else "",
        permissions=granted(roles, is_hub=is_hub),
    )


def viewer_by_id(user_id: int) -> Viewer | None:
    """The viewer that a member of staff is today, for work that goes on without them."""
    user = User.objects.filter(pk=user_id).first()
    return viewer_for_user(user) if user is not None else None


def edits_reference(user: User) -> bool:
    """Whether somebody may edit reference data today: an administrator of the hub.

    Or who set the partnership up, and never had a role in it.
    """
    viewer = viewer_for_user(user)
    if viewer is not None:
        return viewer.may(Permission.ADMINISTER)
    new = user.is_active and user.is_superuser
    return new and not Membership.objects.filter(user=user).exists()


def viewer_for_token(raw: str) -> Viewer | None:
    """The system behind an API key, or None. Compares in constant time; records the use."""
    prefix, dot, secret = raw.partition(".")
    if not dot or not secret:
        return None
    token = (
        ApiToken.objects.filter(prefix=prefix, revoked_at=None, organisation__is_active=True)
        .select_related("organisation")
        .first()
    )
    if token is None or not hmac.compare_digest(token.digest, digest(raw)):
        return None
    now = timezone.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    scopes = frozenset(Scope(scope) for scope in token.scopes)
    permissions: frozenset[Permission] = frozenset().union(
        *(SCOPE_GRANTS[scope] for scope in scopes)
    )
    return Viewer(
        kind="api",
        id=token.pk,
        name=token.name,
        organisation_id=token.organisation_id,
        organisation_slug=token.organisation.slug,
        organisation_name=token.organisation.name,
        organisation_kind=token.organisation.kind,
        is_hub=token.organisation.is_hub,
        permissions=permissions,
        scopes=scopes,
    )


def organisations(*, acting: bool = False, left: bool = False) -> Sequence[Organisation]:
    """All live organisations by name; `acting` leaves out the hub itself.

    `left` are those that have left the partnership as well: what they did stays on record.
    """
    rows = Organisation.objects.all() if left else Organisation.objects.filter(is_active=True)
    return list(rows.exclude(kind=OrganisationKind.HUB) if acting else rows)


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """What a list has to know of an organisation; `calendar` are its hours as they are kept."""

    pk: int
    slug: str
    name: str
    short_name: str
    calendar: dict[str, Any]
    is_hub: bool
    is_active: bool


def organisation_names() -> list[OrganisationName]:
    """Every organisation by name, those that have left among them."""
    return [
        OrganisationName(pk, slug, name, short, calendar, kind == OrganisationKind.HUB, is_active)
        for pk, slug, name, short, calendar, kind, is_active in _organisation_names().rows()
    ]


@cache
def _organisation_names() -> Statement:
    return statement(
        Organisation.objects.values_list(
            "pk", "slug", "name", "short_name", "calendar", "kind", "is_active"
        ),
        prepared=True,
    )


def organisation(slug: str) -> Organisation | None:
    """One organisation by its slug."""
    return Organisation.objects.filter(slug=slug).first()


def organisation_by_id(organisation_id: int | None) -> Organisation | None:
    """One organisation by its id; None for None."""
    if organisation_id is None:
        return None
    return Organisation.objects.filter(pk=organisation_id).first()


def hub() -> Organisation:
    """The front door. Raises Organisation.DoesNotExist before reference data are loaded."""
    return Organisation.objects.get(kind=OrganisationKind.HUB)


def is_ours(phone: str) -> bool:
    """Whether a number, however it is written, is one of the partnership's own."""
    digits = _digits(phone)
    if not digits:
        return False
    phones = Organisation.objects.filter(is_active=True).values_list("phone", flat=True)
    sites = Site.objects.values_list("phone", flat=True)
    return digits in {_digits(one) for one in (settings.HUB_PHONE, *phones, *sites)}


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())


def teams(organisation_slug: str | None = None) -> Sequence[Team]:
    """Teams by name, of one organisation or of all."""
    rows = Team.objects.select_related("organisation")
    return list(rows.filter(organisation__slug=organisation_slug) if organisation_slug else rows)


def team(team_id: int | None) -> Team | None:
    """One team by its id; None for None."""
    return Team.objects.filter(pk=team_id).first() if team_id is not None else None


def team_label(team: Team) -> str:
    """What figures call a team, since two bodies may call theirs the same: "body/team"."""
    return f"{team.organisation.slug}/{team.slug}"[:80]


def team_labels(keys: Collection[int]) -> dict[int, str]:
    """What figures call these teams, by their keys. One statement, none of none."""
    rows = Team.objects.filter(pk__in=keys).select_related("organisation") if keys else ()
    return {row.pk: team_label(row) for row in rows}


@dataclass(frozen=True, slots=True)
class TeamDays:
    """A team that somebody was in, from one day to another, both included; None: to this day."""

    team: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether they were in it on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def teams_of(users: Collection[int]) -> dict[int, list[TeamDays]]:
    """The teams of members of staff, by their keys; who is in none is not there. One statement."""
    found: dict[int, list[TeamDays]] = {}
    rows = Membership.objects.filter(user__in=users, team__isnull=False).order_by("user", "pk")
    for row in rows.select_related("team__organisation") if users else ():
        if row.team is not None:
            days = TeamDays(team_label(row.team), row.from_on, row.until_on)
            found.setdefault(row.user_id, []).append(days)
    return found


def default_team(organisation_id: int) -> Team | None:
    """The team that takes what nobody else was named for."""
    return Team.objects.filter(organisation_id=organisation_id, is_default=True).first()


def sites(kind: str | None = None) -> Sequence[Site]:
    """Sites by name, of one kind or of all."""
    rows = Site.objects.select_related("organisation")
    return list(rows.filter(kind=kind) if kind else rows)


def site(slug: str) -> Site | None:
    """One site by its slug."""
    return Site.objects.filter(slug=slug).first()


def tokens() -> Sequence[ApiToken]:
    """Every API key with its organisation, by name; ended ones as well."""
    return list(ApiToken.objects.select_related("organisation"))


def postcodes() -> frozenset[str]:
    """Every postcode of the county, upper case and without its space."""
    return frozenset(Postcode.objects.order_by().values_list("pk", flat=True))


def area_codes() -> frozenset[str]:
    """The code of every area we know."""
    return frozenset(Area.objects.values_list("code", flat=True))


def has_demonstration() -> bool:
    """Whether the sign-ins of a demonstration are here."""
    return User.objects.filter(is_demo=True).exists()
