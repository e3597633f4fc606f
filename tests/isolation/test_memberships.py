"""A role lasts from its first day to its last, and belongs to one organisation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

import accounts.actions
import accounts.queries
from accounts.models import Membership, Organisation, Site, Team, User
from accounts.permissions import Permission, Role
from core.audit import SYSTEM
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db


def grant(world: World, user: User, slug: str, role: Role, **more: object) -> Membership:
    body = world.organisations[slug]
    row = accounts.actions.grant(
        user=user,
        organisation=body,
        role=role,
        team=Team.objects.get(organisation=body, is_default=True),
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    Membership.objects.filter(pk=row.pk).update(**more)
    return row


@pytest.mark.parametrize(
    ("from_days", "until_days", "works"),
    [
        (0, None, True),
        (0, 0, True),
        (-9, 0, True),
        (1, None, False),
        (-9, -1, False),
        (2, 9, False),
    ],
)
def test_a_role_lasts_from_its_first_day_to_its_last(
    world: World, from_days: int, until_days: int | None, *, works: bool
) -> None:
    today = timezone.localdate()
    Membership.objects.filter(user=world.officer).update(
        from_on=today + timedelta(days=from_days),
        until_on=None if until_days is None else today + timedelta(days=until_days),
    )
    ask()
    client = Client()
    client.force_login(world.officer)
    answer = client.get("/desk/referrals/")
    assert (accounts.queries.viewer_for_user(world.officer) is not None) is works
    assert answer.status_code == (200 if works else 302)
    if not works:
        assert answer["Location"].startswith("/sign-in/")


def test_who_works_for_two_is_one_of_them_at_a_time(world: World) -> None:
    """The first that lasts: what the other one grants is not mixed in, and the page says who."""
    grant(world, world.officer, "hub", Role.ADMINISTRATOR)
    grant(world, world.officer, "worcester-city", Role.OFFICER)
    viewer = world.viewer(world.officer)
    assert viewer.organisation_slug == "wychavon"
    own = {Permission.ANSWER_REFERRALS, Permission.READ_ANSWERS}
    assert viewer.permissions == frozenset(own)
    assert {Team.objects.get(pk=pk).organisation.slug for pk in viewer.team_ids} == {"wychavon"}
    ask(postcode="WR1 3EZ")
    client = Client()
    client.force_login(world.officer)
    page = client.get("/desk/referrals/").content.decode()
    assert "Wychavon District Council" in page
    assert "WR1 3EZ" not in page
    assert client.get("/desk/settings/").status_code == 404


def test_when_the_first_ends_the_next_holds_alone(world: World) -> None:
    grant(world, world.officer, "worcester-city", Role.OFFICER)
    yesterday = timezone.localdate() - timedelta(days=1)
    rows = Membership.objects.filter(user=world.officer, organisation__slug="wychavon")
    rows.update(until_on=yesterday)
    assert world.viewer(world.officer).organisation_slug == "worcester-city"


def test_a_body_that_left_gives_nobody_a_role(world: World) -> None:
    Organisation.objects.filter(slug="wychavon").update(is_active=False)
    assert accounts.queries.viewer_for_user(world.officer) is None
    token = world.token("wychavon")
    assert accounts.queries.viewer_for_token(token) is None


def test_an_ended_role_takes_its_team_and_its_site_along(world: World) -> None:
    site = Site.objects.get(slug="evesham")
    second = Team.objects.create(
        organisation=world.organisations["wychavon"], slug="second", name="Second"
    )
    Membership.objects.create(
        user=world.officer,
        organisation=world.organisations["wychavon"],
        team=second,
        site=site,
        role=Role.MANAGER.value,
        from_on=date(2026, 1, 1),
        until_on=timezone.localdate() - timedelta(days=1),
    )
    viewer = world.viewer(world.officer)
    assert second.pk not in viewer.team_ids
    assert (viewer.site_id, viewer.may(Permission.SEE_PERFORMANCE)) == (None, False)
