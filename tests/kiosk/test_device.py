"""Only an enrolled device is a kiosk, and it can be shut out at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve

import accounts.queries
import kiosks.actions
from core.audit import SYSTEM
from kiosks.models import Kiosk
from tests import kiosk_device
from tests.kiosk_device import code_for
from tests.world import NOW

PAGES = [
    "",
    "start/",
    "again/",
    "easier/",
    "menu/",
    "people/",
    "help/",
    "staff/",
    "track/",
    "about/",
    "about/roads/",
    "about/roads/roads-and-pavements/",
    "search/",
    "answers/bin-not-emptied/",
    "question/road/",
    "end/danger/",
    "where/",
    "what/",
    "nearby/",
    "tell/",
    "you/email/",
    "save/",
    "return/",
    "check/",
    "sent/",
    "content/places/",
    "content/pl/",
    "sent/to-me/",
    "printed/",
    "paper/",
    "said/never/",
    "sw.js",
    "shell/none/manifest.json",
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", PAGES)
def test_a_browser_that_is_no_kiosk_is_asked_for_a_code_on_every_page(partnership, path, method):
    answer = getattr(Client(), method)(f"/kiosk/{path}")
    assert answer.status_code == 302
    assert answer["Location"] == "/kiosk/enrol/"


def test_every_address_of_the_kiosk_is_in_that_list():
    patterns: list[Any] = list(get_resolver().url_patterns)
    kiosk = next(one for one in patterns if str(one.pattern) == "kiosk/")
    calls = {"enrol", "pulse", "kept", "gone"}  # signed by the device itself
    named = {one.name for one in kiosk.url_patterns}
    assert named - calls == {resolve(f"/kiosk/{page}").url_name for page in PAGES}


def test_a_device_of_a_body_that_has_left_is_no_kiosk_any_more(site):
    client = kiosk_device.enrolled(site).client
    assert client.get("/kiosk/menu/").status_code in (200, 302)
    body = Kiosk.objects.get().site.organisation
    body.is_active = False
    body.save()
    assert client.get("/kiosk/menu/").status_code == 403


def test_an_administrator_sees_when_a_device_was_last_used(site):
    client = kiosk_device.enrolled(site).client
    client.get("/kiosk/")
    assert Kiosk.objects.get().last_seen_at is not None


def test_the_token_is_kept_from_scripts_and_from_other_sites(site):
    client = kiosk_device.enrolled(site).client
    cookie = client.cookies["kiosk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert Kiosk.objects.get().token_digest not in (cookie.value, "")


def test_with_https_the_cookie_is_bound_to_its_host(site, monkeypatch):
    monkeypatch.setattr(settings, "HTTPS", True)
    client = kiosk_device.enrolled(site).client
    cookie = client.cookies["__Host-kiosk"]
    assert cookie["secure"]
    assert not cookie["domain"]


def test_a_code_works_once_and_for_ten_minutes(site):
    code = code_for(site)
    assert kiosk_device.Device().enrol(code).status_code == 200
    again = kiosk_device.Device().enrol(code)
    assert again.status_code == 400
    assert "is not right or is older than ten minutes" in again.json()["error"]
    found = accounts.queries.site(site)
    assert found is not None
    old = kiosks.actions.code(site=found, name="Old", actor=SYSTEM, now=NOW)
    assert "older than ten minutes" in kiosk_device.Device().enrol(old).json()["error"]


@pytest.mark.parametrize(
    "code", ["", "   ", "1", "abcdefgh", "0" * 20, "12\x0034", "9" * 400, None]
)
def test_a_wrong_code_is_refused_in_words(partnership, code):
    answer = kiosk_device.Device().enrol(code)
    assert answer.status_code == 400
    assert "code" in answer.json()["error"]


def test_codes_cannot_be_guessed_one_after_another(site):
    device, code = kiosk_device.Device(), code_for(site)
    for number in range(11):
        device.enrol(f"{number:08d}")
    assert "too many tries" in device.enrol(code).json()["error"]


def test_many_kiosks_are_set_up_on_one_day_from_one_address(site):
    assert {kiosk_device.Device().enrol(code_for(site)).status_code for _ in range(12)} == {200}


def test_a_code_that_is_not_signed_by_the_device_itself_is_left_alone(site):
    code, device, other = code_for(site), kiosk_device.Device(), kiosk_device.Device()
    assert Client().post("/kiosk/enrol/", {"code": code}).status_code == 400
    other.enrol("")  # for a nonce
    device.private, device.nonce = other.private, other.nonce  # a key that is not its own
    assert device.enrol(code).status_code == 400
    other.nonce = "1.abc"
    assert other.call("/kiosk/enrol/", {"code": code}, body="another").status_code == 400
    assert other.enrol(code).status_code == 200


def test_a_device_that_is_shut_out_shows_so_at_once_and_forgets_its_visit(visitor):
    visitor.open("start/")
    visitor.post("about/", service="pothole")
    kiosks.actions.revoke(public_id=str(Kiosk.objects.get().public_id), actor=SYSTEM, now=NOW)
    answer = visitor.open("where/")
    assert answer.status_code == 403
    assert "This kiosk is switched off" in visitor.text
    assert not visitor.client.session.keys()


def test_no_page_of_a_kiosk_is_kept_by_the_browser(visitor):
    for path in PAGES:
        answer = visitor.client.get(f"/kiosk/{path}")
        assert "no-store" in answer["Cache-Control"], path


def test_the_site_is_named_on_its_pages(visitor, site):
    visitor.open("start/")
    found = accounts.queries.site(site)
    assert found is not None
    assert re.search(re.escape(found.name), visitor.text)
