"""Who looks up a number that a kiosk gave without a line is told why there is nothing yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels import tasks
from core.references import for_kiosk
from kiosks.models import ReservedNumber, SetAside, Uncarried
from notifications import gsm
from tests.kiosk_device import Device
from tests.kiosks.keeping import entry, ms, numbers, said, send
from tests.kiosks.test_kept import NOW, TOUCH
from tests.stand_ins.phone import Phone

NOT_FOUND = "We cannot find that reference"


@pytest.fixture
def number(device: Device) -> str:
    return numbers(device.row, 1, given_at=NOW - timedelta(days=9))[0]


def looked_up(reference: str, postcode: str = "WR11 4AA", language: str = "en-gb") -> str:
    client = Client(headers={"accept-language": language})
    answer = client.post("/track/", {"reference": reference, "postcode": postcode}, follow=True)
    return " ".join(answer.content.decode().split())


def test_a_number_is_on_its_way_until_it_is_here(device: Device, number: str) -> None:
    site = device.row.site.name
    assert f"given at {site}. What was told there has not reached us" in looked_up(number)
    device.client.get("/kiosk/start/")
    sent = {"reference": number, "postcode": "WR11 4AA"}
    assert "has not reached us" in device.client.post("/kiosk/track/", sent).content.decode()
    # Nobody has been given this one; and of one that is here nothing is said without its proof.
    assert NOT_FOUND in looked_up(for_kiosk())
    phone = Phone("+447700900999")
    assert f"{number} was given at {site}. It has not reached us yet" in phone.text(
        f"STATUS {number}"
    )
    assert "We have no enquiry" in phone.text(f"STATUS {for_kiosk()}")
    send(device, entry(device.row, said(number, TOUCH)), now=NOW)
    assert "By the bridge" not in looked_up(number, "WR1 1AA")
    assert NOT_FOUND in looked_up(number, "WR1 1AA")
    assert NOT_FOUND not in looked_up(number)


def test_of_what_never_came_we_say_so_and_are_sorry(device: Device, number: str) -> None:
    words = said(number, NOW - timedelta(days=8))
    told = [{"id": words["id"], "reference": number, "made": words["made"]}]
    for _ in range(2):
        answer = device.call("/kiosk/kept/gone/", {"now": ms(NOW), "entries": told})
        assert answer.json()["taken"] == [words["id"]]
    assert Uncarried.objects.get().reference == number
    day = timezone.localtime(NOW - timedelta(days=8))
    told_by_text = Phone("+447700900999").text(f"STATUS {number}")
    assert f"on {day:%A} {day.day} {day:%B} as {number} never reached us" in told_by_text
    assert gsm.measure(told_by_text).segments <= 2
    assert f"on {day:%-d %B %Y} never reached us" in looked_up(number)
    assert "Przepraszamy" in looked_up(number, language="pl")
    # It came all the same: it is an enquiry like any other.
    send(device, entry(device.row, words), now=NOW)
    assert "never reached us" not in looked_up(number)
    device.call("/kiosk/kept/gone/", {"now": ms(NOW), "entries": told})
    other = [{"id": said(number, TOUCH)["id"], "reference": number, "made": None}]
    device.call("/kiosk/kept/gone/", {"now": ms(NOW), "entries": other})
    assert Uncarried.objects.count() == 1


def test_after_a_year_what_never_came_is_forgotten_and_what_was_ended_after_90_days(
    device: Device, number: str
) -> None:
    now, row = timezone.now(), device.row
    ids = [f"5b4e7a52-7f1e-4a5e-9d52-6f2b3f4f2d1{one}" for one in range(5)]
    for one, days in zip(ids[:2], (366, 364), strict=True):
        told = now - timedelta(days=days)
        named = number if days > 365 else ""
        Uncarried.objects.create(kiosk=row, entry=one, reference=named, made_at=told, told_at=told)
    for one, over in zip(ids[2:], (91, 89, None), strict=True):
        ended = now - timedelta(days=over) if over else None
        SetAside.objects.create(
            kiosk=row, entry=one, why="broken", came_at=now - timedelta(days=400), ended_at=ended
        )
    tasks.forget_kept()
    assert [str(one.entry) for one in Uncarried.objects.all()] == ids[1:2]
    assert [str(one.entry) for one in SetAside.objects.order_by("entry")] == ids[3:]
    # It is nobody's any more, and is given to nobody else.
    assert NOT_FOUND in looked_up(number)
    assert ReservedNumber.objects.filter(reference=number).exists()
