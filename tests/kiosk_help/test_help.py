"""Somebody at a kiosk calls: staff see it, come, or the page says plainly that nobody can."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.hours import DAYS
from accounts.models import Membership, Session
from enquiries.clocks import Calendar
from kiosks import actions_help, queries_help
from kiosks.models import DayCount, HelpCall
from tests import kiosk_device

A_WHILE = timedelta(minutes=5)


def ago(minutes: float) -> None:
    """The call was made so many minutes earlier."""
    call = HelpCall.objects.latest("pk")
    call.called_at -= timedelta(minutes=minutes)
    call.save()


def test_a_call_rings_once_and_the_screen_says_when_somebody_comes(visitor, kiosk, desk):
    visitor.open("start/", language="pl")
    for _ in range(2):
        visitor.post("help/", act="call")
    assert HelpCall.objects.count() == 1
    assert DayCount.objects.get(kiosk=kiosk, name="helps").count == 1
    assert "Wezwaliśmy" in visitor.text
    queue = desk.get("/desk/").content.decode()
    assert f"Somebody needs help at {kiosk.where}" in queue
    assert "in Polish" in desk.get("/desk/help/").content.decode()
    for _ in range(2):
        answer = desk.post(f"/desk/help/{kiosk.public_id}/coming/", follow=True)
        assert "Their screen says" in answer.content.decode()
    assert "Somebody needs help" not in desk.get("/desk/help/news/").content.decode()
    visitor.open("help/")
    assert "Ktoś do Ciebie idzie" in visitor.text
    desk.post(f"/desk/help/{kiosk.public_id}/done/")
    late = desk.post(f"/desk/help/{kiosk.public_id}/done/", follow=True)
    assert "Nobody waits there any more" in late.content.decode()
    call = HelpCall.objects.get()
    assert call.answered_at is not None
    assert call.ended_at is not None
    assert call.ended_at >= call.answered_at >= call.called_at


@pytest.mark.parametrize(
    ("day", "comes"), [("2026-12-24", True), ("2026-12-25", False), ("2026-12-23", False)]
)
def test_nobody_is_promised_on_days_on_which_nobody_is_there(kiosk, day, comes):
    site = kiosk.site
    site.opening = {name: [["09:00", "17:00"]] for name in DAYS}
    site.organisation.calendar = {**site.organisation.calendar, "closed": ["2026-12-23"]}
    at = datetime.fromisoformat(f"{day}T10:30+00:00")
    assert queries_help.ahead(kiosk, hours=Calendar.from_json, now=at).is_staffed is comes


def test_who_does_not_need_anybody_any_more_takes_it_back_where_they_were(visitor, desk):
    visitor.open("start/")
    visitor.go(
        visitor.client.post("/kiosk/help/", headers={"Referer": "http://testserver/kiosk/track/"})
    )
    assert 'href="/kiosk/track/"' in visitor.text
    visitor.post("help/", act="back")
    assert visitor.at == "/kiosk/track/"
    assert "Nobody waits" in desk.get("/desk/help/").content.decode()
    assert HelpCall.objects.get().answered_at is None


def test_a_call_that_nobody_answers_ends_by_itself_and_says_so(visitor, desk, kiosk):
    visitor.open("start/")
    visitor.post("help/", act="call")
    ago(9.9)
    assert kiosk.name in desk.get("/desk/help/").content.decode()
    ago(0.1)
    visitor.open("help/")
    assert "Nobody could come" in visitor.text
    assert kiosk.name not in desk.get("/desk/help/").content.decode()
    answer = desk.post(f"/desk/help/{kiosk.public_id}/coming/", follow=True)
    assert "Nobody waits there" in answer.content.decode()


def test_nobody_is_called_outside_hours_or_where_nobody_answers(visitor, site, kiosk):
    now = timezone.now()
    for minutes in (50, 30):
        visit = f"visit-{minutes}"
        then = now - timedelta(minutes=minutes)
        actions_help.call(kiosk=kiosk, visit=visit, language="en-gb", now=then)
    visitor.open("start/")
    visitor.post("help/", act="call")
    assert "Nobody can come now" in visitor.text
    assert HelpCall.objects.count() == 2
    HelpCall.objects.all().delete()
    site.opening = {}
    site.phone = "01632 960 123"
    site.save()
    visitor.post("help/", act="call")
    assert "Nobody can come now" in visitor.text
    assert "01632 960 123" in visitor.text
    assert not HelpCall.objects.exists()


def test_how_long_it_takes_is_the_median_of_this_site_or_else_of_all(kiosk):
    now = timezone.now()

    def took(minutes: float, device=kiosk) -> None:
        HelpCall.objects.create(
            kiosk=device,
            visit=f"v{HelpCall.objects.count()}",
            called_at=now - timedelta(days=1),
            answered_at=now - timedelta(days=1) + timedelta(minutes=minutes),
            ended_at=now,
        )

    for minutes in (2, 3, 3, 9):
        took(minutes)
    assert queries_help.minutes(kiosk, now=now) == 0
    elsewhere = kiosk_device.enrolled("evesham").row
    took(8, elsewhere)
    assert queries_help.minutes(kiosk, now=now) == 3
    for _ in range(4):
        took(8, elsewhere)
    took(1)
    assert queries_help.minutes(kiosk, now=now) == 3
    assert queries_help.minutes(elsewhere, now=now) == 8


def test_calls_reach_staff_of_the_site_and_nobody_elses(visitor, site, kiosk, world, client_for):
    visitor.open("start/")
    visitor.post("help/", act="call")
    officer = client_for(world.officer)
    assert officer.get("/desk/help/").status_code == 404
    membership = Membership.objects.get(user=world.officer)
    membership.site = site
    membership.save()
    assert kiosk.name in officer.get("/desk/help/").content.decode()
    membership.site = kiosk_device.enrolled("evesham").row.site
    membership.save()
    assert kiosk.name not in officer.get("/desk/help/").content.decode()
    assert "Nobody waits there" in (
        officer.post(f"/desk/help/{kiosk.public_id}/done/", follow=True).content.decode()
    )


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(desk):
    row, before = Session.objects.filter(pk=desk.session.session_key), timezone.now() - A_WHILE
    row.update(seen_at=before)
    desk.get("/desk/help/news/")
    desk.get("/desk/help/?again=1")
    assert row.get().seen_at == before
    desk.get("/desk/help/")
    assert row.get().seen_at != before


def test_a_screen_that_only_looks_by_itself_is_cleared_in_the_end(visitor):
    visitor.open("start/")
    visitor.post("help/", act="call")
    visitor.open("help/", again="1")
    assert visitor.at == "/kiosk/help/"
    session = visitor.client.session
    session["help_touched"] = (timezone.now() - timedelta(minutes=4)).isoformat()
    session.save()
    visitor.open("help/", again="1")
    assert visitor.at == "/kiosk/"
