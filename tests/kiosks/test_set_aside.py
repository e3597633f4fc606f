"""What could not be taken waits for an administrator, who tries again or says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

import accounts.queries
from accounts.permissions import Role
from enquiries.models import Enquiry
from kiosks.models import ServerKey, SetAside
from tests.kiosk_device import Device
from tests.kiosks.keeping import entry, numbers, said, send
from tests.kiosks.test_kept import NOW, TOUCH
from tests.outbox import run_outbox
from tests.world import _person

if TYPE_CHECKING:
    from accounts.models import User

PAGE = "/desk/settings/kiosks/set-aside/"


@pytest.fixture
def admin(device: Device, client_for: Callable[[User], Client]) -> Client:
    hub = accounts.queries.hub()
    return client_for(_person("ann@hub.test", "Ann", hub, Role.ADMINISTRATOR))


def test_one_is_tried_again_when_its_cause_was_mended(device: Device, admin: Client) -> None:
    number = numbers(device.row, 1, given_at=NOW - timedelta(days=2))[0]
    # The device's clock is an hour behind; it never heard us before the power went.
    words = said(number, TOUCH - timedelta(hours=1), offset=None)
    kept = entry(device.row, words)
    kid = ServerKey.objects.get(purpose="seal").kid
    ServerKey.objects.filter(kid=kid).update(kid="away")
    assert send(device, kept, now=timezone.now() - timedelta(hours=1)).json()["taken"]
    shown = admin.get(PAGE).content.decode()
    assert "It is sealed to a key that we do not have" in shown
    assert "set aside (1)" in admin.get("/desk/settings/kiosks/").content.decode()
    admin.post(PAGE, {"entry": kept["id"], "again": "1"})
    run_outbox()
    assert SetAside.objects.get().tried_at is not None
    ServerKey.objects.filter(kid="away").update(kid=kid)
    admin.post(PAGE, {"entry": kept["id"], "again": "1"})
    run_outbox()
    found, row = Enquiry.objects.get(), SetAside.objects.get()
    assert found.reference == row.reference == number
    assert abs(found.received_at - TOUCH) < timedelta(seconds=30)
    assert row.sealed == ""
    assert "Nothing is set aside" in admin.get(PAGE).content.decode()


def test_one_is_ended_with_a_reason_and_its_words_go(device: Device, admin: Client) -> None:
    for _ in range(2):
        send(device, {"id": said("", TOUCH)["id"], "jwe": "nothing"}, now=NOW)
    first = SetAside.objects.order_by("pk")[0]
    page = admin.post(PAGE, {"entry": first.entry, "end-words": " "}).content.decode()
    assert page.count("Say why nothing more is done with it") == 2
    admin.post(PAGE, {"entry": first.entry, "end-words": "A test of ours"})
    first.refresh_from_db()
    assert (first.sealed, first.ended_words) == ("", "A test of ours")
    again = admin.post(PAGE, {"entry": first.entry, "again": "1"}, follow=True)
    assert "Somebody has dealt with this meanwhile" in again.content.decode()
    for strange in ("", "x", "\x00"):
        assert admin.post(PAGE, {"entry": strange, "again": "1"}).status_code == 303
