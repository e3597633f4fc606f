"""What administrators tell devices: signed by the hub, handed out until done or too late."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone

import kiosks.actions
from core.audit import SYSTEM
from core.models import AuditEvent
from kiosks import keys, server_keys
from kiosks.actions_commands import CommandKind, CommandNotAccepted, order
from kiosks.models import Command, KeyPurpose, Kiosk
from tests import kiosk_device
from tests.kiosk_device import Device, code_for
from tests.kiosks.test_pulse import beat


def tell(device: Device, kind: CommandKind, words: str = "") -> Command:
    return order(device.row, kind=kind, words=words, actor=SYSTEM, now=timezone.now())


def told(device: Device, **changes: Any) -> list[dict[str, Any]]:
    """What its next heartbeat tells it to do, with the signatures checked as devices do."""
    answer = beat(device, **changes).json()
    key = keys.public(answer["commands_key"])
    options: Any = {"verify_exp": False}  # ms, as the device reads it
    return [jwt.decode(one, key, ["ES256"], options=options) for one in answer["commands"]]


def test_a_command_is_handed_out_signed_until_it_was_done(device):
    made = tell(device, CommandKind.MESSAGE, " Paper \n is low ")
    [first] = told(device)
    assert first == {
        "id": str(made.public_id),
        "kiosk": str(device.row.public_id),
        "kind": "message",
        "words": "Paper is low",
        "exp": int(made.expires_at.timestamp() * 1000),
    }
    assert tell(device, CommandKind.MESSAGE, "Paper is low") == made  # pressed twice
    assert told(device) == [first]
    other = kiosk_device.enrolled(device.row.site.slug)
    assert told(other, done=[first["id"]]) == []  # not its own to settle
    assert told(device, done=[first["id"]]) == []
    made.refresh_from_db()
    assert made.sent_at is not None
    assert made.done_at is not None
    trail = AuditEvent.objects.filter(action="kiosk.command_message")
    assert [event.target for event in trail] == [f"kiosk:{device.row.public_id}"]


def test_after_ten_minutes_it_is_too_late(device):
    tell(device, CommandKind.RELOAD)
    Command.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert told(device) == []


def test_what_is_ordered_after_our_key_was_replaced_is_checked_with_the_new_one(device):
    tell(device, CommandKind.UPDATE)
    server_keys.replace(purpose=KeyPurpose.SIGN, actor=SYSTEM, now=timezone.now())
    assert [one["kind"] for one in told(device)] == ["update"]


def test_locked_it_shows_so_and_nothing_else_until_it_is_unlocked(device):
    tell(device, CommandKind.LOCK)
    answer = beat(device)
    assert (answer.json()["locked"], len(answer.json()["commands"])) == ("locked", 1)
    page = device.client.get("/kiosk/menu/")
    assert page.status_code == 403
    assert "This kiosk is locked" in page.content.decode()
    assert "switched off" not in page.content.decode()
    Command.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert beat(device).json()["locked"] == "locked"  # longer than the command
    tell(device, CommandKind.UNLOCK)
    assert [one["kind"] for one in told(device)] == ["unlock"]
    assert device.client.get("/kiosk/").status_code == 200


def test_of_lock_and_unlock_the_last_word_counts(device):
    for kind in (CommandKind.LOCK, CommandKind.UNLOCK, CommandKind.LOCK):
        tell(device, kind)
    assert [one["kind"] for one in told(device)] == ["lock"]


def test_a_message_has_words_that_fit_or_takes_away_those_that_stand(device):
    with pytest.raises(CommandNotAccepted) as refused:
        tell(device, CommandKind.MESSAGE, "x" * 201)
    assert refused.value.field == "words"
    tell(device, CommandKind.MESSAGE, "  ")
    assert [one["words"] for one in told(device)] == [""]


def test_what_is_not_set_up_or_shut_out_is_told_nothing(site, device):
    code_for(site, "Waits")
    waits = Kiosk.objects.get(name="Waits")
    kiosks.actions.revoke(public_id=str(device.row.public_id), actor=SYSTEM, now=timezone.now())
    for kiosk in (waits, device.row):
        with pytest.raises(CommandNotAccepted):
            order(kiosk, kind=CommandKind.RELOAD, actor=SYSTEM, now=timezone.now())
    assert not Command.objects.exists()


def test_a_stolen_device_can_do_nothing_after_it_was_shut_out(device):
    beat(device)
    stolen = device.row
    kiosks.actions.revoke(public_id=str(stolen.public_id), actor=SYSTEM, now=timezone.now())
    entry = {"id": str(uuid.uuid4()), "jwe": "x", "reference": "", "made": 0}
    for path, sent in (
        ("pulse/", {"v": 1, "now": 0}),
        ("kept/", {"now": 0, "entries": [entry]}),
        ("kept/gone/", {"entries": [entry]}),
    ):
        answer = device.call(f"/kiosk/{path}", sent)
        assert (answer.status_code, answer.json()) == (403, {"locked": "revoked"}), path
    for path in (
        "", "start/", "menu/", "sw.js", "shell/none/manifest.json", "content/en-gb/",
        "content/places/", "check/", "help/",
    ):  # fmt: skip
        for method in (device.client.get, device.client.post):
            assert method(f"/kiosk/{path}").status_code == 403, path


def test_a_device_that_is_set_up_anew_with_the_same_key_is_what_it_became_last(site, device):
    before = device.row
    assert device.enrol(code_for(site, "Moved")).status_code == 200
    before.refresh_from_db()
    assert before.revoked_at is not None
    answer = beat(device)
    assert (answer.status_code, answer.json()["settings"]["name"]) == (200, "Moved")
