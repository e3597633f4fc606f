"""Administrators change agreements and what shortens clocks, in pages; each form counts once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation
from core.models import AuditEvent
from enquiries.models import Agreement, ClockRule
from tests.desk.steps import new_key, text

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/agreements/"
WITH = f"{HOME}with/wychavon/"
DEFAULT = f"{WITH}_any/"
BINS = f"{WITH}missed-bin/"
URGENT = f"{HOME}shorter/_any/urgent/"


@pytest.fixture
def admin(world: Any, client_for: Any) -> Client:
    client: Client = client_for(world.administrator)
    return client


def send(client: Client, address: str, **data: str) -> Any:
    return client.post(address, {"key": new_key(), **data}, follow=True)


def seen(client: Client, address: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', text(client.get(address)))
    assert found
    return found[1]


def agreed(service: str | None = None) -> tuple[int, int, bool]:
    row = Agreement.objects.get(organisation__slug="wychavon", service__slug=service)
    return row.accept_wh, row.work_wd, row.elapsed


def test_an_agreement_is_added_changed_and_removed(admin: Client) -> None:
    assert "4 working hours to accept, 5 working days for the work" in text(admin.get(HOME))
    data = {"service": "missed-bin", "accept_wh": "2", "work_wd": "1", "elapsed": "on"}
    added = send(admin, WITH, **data)
    assert added.redirect_chain == [(WITH, 303)]
    assert "2 hours to accept, 1 day for the work, by the clock" in text(added)
    assert agreed("missed-bin") == (2, 1, True)

    page = text(admin.get(BINS))
    assert 'value="2"' in page
    assert "checked" in page
    send(admin, BINS, accept_wh="3", work_wd="2", seen=seen(admin, BINS))
    assert agreed("missed-bin") == (3, 2, False)

    key = new_key()
    for _ in range(2):
        removed = admin.post(f"{BINS}end/", {"key": key}, follow=True)
    assert removed.redirect_chain == [(WITH, 303)]
    assert not Agreement.objects.filter(service__slug="missed-bin").exists()
    assert admin.get(BINS).status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="agreement.").order_by("pk")
    done = ["agreement.set", "agreement.set", "agreement.removed"]
    assert list(actions.values_list("action", flat=True)) == done


def test_who_is_overtaken_sees_what_holds_and_may_insist(admin: Client) -> None:
    old = seen(admin, DEFAULT)
    send(admin, DEFAULT, accept_wh="6", work_wd="7", seen=old)
    refused = send(admin, DEFAULT, accept_wh="1", work_wd="1", seen=old)
    assert "There is an agreement about this now: 6 working hours to accept" in text(refused)
    assert agreed() == (6, 7, False)
    again = re.search(r'name="seen" value="([^"]*)"', text(refused))
    assert again
    send(admin, DEFAULT, accept_wh="1", work_wd="1", seen=again[1])
    assert agreed() == (1, 1, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"work_wd": "1"}, "Enter the hours as a whole number from 1 to 400"),
        ({"accept_wh": "0", "work_wd": "1"}, "Enter the hours as a whole number from 1 to 400"),
        ({"accept_wh": "four", "work_wd": "1"}, "Enter the hours as a whole number"),
        ({"accept_wh": "4", "work_wd": "300"}, "Enter the days as a whole number from 0 to 260"),
        ({"accept_wh": "4", "work_wd": "2.5"}, "Enter the days as a whole number"),
        ({"accept_wh": "4", "work_wd": "1", "seen": "x"}, "too old to be sent"),
        ({"accept_wh": "4", "work_wd": "1"}, "There is an agreement about this now"),
        ({"accept_wh": "4", "work_wd": "1", "service": "none"}, "Choose from the list"),
    ],
)
def test_what_is_wrong_is_said(admin: Client, data: dict[str, str], words: str) -> None:
    page = text(send(admin, WITH, **data))
    assert words in page
    assert "There is a problem" in page
    assert Agreement.objects.count() == 1


def test_what_makes_it_quicker_is_added_changed_and_removed(admin: Client) -> None:
    assert "Nothing does" in text(admin.get(HOME))
    key = new_key()
    data = {"key": key, "service": "", "priority": "urgent", "percent": "50"}
    for _ in range(2):
        added = admin.post(f"{HOME}shorter/", data, follow=True)
    assert "Priority urgent" in text(added)
    assert "50%" in text(added)
    assert ClockRule.objects.get().percent == 50

    send(admin, URGENT, percent="40", seen="50")
    refused = text(send(admin, URGENT, percent="30", seen="50"))
    assert "There is a rule for this now: 40 %" in refused
    assert 'name="seen" value="40"' in refused
    assert ClockRule.objects.get().percent == 40

    both = {"service": "missed-bin", "priority": "emergency", "vulnerable": "on", "percent": "5"}
    send(admin, f"{HOME}shorter/", **both)
    address = f"{HOME}shorter/missed-bin/emergency-vulnerable/"
    assert "Missed bin" in text(admin.get(address))
    send(admin, f"{address}end/")
    send(admin, f"{URGENT}end/")
    assert not ClockRule.objects.exists()
    assert admin.get(URGENT).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"percent": "50"}, "Choose a priority, a person who is vulnerable, or both"),
        ({"priority": "urgent"}, "Enter the percentage as a whole number from 1 to 100"),
        ({"priority": "urgent", "percent": "101"}, "from 1 to 100"),
        ({"priority": "normal", "percent": "50"}, "Choose from the list"),
    ],
)
def test_a_cause_that_says_nothing_is_refused(
    admin: Client, data: dict[str, str], words: str
) -> None:
    assert words in text(send(admin, f"{HOME}shorter/", **data))
    assert not ClockRule.objects.exists()


def test_others_find_no_agreements(world: Any, client_for: Any) -> None:
    ClockRule.objects.create(priority="urgent", percent=50)
    addresses = [HOME, WITH, DEFAULT, f"{DEFAULT}end/", f"{HOME}shorter/", URGENT, f"{URGENT}end/"]
    for user in (world.agent, world.manager, world.officer, world.outsider):
        client = client_for(user)
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.post(address, {"key": new_key()}).status_code == 404
    assert Agreement.objects.count() == ClockRule.objects.count() == 1


def test_what_is_not_there_is_404(admin: Client) -> None:
    for address in (
        f"{HOME}with/nowhere/",
        f"{HOME}with/nowhere/_any/",
        f"{WITH}nothing/",
        f"{HOME}shorter/_any/hurry/",
        f"{HOME}shorter/nothing/urgent/",
        f"{HOME}shorter/_any/urgent-perhaps/",
    ):
        assert admin.get(address).status_code == 404
        assert admin.post(address, {"key": new_key()}).status_code == 404
    for address in (f"{HOME}with/nowhere/_any/", f"{WITH}nothing/", f"{HOME}shorter/_any/hurry/"):
        assert admin.post(f"{address}end/", {"key": new_key()}).status_code == 404
    Organisation.objects.filter(slug="wychavon").update(is_active=False)
    assert admin.get(WITH).status_code == 404


def test_an_old_page_ends_nothing(admin: Client) -> None:
    assert "This page was too old" in text(admin.post(f"{DEFAULT}end/", {}, follow=True))
    assert Agreement.objects.count() == 1
