"""A device can always give a number, and never one that somebody else has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from core import references
from enquiries.models import Enquiry
from enquiries.queries import of_kiosks
from kiosks.actions_numbers import LOW, MOST_A_WEEK, STOCK, more
from kiosks.models import ReservedNumber
from tests.kiosk_device import Device
from tests.world import ask, enquiry_of


def test_a_device_has_three_hundred_again_when_few_are_left(device: Device) -> None:
    now = timezone.now()
    first = more(device.row, 0, now, taken=of_kiosks.taken)
    assert len(set(first)) == STOCK
    assert all(references.parse(one) == one for one in first)
    assert all(references.is_of_kiosk(one) for one in first)
    assert more(device.row, LOW, now, taken=of_kiosks.taken) == []
    again = more(device.row, LOW - 1, now, taken=of_kiosks.taken)
    assert len(again) == STOCK - LOW + 1
    assert not set(first) & set(again)
    assert ReservedNumber.objects.filter(kiosk=device.row).count() == len(first) + len(again)


def test_what_somebody_has_is_not_given(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    old, given, free = (references.for_kiosk() for _ in range(3))
    held = enquiry_of(ask(triaged=False))
    Enquiry.objects.filter(pk=held.pk).update(reference=old)
    ReservedNumber.objects.create(reference=given, kiosk=device.row, given_at=now)
    drawn: Iterator[str] = iter([old, given, *(free for _ in range(STOCK))])
    fresh = references.for_kiosk
    monkeypatch.setattr(references, "for_kiosk", lambda: next(drawn, None) or fresh())
    found = more(device.row, 0, now, taken=of_kiosks.taken)
    assert len(set(found)) == STOCK
    assert free in found
    assert not {old, given} & set(found)


def test_nobody_draws_without_end(device: Device) -> None:
    now = timezone.now()
    rounds = [len(more(device.row, 0, now, taken=of_kiosks.taken)) for _ in range(7)]
    assert sum(rounds) == MOST_A_WEEK
    assert rounds[-1] == 0
    later = now + timedelta(days=8)
    assert len(more(device.row, 0, later, taken=of_kiosks.taken)) == STOCK
