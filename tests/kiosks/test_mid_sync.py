"""A day without a line, killed in mid-sync: once each, in order, at the time of the touch (T-R13).

Two hundred of them come from a browser in tests/kiosk_engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from core.audit import SYSTEM
from enquiries import events, leaving
from enquiries.actions import resolutions
from enquiries.lifecycle import Outcome
from enquiries.models import BegunForm, Enquiry
from kiosks.models import ReservedNumber, SetAside
from metrics import recount
from tests.kiosk_device import Device
from tests.kiosks.keeping import entry, numbers, said, send
from tests.outbox import run_outbox

MANY, A_CALL = 60, 20
NOW = timezone.now().replace(microsecond=0)
BEGAN = NOW - timedelta(hours=25)


class Dead(BaseException):
    """The process ended here, as by kill -9."""


def test_a_day_without_a_line_is_stored_once_each_in_order(
    device: Device, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HUB_DEVELOPMENT = True
    given = numbers(device.row, MANY, given_at=NOW - timedelta(days=2))
    touches = [BEGAN + timedelta(minutes=24 * at) for at in range(MANY)]
    kept = [
        entry(device.row, said(number, touch, description=f"Mattress {at}", tell_by="none"))
        for at, (number, touch) in enumerate(zip(given, touches, strict=True))
    ]
    calls = [kept[at : at + A_CALL] for at in range(0, MANY, A_CALL)]
    deaths = {1: "kiosk.kept_written", 2: "kiosk.kept_taken"}
    for at, call in enumerate(calls):
        if at in deaths:
            _killed_at(deaths[at], partial(send, device, *call, now=NOW), monkeypatch)
        # What the device heard nothing of, it sends again; here all but the first call, twice.
        for _ in range(2 if at else 1):
            answer = send(device, *call, now=NOW)
            assert answer.json()["taken"] == [one["id"] for one in call]
    stored = list(Enquiry.objects.order_by("pk").values_list("reference", "received_at"))
    assert stored == list(zip(given, touches, strict=True))
    assert not ReservedNumber.objects.filter(reference__in=given, used_at=None).exists()
    assert not SetAside.objects.exists()


def _killed_at(point: str, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_code: int) -> None:
        raise Dead

    with monkeypatch.context() as patch:
        patch.setattr(os, "_exit", die)
        patch.setenv("FAILPOINT", point)
        with pytest.raises(Dead):
            work()


def test_the_one_stop_figure_counts_it_on_the_day_of_the_touch(device: Device) -> None:
    """From a kiosk without a line, late in the evening, to the one-stop figure."""
    today = timezone.localdate(NOW)
    evening = datetime.combine(
        today - timedelta(days=1), datetime.min.time(), ZoneInfo("Europe/London")
    ) - timedelta(minutes=20)
    number = numbers(device.row, 1, given_at=NOW - timedelta(days=6))[0]
    send(device, entry(device.row, said(number, evening)), now=NOW)
    run_outbox()
    with transaction.atomic():
        found = events.locked(Enquiry.objects.get().pk)
        resolutions.settle(
            found, outcome=Outcome.COMPLETED, words="It is gone.", actor=SYSTEM, now=NOW
        )
    (judged,) = recount.as_of(NOW + timedelta(days=60))
    assert (judged.verdict.kind.value, judged.channel, judged.self_service) == (
        "success",
        "kiosk",
        True,
    )
    # Figures are by the London day of the start.
    assert (judged.started, judged.site) == (
        evening - timedelta(minutes=2),
        device.row.site.slug,
    )


def test_a_form_that_we_took_for_left_was_one_stop_all_the_same(device: Device) -> None:
    """Begun on our pages, finished at once without a line, and here a day later (R8)."""
    client = device.client
    client.get("/kiosk/start/")
    client.post("/kiosk/about/", {"service": "fly-tipping"})
    client.post("/kiosk/where/", {"postcode": "WR11 4AA"})
    row = BegunForm.objects.get()
    BegunForm.objects.update(started_at=BEGAN, touched_at=BEGAN)
    leaving.count_due(now=NOW)
    left = Enquiry.objects.get()
    number = numbers(device.row, 1, given_at=BEGAN - timedelta(days=1))[0]
    words = said(number, BEGAN + timedelta(minutes=3), journey=row.key)
    send(device, entry(device.row, words), now=NOW)
    found = Enquiry.objects.exclude(pk=left.pk).get()
    assert (found.reference, found.first_contact_id) == (number, left.first_contact_id)
    run_outbox()
    with transaction.atomic():
        resolutions.settle(
            events.locked(found.pk),
            outcome=Outcome.COMPLETED,
            words="It is gone.",
            actor=SYSTEM,
            now=NOW,
        )
    judged = {one.enquiry: one.verdict for one in recount.as_of(NOW + timedelta(days=60))}
    kinds = (judged[str(found.pk)].kind.value, judged[str(left.pk)].kind.value)
    assert kinds == ("success", "excluded")
