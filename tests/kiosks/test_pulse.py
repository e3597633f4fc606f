"""The heartbeat of a device: what is written down, what it is told, and who gets a session."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

import kiosks.actions
from accounts.permissions import SYSTEM_VIEWER
from core.audit import SYSTEM
from kiosks import actions_staff, proofs, queries_releases
from kiosks.models import DayCount, DropOut, Kiosk, Pulse
from tests.kiosk_device import Device


def said(**changes: Any) -> dict[str, Any]:
    """A heartbeat of a device at which nothing happens."""
    return {
        "v": 1,
        "now": int(time.time() * 1000),
        "release": "",
        "content": "",
        "queued": 0,
        "oldest": None,
        "numbers": 300,
        "touched": None,
        "printed": 0,
        "here": False,
        "problems": [],
        "done": [],
        "counts": {},
        **changes,
    }


def test_a_heartbeat_is_written_down_and_answered(device):
    answer = device.call("/kiosk/pulse/", said(queued=2, problems=["storage_low"]))
    assert answer.status_code == 200, answer.content
    pulse = Pulse.objects.get()
    assert (pulse.queued, pulse.problems, pulse.numbers) == (2, ["storage_low"], 300)
    told = answer.json()
    assert told["settings"]["name"] == "Kiosk by the door"
    assert told["locked"] is None


def beat(device: Device, **changes: Any) -> Any:
    return device.call("/kiosk/pulse/", said(**changes))


def later(device: Device, minutes: float) -> None:
    """Its session and what was heard of it are so much older; its nonce is of now."""
    ago = timedelta(minutes=minutes)
    Kiosk.objects.update(token_at=F("token_at") - ago)
    Pulse.objects.update(nonce_at=F("nonce_at") - ago, at=F("at") - ago)
    device.nonce = proofs.nonce(timezone.now())


def test_times_are_ours_though_its_clock_is_wrong_by_a_day(device):
    a_day, now = 24 * 60 * 60 * 1000, int(time.time() * 1000)
    theirs = now - a_day
    answer = beat(device, now=theirs, oldest=theirs - 60_000, touched=theirs + 60_000)
    assert answer.status_code == 200
    pulse = Pulse.objects.get()
    assert pulse.clock_off == pytest.approx(-24 * 60 * 60, abs=30)
    assert pulse.oldest_at is not None
    assert (pulse.at - pulse.oldest_at).total_seconds() == pytest.approx(60, abs=1)
    assert pulse.touched_at == pulse.at  # never later than now
    assert abs(answer.json()["now"] - now) < 30_000


def test_what_was_printed_counts_from_when_paper_was_put_in(device):
    def printed(ever: int) -> int:
        assert beat(device, printed=ever).status_code == 200
        return Pulse.objects.get().printed

    beat(device, printed=0)
    assert printed(90) == 90
    # Heard twice, or overtaken on the way: it is the same paper.
    stale = device.nonce
    assert [printed(90), printed(92)] == [90, 92]
    device.nonce = stale
    assert [printed(91), printed(92)] == [92, 92]
    actions_staff.paper_in(kiosk=device.row, viewer=SYSTEM_VIEWER, now=timezone.now())
    # Its total goes on.
    assert [printed(92), printed(95)] == [0, 3]
    # Its store was lost, and it counts from nothing; the paper is what it was.
    later(device, 1)
    assert [printed(2), printed(4)] == [5, 7]


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"now": None},
        {"now": "soon"},
        {"now": True},
        {"queued": -1},
        {"queued": 1.5},
        {"numbers": 10**12},
        {"oldest": 10**18},
        {"release": "x" * 17},
        {"content": 7},
        {"problems": ["Printer!"]},
        {"problems": "storage_low"},
        {"done": ["not an id"]},
        {"done": ["x"] * 51},
        {"counts": []},
        {"counts": {"yesterday": {}}},
        {"counts": {"2026-11-23": {"wins": 1}}},
        {"counts": {"2026-11-23": {"starts": -1}}},
        {"counts": {"2026-11-23": {"left": {"pothole/": 1}}}},
        {"counts": {"2026-11-23": {"left": {"pothole/\x00": 1}}}},
    ],
)
def test_what_is_no_heartbeat_is_refused_in_words_and_nothing_of_it_is_done(device, changes):
    answer = beat(device, **{"queued": 3, **changes})
    assert answer.status_code == 400, answer.content
    assert len(answer.json()["error"]) > 10
    assert not Pulse.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 60_000])
def test_bytes_that_are_no_heartbeat_are_refused_too(device, body):
    beat(device)
    answer = device.client.post(
        "/kiosk/pulse/",
        body,
        content_type="application/json",
        headers={"DPoP": device.proof("/kiosk/pulse/", body)},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_what_it_counted_counts_once_however_often_it_is_told(device):
    day = timezone.localdate().isoformat()
    beat(device, counts={day: {"starts": 5, "left": {"pothole/where": 2, "/about": 1}}})
    beat(device, counts={day: {"starts": 5, "left": {"pothole/where": 2, "/about": 1}}})
    beat(device, counts={day: {"starts": 4}, "2020-01-01": {"starts": 9}})
    beat(device, counts={day: {"starts": 7, "left": {"pothole/where": 3}}})
    assert list(DayCount.objects.values_list("source", "name", "count")) == [
        ("device", "starts", 7)
    ]
    left = DropOut.objects.order_by("service").values_list("service", "question", "count")
    assert list(left) == [("", "about", 1), ("pothole", "where", 3)]


def test_its_session_changes_with_a_heartbeat_and_the_one_before_opens_for_a_moment(device):
    first = device.client.cookies["kiosk"].value
    beat(device)
    assert device.client.cookies["kiosk"].value == first
    later(device, 9.1)
    beat(device)
    second = device.client.cookies["kiosk"].value
    assert second != first
    assert pages(first) == pages(second) == 200
    later(device, 2.1)
    assert (pages(first), pages(second)) == (403, 200)


def pages(token: str) -> int:
    """What a browser that shows this token gets."""
    client = Client()
    client.cookies["kiosk"] = token
    return client.get("/kiosk/").status_code


def test_a_copied_cookie_is_dead_after_twelve_minutes(device):
    copied = device.client.cookies["kiosk"].value
    assert pages(copied) == 200
    later(device, 12.1)  # the device itself is away: nothing changes its session
    assert pages(copied) == 403


def test_a_device_that_lost_its_cookie_gets_a_session_by_its_key(device):
    beat(device)
    later(device, 1)
    device.client.cookies.clear()
    assert device.client.get("/kiosk/")["Location"] == "/kiosk/enrol/"
    beat(device)
    assert device.client.get("/kiosk/").status_code == 200
    later(device, 1)
    device.client.cookies["kiosk"] = "nobody's"
    page = device.client.get("/kiosk/")
    assert page.status_code == 403
    assert "One moment" in page.content.decode()
    assert "switched off" not in page.content.decode()
    beat(device)
    assert device.client.get("/kiosk/").status_code == 200


def test_a_heartbeat_that_was_recorded_gets_nobody_a_session_and_says_nothing_new(device):
    beat(device)
    later(device, 1)
    body = json.dumps(said(queued=5)).encode()
    recorded = {"DPoP": device.proof("/kiosk/pulse/", body)}

    def play(client: Client, sent: bytes = body) -> int:
        json_kind = "application/json"
        answer = client.post("/kiosk/pulse/", sent, content_type=json_kind, headers=recorded)
        return answer.status_code

    assert play(device.client) == 200
    thief = Client()
    assert play(thief) == 200
    assert "kiosk" not in thief.cookies
    Pulse.objects.update(nonce_at=F("nonce_at") + timedelta(seconds=30), queued=0)
    assert play(thief) == 200
    assert Pulse.objects.get().queued == 0
    assert play(thief, body + b" ") == 400


@pytest.mark.parametrize("nonce", ["", "1.abc", "never", "9" * 30, "１.abc", "12.\ud800"])
def test_a_nonce_that_is_not_ours_or_too_old_is_answered_with_a_fresh_one(device, nonce):
    old = proofs.nonce(timezone.now() - timedelta(seconds=proofs.NONCE_SECONDS + 1))
    for wrong in (nonce, old):
        answer = device.call("/kiosk/pulse/", said(), nonce=wrong)
        assert answer.status_code == 401
        assert answer.json()["nonce"]
    assert not Pulse.objects.exists()
    assert beat(device).status_code == 200


def test_who_is_not_known_or_was_shut_out_is_told_so(site, device):
    stranger = Device()
    assert beat(stranger).status_code == 403
    assert beat(stranger).json() == {"locked": "unknown"}
    kiosks.actions.revoke(public_id=str(device.row.public_id), actor=SYSTEM, now=timezone.now())
    answer = beat(device)
    assert (answer.status_code, answer.json()) == (403, {"locked": "revoked"})
    assert not Pulse.objects.exists()
    assert "This kiosk is switched off" in device.client.get("/kiosk/").content.decode()


def test_where_nothing_is_new_the_one_prepared_statement_is_all(device, django_assert_num_queries):
    beat(device)
    queries_releases.release_for(device.row)
    with django_assert_num_queries(0):
        assert beat(device).status_code == 200


def test_answered_early_it_is_counted_by_its_route_and_guarded_as_pages_are(device):
    def counted() -> float:
        labels = {"method": "POST", "route": "kiosk/pulse/", "status": "200"}
        return REGISTRY.get_sample_value("hub_request_seconds_count", labels) or 0

    before = counted()
    answer = beat(device)
    assert counted() == before + 1
    page = device.client.get("/kiosk/")
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Permissions-Policy"):
        assert answer[name] == page[name], name
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert device.client.get("/kiosk/pulse/").status_code == 405
