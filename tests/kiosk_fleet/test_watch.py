"""Devices that fall silent: found within opening hours, told once, and told when they are back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Site
from channels.kiosk import alarms
from kiosks.models import Kiosk, Outage, Pulse, SetAside, Uncarried
from notifications.models import Notification
from tests.kiosk_fleet.conftest import NOW, device

pytestmark = pytest.mark.django_db
TURN = timedelta(seconds=30)


def runs(start: datetime, count: int) -> datetime:
    """The job, so many turns from a moment on; when the last one was."""
    for turn in range(count):
        alarms.watch(now=start + turn * TURN)
    return start + (count - 1) * TURN


@pytest.fixture
def listening(world: Any) -> Any:
    """A hub that has been listening for long enough."""
    runs(NOW - timedelta(minutes=2), 4)
    return world


def mails(event: str) -> list[Notification]:
    return list(Notification.objects.filter(event=event).order_by("pk"))


def hear(kiosk: Kiosk, at: datetime) -> None:
    Pulse.objects.filter(kiosk=kiosk).update(at=at)


def test_three_misses_are_told_once_and_so_is_that_it_is_back(listening):
    here, gone = device("Here"), device("Gone", heard=100)
    runs(NOW, 3)
    row = Outage.objects.get()
    assert (row.kiosk, row.ended_at) == (gone, None)
    assert row.began_at == NOW - timedelta(seconds=100)
    (mail,) = mails("kiosks_silent")
    assert mail.to == listening.administrator.email
    assert "Evesham library, Gone: silent since 09:58 on Tuesday 17 November" in mail.body
    assert "Offline: Evesham library, Gone" in mail.subject
    assert "No kiosk at all" not in mail.body
    again = NOW + timedelta(seconds=80)
    hear(gone, again)
    hear(here, again)
    runs(NOW + timedelta(seconds=90), 3)
    row.refresh_from_db()
    assert row.ended_at == again
    (back,) = mails("kiosks_back")
    assert "Gone: was silent from 09:58 on Tuesday 17 November to 10:01" in back.body
    assert len(mails("kiosks_silent")) == 1


def test_a_hub_that_was_away_itself_blames_no_device(world):
    known = device(heard=3600)
    runs(NOW, 4)  # ninety seconds
    assert not Outage.objects.exists()
    runs(NOW + timedelta(minutes=2), 1)
    # It was silent since we listen, not before.
    assert Outage.objects.get().began_at == NOW
    hear(known, NOW + timedelta(minutes=3))
    runs(NOW + timedelta(minutes=3), 2)
    # Away for an hour, and back: time is given anew.
    runs(NOW + timedelta(hours=1), 4)
    assert Outage.objects.filter(ended_at=None).count() == 0
    runs(NOW + timedelta(hours=1, minutes=2), 1)
    assert Outage.objects.filter(ended_at=None).count() == 1


def test_nobody_is_silent_out_of_hours_locked_up_made_up_or_not_set_up(listening):
    Site.objects.filter(slug="evesham-kiosk").update(opening={"wed": [["09:00", "17:00"]]})
    device(heard=9000)
    always: dict[str, Any] = {"opening": {"tue": [["00:00", "24:00"]]}, "heard": 9000}
    device(is_demonstration=True, **always)
    device(revoked_at=NOW, **always)
    device(enrolled_at=None, **{**always, "heard": None})
    body = Site.objects.get(slug="evesham-kiosk").organisation
    body.calendar = {"closed": ["2026-11-17"]}
    body.save()
    device(**always)
    runs(NOW, 2)
    assert not Outage.objects.exists()
    body.calendar = {}
    body.save()
    runs(NOW + TURN, 1)
    assert Outage.objects.count() == 1


def test_many_at_once_are_one_mail_that_says_that_it_may_be_us(listening):
    for _ in range(8):
        device(heard=100)
    runs(NOW, 2)
    (mail,) = mails("kiosks_silent")
    assert mail.subject == "Offline: 8 kiosks at Evesham library"
    assert mail.body.count("silent since") == 8
    assert "No kiosk at all is heard" in mail.body
    # The next ones wait, and are told together.
    for _ in range(2):
        device(heard=0)
    runs(NOW + timedelta(minutes=2), 4)
    assert len(mails("kiosks_silent")) == 1
    runs(NOW + timedelta(minutes=4), 14)
    assert [one.subject for one in mails("kiosks_silent")][1:] == [
        "Offline: 2 kiosks at Evesham library"
    ]


def test_one_that_comes_and_goes_is_told_of_once_an_hour_unless_it_stays_away(listening):
    kiosk = device(heard=100)
    runs(NOW, 1)
    hear(kiosk, NOW + timedelta(minutes=1))
    runs(NOW + timedelta(minutes=1), 16)  # back, and gone again
    assert Outage.objects.count() == 2
    assert len(mails("kiosks_silent")) == 1
    runs(NOW + timedelta(minutes=9), 18)
    assert len(mails("kiosks_silent")) == 2


def test_one_that_stays_away_stays_away_in_opening_hours(listening):
    Site.objects.filter(slug="evesham-kiosk").update(
        opening={"tue": [["09:00", "10:08"]], "wed": [["09:00", "17:00"]]}
    )
    kiosk = device(heard=100)
    runs(NOW, 1)
    hear(kiosk, NOW + timedelta(minutes=1))
    runs(NOW + timedelta(minutes=1), 16)  # back, and gone again at 10:01
    assert len(mails("kiosks_silent")) == 1
    # It is closed from eight past ten: nobody stands there.
    runs(NOW + timedelta(minutes=9), 30)
    assert len(mails("kiosks_silent")) == 1


def test_who_may_not_open_the_list_gets_no_link_to_it(listening):
    theirs = Membership.objects.get(user=listening.officer)
    Site.objects.filter(slug="evesham-kiosk").update(organisation=theirs.organisation)
    Membership.objects.filter(pk=theirs.pk).update(role="administrator")
    device(heard=100)
    runs(NOW, 1)
    bodies = {one.to: one.body for one in mails("kiosks_silent")}
    assert "/desk/settings/kiosks/" in bodies[listening.administrator.email]
    assert "/desk/" not in bodies[listening.officer.email]


def test_what_a_device_cannot_send_and_what_never_came_are_told_once(listening):
    kept = device("Kept", pulse={"queued": 2, "oldest_at": NOW - timedelta(hours=25)})
    device("Paper", printer="80mm", paper=100, pulse={"printed": 90})
    Uncarried.objects.create(
        kiosk=kept, entry="5b4e7a52-7f1e-4a5e-9d52-6f2b3f4f2d11", reference="WHK-2345-67",
        made_at=NOW - timedelta(days=8), told_at=NOW - timedelta(hours=1),
    )  # fmt: skip
    SetAside.objects.create(
        kiosk=kept, entry="5b4e7a52-7f1e-4a5e-9d52-6f2b3f4f2d12", sealed="sealed", why="broken",
        came_at=NOW - timedelta(days=7, minutes=1),
    )  # fmt: skip
    runs(NOW, 2)
    (mail,) = mails("kiosks_need")
    assert "Kept: an enquiry that it kept waits to be opened for a week" in mail.body
    assert "never reached us" in mail.body
    assert "keeps 2 enquiries that have not reached us, the oldest for 25 hours" in mail.body
    assert "Paper: its paper is nearly out" in mail.body
    assert "WHK" not in mail.body


def test_five_hundred_devices_are_a_few_statements(listening):
    site = Site.objects.get(slug="evesham-kiosk")
    rows = Kiosk.objects.bulk_create(
        Kiosk(site=site, name=f"{n}", thumbprint=f"{n}", enrolled_at=NOW - timedelta(days=9))
        for n in range(500)
    )
    Pulse.objects.bulk_create(Pulse(kiosk=one, at=NOW - timedelta(hours=2)) for one in rows)
    with CaptureQueriesContext(connection) as queries:
        runs(NOW, 1)
    assert Outage.objects.filter(told_at=NOW).count() == 500
    assert len(queries) < 30
    Pulse.objects.update(at=NOW + TURN)
    with CaptureQueriesContext(connection) as queries:
        alarms.watch(now=NOW + TURN)
    assert len(queries) < 30
    assert len(mails("kiosks_back")) == 1
    assert not Outage.objects.filter(ended_at=None).exists()
