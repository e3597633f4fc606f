"""Who works together in an organisation, and may have work in hand there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, OrganisationKind, Site, Team, User
from accounts.permissions import GRANTS, Permission, Role

_OFFICERS = [role.value for role, may in GRANTS.items() if Permission.ANSWER_REFERRALS in may]


_SPEAKERS = [role.value for role, may in GRANTS.items() if Permission.HANDLE_CONTACTS in may]
_TAKERS = [role.value for role, may in GRANTS.items() if Permission.TRIAGE in may]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may answer what was referred to their organisation."""

    pk: int
    name: str
    team_ids: frozenset[int]

    def __str__(self) -> str:
        return self.name


def colleagues(organisation_id: int | None) -> list[Colleague]:
    """Who answers an organisation's referrals today, by name.

    Whoever works for several organisations acts for the first alone, as when they sign in.
    """
    live = _live_today()
    officers = live.filter(organisation_id=organisation_id or 0, role__in=_OFFICERS)
    rows = live.filter(user_id__in=officers.values("user_id")).select_related("user")
    first: dict[int, int] = {}
    found: dict[int, Colleague] = {}
    teams: dict[int, set[int]] = {}
    for row in rows.order_by("pk"):
        first.setdefault(row.user_id, row.organisation_id)
        if row.organisation_id != organisation_id or first[row.user_id] != organisation_id:
            continue
        if row.team_id is not None:
            teams.setdefault(row.user_id, set()).add(row.team_id)
        if row.role in _OFFICERS:
            name = row.user.full_name or row.user.email
            found[row.user_id] = Colleague(row.user_id, name, frozenset())
    whole = [
        Colleague(one.pk, one.name, frozenset(teams.get(one.pk, ()))) for one in found.values()
    ]
    return sorted(whole, key=lambda one: (one.name, one.pk))


def at_the_desk() -> frozenset[int]:
    """The keys of all who may have a case in hand at the hub's desk today."""
    live = _live_today()
    takers = live.filter(organisation__kind=OrganisationKind.HUB, role__in=_TAKERS)
    rows = live.filter(user_id__in=takers.values("user_id")).order_by("pk")
    first: dict[int, int] = {}
    found = set()
    for user_id, organisation_id, kind, role in rows.values_list(
        "user_id", "organisation_id", "organisation__kind", "role"
    ):
        is_theirs = first.setdefault(user_id, organisation_id) == organisation_id
        if is_theirs and kind == OrganisationKind.HUB and role in _TAKERS:
            found.add(user_id)
    return frozenset(found)


def takers() -> list[Colleague]:
    """All who may have a case in hand at the hub's desk today, by name."""
    rows = User.objects.filter(pk__in=at_the_desk()).order_by("full_name", "email", "pk")
    return [Colleague(one.pk, str(one), frozenset()) for one in rows]


def who_speak() -> list[Colleague]:
    """Who may speak to people at the hub's desk today, by name."""
    rows = _live_today().filter(organisation__kind=OrganisationKind.HUB, role__in=_SPEAKERS)
    found: dict[int, Colleague] = {}
    for row in rows.select_related("user").order_by("pk"):
        name = row.user.full_name or row.user.email
        before = found[row.user_id].team_ids if row.user_id in found else frozenset()
        teams = before | ({row.team_id} if row.team_id is not None else set())
        found[row.user_id] = Colleague(row.user_id, name, teams)
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def of_the_desk() -> list[Colleague]:
    """Everybody who may have a case in hand at the hub's desk today, by name, with their teams."""
    teams: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    for row in _live_today().filter(user_id__in=at_the_desk()).select_related("user"):
        names[row.user_id] = row.user.full_name or row.user.email
        if row.team_id is not None:
            teams.setdefault(row.user_id, set()).add(row.team_id)
    found = [Colleague(pk, name, frozenset(teams.get(pk, ()))) for pk, name in names.items()]
    return sorted(found, key=lambda one: (one.name, one.pk))


def _live_today() -> QuerySet[Membership]:
    today = timezone.localdate()
    return Membership.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        from_on__lte=today,
        user__is_active=True,
        organisation__is_active=True,
    )


def colleague(organisation_id: int | None, user_id: int) -> Colleague | None:
    """One of them; None for whoever is not, or is no longer."""
    return next((one for one in colleagues(organisation_id) if one.pk == user_id), None)


def team_named(organisation_id: int, slug: str) -> Team | None:
    """A team of an organisation by its slug."""
    return Team.objects.filter(organisation_id=organisation_id, slug=slug).first()


def teams_with_mail() -> Sequence[Team]:
    """Every team of a live organisation that reads mail, by name."""
    rows = Team.objects.filter(organisation__is_active=True).exclude(email="")
    return list(rows.select_related("organisation"))


def partners_managers() -> list[int]:
    """The keys of who manages a body of the partnership today, beside the hub."""
    rows = _live_today().filter(role=Role.MANAGER.value)
    rows = rows.exclude(organisation__kind=OrganisationKind.HUB)
    return sorted(set(rows.values_list("user_id", flat=True)))


def hubs_managers() -> list[int]:
    """The keys of who manages the hub today."""
    rows = _live_today().filter(role=Role.MANAGER.value, organisation__kind=OrganisationKind.HUB)
    return sorted(set(rows.values_list("user_id", flat=True)))


def mail_of(users: Collection[int]) -> dict[int, str]:
    """The address of each that still works here."""
    rows = User.objects.filter(pk__in=users, is_active=True).exclude(email="")
    return dict(rows.order_by("pk").values_list("pk", "email"))


@dataclass(frozen=True, slots=True)
class InCharge:
    """An administrator: of one site, or of all that their organisation has to do with."""

    email: str
    is_hub: bool
    organisation_id: int
    site_id: int | None

    def of(self, site: Site) -> bool:
        """Whether a site is theirs to look after: the hub's look after all."""
        if self.site_id is not None:
            return self.site_id == site.pk
        return self.is_hub or self.organisation_id == site.organisation_id


def in_charge() -> list[InCharge]:
    """Who looks after sites today, each once for each of their roles."""
    rows = _live_today().filter(role=Role.ADMINISTRATOR.value)
    return [
        InCharge(
            email=row.user.email,
            is_hub=row.organisation.is_hub,
            organisation_id=row.organisation_id,
            site_id=row.site_id,
        )
        for row in rows.select_related("user", "organisation").order_by("pk")
    ]
