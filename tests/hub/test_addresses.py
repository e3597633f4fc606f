"""What stands in addresses: NULs, proxies, and secrets that no log may repeat."""

from __future__ import annotations

import logging

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory

from accounts.models import SignInTry
from core.models import AuditEvent
from enquiries.actions import contacts
from enquiries.channels import Channel
from hub import logs, security
from tests.desk.steps import people_like
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
QUERIES = [
    "/ask/?service=%00",
    "/search/?q=%00bin",
    "/desk/people/?q=blo%00ggs",
    "/desk/?text=a%00b&service=%00",
    "/desk/performance/?service=a%00&channel=%00",
    "/desk/performance/enquiries/?reason=a%00&owner=%%0000",
    "/demo/post-box/?with=%00",
]


@pytest.mark.parametrize("address", QUERIES)
def test_a_nul_in_an_address_breaks_nothing(
    world: World, address: str, settings: LazySettings
) -> None:
    settings.HUB_DEMO = True
    client = Client()
    client.force_login(world.administrator)
    assert client.get(address).status_code == 200


def test_a_nul_breaks_neither_a_contact_nor_a_path_nor_a_choice(world: World) -> None:
    client = Client()
    client.force_login(world.administrator)
    who = world.viewer(world.agent)
    contact = contacts.open_contact(
        channel=Channel.PHONE, key="nul", viewer=who, site=None, now=NOW
    )
    address = f"/desk/contact/{contact}/?find=abc%00d&q=b%00in&service=%00"
    assert client.get(address).status_code == 200
    assert client.post("/desk/settings/keys/a%00b/end/").status_code == 303
    assert client.post("/ask/", {"service": "\x00"}).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: LazySettings, proxies: int, forwarded: str, seen: str
) -> None:
    settings.HUB_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    security.addresses(lambda asked: asked)(request)  # type: ignore[arg-type, return-value]  # the request itself is what is looked at
    assert request.META["REMOTE_ADDR"] == seen


def test_tries_to_sign_in_are_counted_by_who_called_our_proxy(settings: LazySettings) -> None:
    settings.HUB_PROXIES = 1
    for last in ("203.0.113.1", "203.0.113.2"):
        Client().post(
            "/sign-in/",
            {"username": "a@example.org", "password": "x"},
            headers={"X-Forwarded-For": last},
        )
    assert SignInTry.objects.values("network_hash").distinct().count() == 2


def in_production(records: list[logging.LogRecord]) -> str:
    """The lines that these records become."""
    line = dict(logs.configuration("json", level="INFO")["formatters"]["line"])
    formatter = line.pop("()")(**line)
    return "\n".join(formatter.format(record) for record in records)


def test_no_log_line_repeats_a_tracking_secret_or_a_query(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    enquiry = enquiry_of(ask())
    address = f"/track/{enquiry.reference}/{enquiry.secret}/?q=Jo+Bloggs"
    Client(enforce_csrf_checks=True).post(address, {"answer": "So"})
    Client().get(f"/nothing/here/{enquiry.reference}/?q=Jo+Bloggs")

    said = in_production(caplog.records)
    assert "Not Found" in said
    assert "form.expired" in said
    assert enquiry.secret not in said
    assert "Bloggs" not in said


def test_who_lists_people_leaves_a_line_in_the_audit_trail(world: World) -> None:
    ask()
    client = Client()
    client.force_login(world.agent)
    people_like(client, "Jo Bloggs")
    people_like(client, "Nobody such")

    (line,) = AuditEvent.objects.filter(action="person.listed")
    assert line.actor_id == world.agent.pk
    assert len(line.data["people"]) == 1
