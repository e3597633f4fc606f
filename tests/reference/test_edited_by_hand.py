"""Reference data edited in Django's own pages: who may, what the audit says, what search finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

import kb.queries
from accounts.models import Membership, Site, User
from core.models import AuditEvent
from kb.models import Service
from tests.world import World

pytestmark = pytest.mark.django_db
ROOT = "/desk/settings/reference/"


@pytest.fixture
def hands(world: World, client_for: Callable[[User], Client]) -> Client:
    return client_for(world.administrator)


def trail(target: str) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(target=target, actor_kind="staff").order_by("pk")
    return list(rows.values_list("action", "actor_name"))


def test_a_role_given_changed_and_taken_by_hand_stands_in_the_audit(
    world: World, hands: Client
) -> None:
    role = {
        "user": world.officer.pk,
        "organisation": world.organisations["worcester-city"].pk,
        "role": "officer",
        "from_on": "2026-01-01",
    }
    assert hands.post(f"{ROOT}accounts/membership/add/", role).status_code == 302
    given = Membership.objects.latest("pk")
    page = f"{ROOT}accounts/membership/{given.pk}/"
    assert hands.post(f"{page}change/", {**role, "until_on": "2026-02-01"}).status_code == 302
    assert hands.post(f"{page}delete/", {"post": "yes"}).status_code == 302

    said = trail(f"membership:{given.pk}")
    assert [action for action, _who in said] == [
        "membership.created",
        "membership.changed",
        "membership.removed",
    ]
    assert {who for _action, who in said} == {"Adam Admin"}


def test_many_removed_at_once_are_named_one_by_one(world: World, hands: Client) -> None:
    places = [
        Site.objects.create(
            organisation=world.organisations["hub"], slug=f"s{n}", name=f"S{n}", kind="centre"
        )
        for n in range(2)
    ]
    answer = hands.post(
        f"{ROOT}accounts/site/",
        {
            "action": "delete_selected",
            "_selected_action": [place.pk for place in places],
            "post": "yes",
        },
    )
    assert answer.status_code == 302
    for place in places:
        assert [action for action, _who in trail(f"site:{place.pk}")] == ["site.removed"]


def test_a_colleague_removed_and_a_password_set_by_hand_stand_in_the_audit(
    world: World, hands: Client
) -> None:
    other = User.objects.create_user("other@hub.demo", "a first long passphrase", "Otto Other")
    page = f"{ROOT}accounts/user/{other.pk}/"
    passphrase = {"password1": "a second long passphrase", "password2": "a second long passphrase"}
    assert (
        hands.post(f"{page}password/", {**passphrase, "usable_password": "true"}).status_code == 302
    )
    assert hands.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    assert [action for action, _who in trail(f"user:{other.pk}")] == [
        "user.changed",
        "user.removed",
    ]


def test_a_service_mended_by_hand_is_found_by_its_new_words(world: World, hands: Client) -> None:
    service = Service.objects.get(slug="allotments")
    assert not kb.queries.search("vegetable growing")
    fields = {
        field.name: getattr(service, field.name)
        for field in Service._meta.concrete_fields
        if field.editable and getattr(service, field.name) not in (None, False)
    }
    fields |= {"lgil": "17", "synonyms": "vegetable growing"}

    answer = hands.post(f"{ROOT}kb/service/{service.pk}/change/", fields)

    assert answer.status_code == 302
    assert [hit.slug for hit in kb.queries.search("grow vegetables")] == ["allotments"]
    assert [action for action, _who in trail(f"service:{service.pk}")] == ["service.changed"]


def test_whose_role_has_ended_edits_nothing_any_more(world: World, hands: Client) -> None:
    assert hands.get(ROOT).status_code == 200
    Membership.objects.filter(user=world.administrator).update(until_on=date(2026, 1, 2))

    assert hands.get(ROOT).status_code in (302, 404)
    assert hands.get(f"{ROOT}accounts/user/").status_code in (302, 404)


def test_who_set_the_partnership_up_comes_in_before_anybody_has_a_role(
    world: World, client_for: Callable[[User], Client]
) -> None:
    first = User.objects.create_superuser("root@hub.demo", "a first long passphrase")
    assert client_for(first).get(ROOT).status_code == 200
