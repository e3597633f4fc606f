"""Staff helped while the line was away: the code is looked at when what was kept arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import accounts.queries
from accounts.models import User
from accounts.permissions import Role
from enquiries.models import Contact, Enquiry
from kiosks import actions_staff
from tests.begun.steps import agent_of_the_hub
from tests.desk.steps import text
from tests.kiosk_device import Device
from tests.kiosks.conftest import _loaded, device, partnership, site
from tests.kiosks.keeping import entry, numbers, said, send
from tests.world import _person

__all__ = ["_loaded", "device", "partnership", "site"]


@pytest.mark.parametrize("minutes", [30, -30])
def test_who_helped_is_known_by_the_code_as_it_was_at_the_touch(
    device: Device, minutes: int
) -> None:
    now = timezone.now()
    ann = accounts.queries.viewer_for_user(agent_of_the_hub())
    assert ann is not None
    # Yesterday at noon: a code is good for a day of ours, and this may run just after midnight.
    touch = timezone.localtime(now - timedelta(days=1)).replace(hour=12, minute=0)
    code = actions_staff.make(viewer=ann, now=touch - timedelta(minutes=minutes))
    actions_staff.end(viewer=ann, now=now)
    number = numbers(device.row, 1, given_at=now - timedelta(days=2))[0]
    words = said(number, touch, assist=code)
    assert send(device, entry(device.row, words), now=now).json()["taken"] == [words["id"]]
    contact = Contact.objects.get()
    was_good = minutes > 0
    assert (contact.agent_id == ann.id, contact.assists_id == contact.pk) == (was_good, was_good)


def test_a_code_that_was_not_good_is_told_on_the_case_and_the_device_once(
    device: Device, client_for: Callable[[User], Client]
) -> None:
    now = timezone.now()
    kiosk, touch = device.row, now - timedelta(hours=1)
    first, second = numbers(kiosk, 2, given_at=now - timedelta(days=1))
    mistyped = entry(kiosk, said(first, touch, assist="00000000"))
    alone = entry(kiosk, said(second, touch))
    for _ in range(2):
        send(device, mistyped, alone, now=now)
    desk = client_for(agent_of_the_hub())
    told = "by a code that was not good"
    case, other = (text(desk.get(f"/desk/cases/{one}/")) for one in (first, second))
    assert (case.count(f"staff helped there {told}"), told in other) == (1, False)
    assert Enquiry.objects.get(reference=first).first_contact.agent_id is None
    boss = _person("eve@hub.test", "Eve", accounts.queries.hub(), Role.ADMINISTRATOR)
    page = text(client_for(boss).get(f"/desk/settings/kiosks/{kiosk.public_id}/"))
    assert page.count(f"Staff helped {told} (in {first})") == 1
    assert "00000000" not in page + case
