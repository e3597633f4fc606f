"""Made-up devices for a demonstration: true to life, made once, and no alarm to anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import accounts.queries
from channels.kiosk import alarms
from enquiries.clocks import Calendar
from kiosks import actions_demonstration, queries_fleet
from kiosks.models import Kiosk, Outage
from notifications.models import Notification
from tests.kiosk_fleet.conftest import NOW

pytestmark = pytest.mark.django_db


def test_made_up_devices_are_as_they_were_made_days_later_and_alarm_nobody(world, settings: Any):
    settings.HUB_DEMO = True
    sites = list(accounts.queries.sites()) * 4
    plan = actions_demonstration.planned(sites)
    for _ in range(2):
        actions_demonstration.make(plan, hours=Calendar.from_json, now=NOW)
    assert Kiosk.objects.count() == len(plan) == 9
    later = NOW + timedelta(days=1)
    for turn in range(8):
        alarms.watch(now=later + turn * timedelta(seconds=30))
    devices = queries_fleet.fleet(hours=Calendar.from_json, now=later + timedelta(minutes=4))
    found = {reason for one in devices for reason in one.judged.reasons}
    assert {one.state for one in devices} == {"offline", "degraded", "locked", "waiting", "online"}
    assert "keeps enquiries for more than an hour" in found
    assert "its clock is 2 hours slow" in found
    assert Outage.objects.filter(ended_at=None).count() == 1
    assert not Notification.objects.exists()
