"""The pages on which administrators say who carries messages."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.utils import timezone

from core.models import AuditEvent
from notifications.backends import registry
from notifications.models import Carrier, CarrierHealth, Route
from tests.desk.steps import new_key, text

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/messages/providers/"
TWILIO = {
    "name": "Twilio of Wychavon", "account_sid": "AC" + "1" * 32, "auth_token": "a-secret-token",
    "messaging_service_sid": "", "number": "+447700900001",
}  # fmt: skip
SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes or so").decode()


@pytest.fixture
def admin(world, client_for, settings) -> Any:
    settings.HUB_DEVELOPMENT = False
    settings.NOTIFICATION_BACKENDS = {"sms": ["memory"], "email": ["memory"]}
    registry.forget()
    return client_for(world.administrator)


def post(client: Any, path: str, **fields: Any) -> Any:
    return client.post(f"{HOME}{path}", {"key": new_key(), **fields}, follow=True)


def slugs(medium: str, organisation: str = "") -> list[str]:
    return [one.slug for one in registry.carriers_for(medium, organisation)]


def test_a_provider_is_set_up_and_carries_where_it_is_chosen(admin, world):
    body = world.organisations["wychavon"]
    page = text(post(admin, "one/?kind=twilio", organisation=body.pk, **TWILIO))
    assert "Twilio of Wychavon is kept" in page
    row = Carrier.objects.get()
    assert (row.slug, row.organisation_id) == ("twilio-of-wychavo", body.pk)
    assert slugs("sms", "wychavon") == ["memory"]
    page = text(post(admin, f"route/?medium=sms&body={body.pk}", first=row.slug, second="memory"))
    assert "Kept: who carries texts" in page
    assert "Twilio of Wychavon, then Memory" in " ".join(page.split())
    assert slugs("sms", "wychavon") == [row.slug, "memory"]
    assert slugs("sms") == ["memory"]
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["carrier.added", "carrier.route_set"]


def test_a_secret_is_sealed_never_shown_and_kept_when_it_is_left_empty(admin):
    post(admin, "one/?kind=twilio", **TWILIO)
    row = Carrier.objects.get()
    assert "a-secret-token" not in row.sealed
    assert "a-secret-token" not in str(AuditEvent.objects.values_list("data"))
    page = text(admin.get(f"{HOME}one/?slug={row.slug}"))
    assert "a-secret-token" not in page
    assert "+447700900001" in page
    CarrierHealth.objects.create(
        carrier=row.slug, ill_since=timezone.now(), probe_at=timezone.now()
    )
    changed = {**TWILIO, "auth_token": "", "number": "+447700900002", "is_active": "yes"}
    post(admin, f"one/?slug={row.slug}", **changed)
    account = registry.carrier(row.slug)
    assert account is not None
    assert account.secrets == {"auth_token": "a-secret-token"}
    assert account.settings["number"] == "+447700900002"
    assert CarrierHealth.objects.get().ill_since is None
    post(admin, f"one/?slug={row.slug}", **{**changed, "auth_token": "newer"})
    assert registry.carrier(row.slug).secrets == {"auth_token": "newer"}  # type: ignore[union-attr]


def test_a_provider_that_is_left_out_carries_nothing(admin):
    post(admin, "one/?kind=twilio", **TWILIO)
    row = Carrier.objects.get()
    post(admin, "route/?medium=sms", first=row.slug)
    assert slugs("sms") == [row.slug]
    post(admin, f"one/?slug={row.slug}", **{**TWILIO, "is_active": "no"})
    assert slugs("sms") == ["memory"]


def test_a_route_that_is_emptied_ends(admin):
    post(admin, "route/?medium=email", first="memory")
    assert Route.objects.count() == 1
    post(admin, "route/?medium=email", first="")
    assert not Route.objects.exists()


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("twilio", {**TWILIO, "name": ""}, "Give the provider a name"),
        ("twilio", {**TWILIO, "auth_token": ""}, "Enter: Auth token"),
        ("twilio", {**TWILIO, "number": ""}, "a number to send from"),
        ("smtp", {"name": "Mail", "url": "http://mail", "from": "a@b.example"}, "smtp://"),
        ("smtp", {"name": "Mail", "url": "smtp://mail:x", "from": "a@b.example"}, "smtp://"),
        ("smtp", {"name": "Mail", "url": "smtp://mail", "from": "nobody"}, "email address"),
        ("notify", {"name": "N", "api_key": "short", "templates": "sms=1"}, "not a whole key"),
        ("notify", {"name": "N", "api_key": "k" * 80, "templates": "fax=1"}, "is not like"),
        ("webhook", {"name": "W", "url": "http://a.example", "secret": SECRET}, "https://"),
        ("webhook", {"name": "W", "url": "https://a.example", "secret": "short"}, "whsec_"),
        ("webhook", {"name": "W\x00", "url": "https://a.example", "secret": SECRET}, "be kept"),
    ],
)  # fmt: skip
def test_what_makes_no_provider_is_refused_with_its_reason(admin, kind, fields, said):
    page = text(post(admin, f"one/?kind={kind}", **fields))
    assert "There is a problem" in page
    assert said in page
    assert not Carrier.objects.exists()


@pytest.mark.parametrize(
    ("kind", "fields", "media"),
    [
        ("smtp", {"name": "Mail", "url": "smtp://mail.example", "from": "a@b.example"}, ["email"]),
        ("webhook", {"name": "Ours", "url": "https://a.example/x", "secret": SECRET},
         ["sms", "email", "letter"]),
        ("notify", {"name": "N", "api_key": "k" * 80, "templates": "sms=1\nlate.email.pl=2"},
         ["sms", "email", "letter"]),
    ],
)  # fmt: skip
def test_each_kind_can_be_set_up_and_carries_what_it_can(admin, kind, fields, media):
    post(admin, f"one/?kind={kind}", **fields)
    slug = Carrier.objects.get().slug
    for medium in ("sms", "email", "letter"):
        page = text(post(admin, f"route/?medium={medium}", first=slug))
        assert (slugs(medium) == [slug]) == (medium in media), page[-500:]


def test_a_body_may_have_a_print_room_of_its_own(admin, world):
    body = world.organisations["wychavon"]
    post(admin, "one/?kind=print", name="Room 4", organisation=body.pk)
    post(admin, f"route/?medium=letter&body={body.pk}", first="room-4")
    [account] = registry.carriers_for("letter", "wychavon")
    assert (account.kind, account.settings) == ("print", {"organisation": "wychavon"})


def test_nobody_is_given_another_bodys_account_nor_one_twice(admin, world):
    body, other = world.organisations["wychavon"], world.organisations["worcester-city"]
    post(admin, "one/?kind=twilio", organisation=body.pk, **TWILIO)
    slug = Carrier.objects.get().slug
    for path in ("route/?medium=sms", f"route/?medium=sms&body={other.pk}"):
        assert "There is a problem" in text(post(admin, path, first=slug))
    page = text(post(admin, f"route/?medium=sms&body={body.pk}", first=slug, second=slug))
    assert "Choose each provider once" in page
    assert not Route.objects.exists()


def test_a_form_that_is_sent_twice_is_one_provider(admin):
    form = {"key": new_key(), **TWILIO}
    for _ in range(2):
        admin.post(f"{HOME}one/?kind=twilio", form)
    assert Carrier.objects.count() == 1
    for _ in range(3):
        post(admin, "one/?kind=twilio", **TWILIO)
    assert len(set(Carrier.objects.values_list("slug", flat=True))) == 4


def test_a_name_that_the_environment_uses_is_not_taken(admin):
    post(admin, "one/?kind=twilio", **{**TWILIO, "name": "Twilio"})
    assert Carrier.objects.get().slug == "twilio-2"


@pytest.mark.parametrize(
    "path",
    ["one/", "one/?kind=fax", "one/?slug=nobody", "one/?slug=%00", "one/?kind=memory", "route/",
     "route/?medium=fax", "route/?medium=sms&body=x", "route/?medium=sms&body=999999"],
)  # fmt: skip
def test_what_names_nothing_leads_back(admin, path):
    for answer in (admin.get(f"{HOME}{path}"), admin.post(f"{HOME}{path}", {})):
        assert (answer.status_code, answer["Location"]) == (303, HOME)


def test_only_administrators_of_the_hub_come_here(world, client_for):
    for user in (world.manager, world.officer, world.agent):
        for path in ("", "one/?kind=twilio", "route/?medium=sms"):
            assert client_for(user).get(f"{HOME}{path}").status_code == 404
