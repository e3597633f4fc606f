"""Days that ended stay as they were: another site and other hours change the days to come."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import accounts.queries
from accounts.models import Site
from channels.kiosk import alarms
from core import heartbeats
from enquiries.clocks import Calendar
from kiosks import actions_days, actions_demonstration, actions_watch, queries_days
from kiosks.models import DayCount, DropOut, Kiosk, KioskDay, Outage
from tests.desk.steps import text
from tests.kiosk_fleet.conftest import NOW, device
from tests.kiosk_fleet.test_watch import TURN, hear, runs

pytestmark = pytest.mark.django_db
FIGURES = "/desk/settings/kiosks/figures/"
# Friday to Tuesday; Tuesday is the day of NOW.
FRIDAY, MONDAY, TUESDAY = date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17)
SINCE = TUESDAY - timedelta(days=29)
SHORT = {day: [["09:00", "11:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
HOUR = timedelta(hours=1)


@pytest.fixture
def listening(world: Any) -> Any:
    """A hub that has been listening for long enough."""
    runs(NOW - timedelta(minutes=2), 4)
    return world


def write(now: datetime = NOW) -> None:
    actions_days.write(hours=Calendar.from_json, now=now)


def day(kiosk: Kiosk, of: date) -> tuple[float, float, int]:
    row = KioskDay.objects.get(kiosk=kiosk, day=of)
    return row.open_seconds / 3600, row.silent_seconds / 3600, row.outages


def lines(client: Any, name: str) -> list[dict[str, str]]:
    sent = b"".join(client.get(f"{FIGURES}{name}.csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(sent)))


def test_a_kiosk_that_was_moved_has_its_figures_where_it_stood(listening, client_for, now):
    Site.objects.filter(slug="evesham-kiosk").update(opening=SHORT)
    kiosk = device("Moved", enrolled_at=NOW - timedelta(days=7))
    for of, starts in ((MONDAY, 4), (TUESDAY, 3)):
        DayCount.objects.create(kiosk=kiosk, day=of, source="server", name="starts", count=starts)
        DropOut.objects.create(
            kiosk=kiosk, day=of, source="server", service="pothole", question="tell", count=starts
        )
    alarms.look(now=NOW)
    other = Site.objects.get(slug="evesham")
    Site.objects.filter(pk=other.pk).update(opening=ALWAYS)
    Kiosk.objects.filter(pk=kiosk.pk).update(site=other)
    client = client_for(listening.manager)
    here, there = lines(client, "table")
    # Tuesday a week ago from ten, and four days more; today until ten, day and night.
    assert (there["site"], there["open_hours"], there["starts"]) == ("Evesham library", "9.00", "4")
    assert (here["site"], here["open_hours"], here["starts"]) == ("Evesham", "10.00", "3")
    left = {(row["site"], row["times"]) for row in lines(client, "left")}
    assert left == {("Evesham library", "4"), ("Evesham", "3")}
    page = text(client.get(FIGURES))
    assert "Evesham library, until 16 November" in page
    # Its own page has all of it, wherever it stood.
    assert "7" in text(client.get(f"/desk/settings/kiosks/{kiosk.public_id}/"))
    uptime = queries_days.uptimes(
        [Kiosk.objects.get()], hours=Calendar.from_json, since=SINCE, now=NOW
    )
    assert uptime[kiosk.pk].open_for == 19 * HOUR


def test_longer_hours_from_today_on_are_not_those_of_the_past(listening, client_for, now):
    Site.objects.filter(slug="evesham-kiosk").update(opening=SHORT)
    device("Stays")
    alarms.look(now=NOW)
    client = client_for(listening.manager)
    before = lines(client, "table")
    # 21 working days and one hour of today.
    assert before[0]["open_hours"] == "43.00"
    Site.objects.filter(slug="evesham-kiosk").update(opening=ALWAYS)
    (after,) = lines(client, "table")
    assert after["open_hours"] == "52.00"


def test_what_spans_days_counts_on_each_and_a_day_is_written_once(world):
    kiosk = device(opening=ALWAYS, enrolled_at=NOW - timedelta(days=4, hours=-2))
    Outage.objects.create(
        kiosk=kiosk, began_at=NOW - timedelta(days=3, hours=-13), ended_at=NOW - timedelta(hours=11)
    )
    revoked = device(opening=ALWAYS, revoked_at=NOW - timedelta(days=2))
    waits = device(enrolled_at=None, heard=None)
    write()
    # Set up on Friday at noon; silent from Saturday at 23:00 to Monday at 23:00.
    assert day(kiosk, FRIDAY) == (12, 0, 0)
    assert day(kiosk, FRIDAY + timedelta(days=1)) == (24, 1, 1)
    assert day(kiosk, FRIDAY + timedelta(days=2)) == (24, 24, 0)
    assert day(kiosk, MONDAY) == (24, 23, 0)
    assert not KioskDay.objects.filter(day=TUESDAY).exists()
    # Switched off on Sunday at ten: no day after it, and none of one that was never set up.
    assert day(revoked, FRIDAY + timedelta(days=2)) == (10, 0, 0)
    assert not KioskDay.objects.filter(kiosk=revoked, day=MONDAY).exists()
    assert not KioskDay.objects.filter(kiosk=waits).exists()
    assert KioskDay.objects.filter(kiosk=revoked).count() == actions_days.BACK - 1
    with CaptureQueriesContext(connection) as queries:
        write()
    assert len(queries) == 1
    # Cut off in the midst: what is lacking is added, what is there stands.
    KioskDay.objects.filter(kiosk=kiosk, day__gte=FRIDAY + timedelta(days=2)).delete()
    KioskDay.objects.filter(kiosk=kiosk).update(open_seconds=3600 * 5)
    write()
    assert day(kiosk, FRIDAY) == (5, 0, 0)
    assert day(kiosk, MONDAY) == (24, 23, 0)


def test_who_fell_silent_before_it_closed_is_written_down_for_that_day(listening):
    closes = NOW.replace(hour=17)
    kiosk = device(heard=0)
    hear(kiosk, closes - timedelta(seconds=36))
    for hour, minute, turns in ((0, 1, 1), (8, 59, 7)):
        begins = (NOW + timedelta(days=1)).replace(hour=hour, minute=minute)
        # It has been listening all the time.
        heartbeats.beat(actions_watch.WATCH, at=begins - TURN, detail={"since": f"{NOW}"})
        if hour:
            assert day(kiosk, TUESDAY) == (8, 0, 0)
        runs(begins, turns)
        alarms.look(now=begins + turns * TURN)
    assert Outage.objects.get().began_at == closes - timedelta(seconds=36)
    assert day(kiosk, TUESDAY) == (8, 0.01, 1)


def test_five_hundred_devices_are_caught_up_with_a_few_at_a_time(world):
    site = Site.objects.get(slug="evesham-kiosk")
    Kiosk.objects.bulk_create(
        Kiosk(site=site, name=f"{n}", enrolled_at=NOW - timedelta(days=90)) for n in range(201)
    )
    for done in (100, 200, 201, 201):
        with CaptureQueriesContext(connection) as queries:
            write()
        assert len(queries) <= 5
        assert KioskDay.objects.values("kiosk").distinct().count() == done
    assert KioskDay.objects.count() == 201 * actions_days.BACK


def test_made_up_devices_have_days_that_say_the_same(world):
    plan = actions_demonstration.planned(list(accounts.queries.sites()))
    actions_demonstration.make(plan, hours=Calendar.from_json, now=NOW)
    kiosks = list(Kiosk.objects.select_related("site__organisation"))
    said: dict[str, Any] = {"hours": Calendar.from_json, "since": SINCE, "now": NOW}
    before = queries_days.stays(kiosks, **said)
    write()
    assert KioskDay.objects.exists()
    after = queries_days.stays(kiosks, **said)
    for pk, (stay,) in after.items():
        (was,) = before[pk]
        assert (stay.site, stay.figures) == (was.site, was.figures)
        assert stay.uptime.open_for == was.uptime.open_for
        assert abs(stay.uptime.silent_for - was.uptime.silent_for) < timedelta(minutes=1)
        assert stay.uptime.outages == was.uptime.outages
