"""Staff helped while the line was away: the code is looked at when what was kept arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import accounts.queries
from enquiries.models import Contact
from kiosks import actions_staff
from tests.begun.steps import agent_of_the_hub
from tests.kiosk_device import Device
from tests.kiosks.conftest import _loaded, device, partnership, site
from tests.kiosks.keeping import entry, numbers, said, send

__all__ = ["_loaded", "device", "partnership", "site"]


@pytest.mark.parametrize("minutes", [30, -30])
def test_who_helped_is_known_by_the_code_as_it_was_at_the_touch(
    device: Device, minutes: int
) -> None:
    now = timezone.now()
    ann = accounts.queries.viewer_for_user(agent_of_the_hub())
    assert ann is not None
    touch = now - timedelta(hours=1)
    code = actions_staff.make(viewer=ann, now=touch - timedelta(minutes=minutes))
    actions_staff.end(viewer=ann, now=now)
    number = numbers(device.row, 1, given_at=now - timedelta(days=1))[0]
    words = said(number, touch, assist=code)
    assert send(device, entry(device.row, words), now=now).json()["taken"] == [words["id"]]
    contact = Contact.objects.get()
    was_good = minutes > 0
    assert (contact.agent_id == ann.id, contact.assists_id == contact.pk) == (was_good, was_good)
