"""Working calendars: what they say, who may change them, and what a change leaves behind."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts import actions_calendars, actions_reference, calendars
from accounts.actions_calendars import CalendarChanged, CalendarRefused, NoSuchCalendar, Whose
from accounts.hours import DAYS
from accounts.models import Organisation, Team
from accounts.models.organisations import office_hours
from accounts.reference import OrganisationRow
from core.audit import SYSTEM, Actor
from core.models import AuditEvent
from enquiries.clocks import Calendar

NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
ADA, BEN = Actor("staff", 1, "Ada Admin"), Actor("staff", 2, "Ben Admin")
WYCHAVON = Whose("wychavon")
FRONT = Whose("wychavon", "front")
OFFICE = office_hours()
CHRISTMAS = date(2026, 12, 24), date(2026, 12, 31)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", NOW.date)


def kept(whose: Whose = WYCHAVON) -> dict[str, Any] | None:
    row: Organisation | Team = Organisation.objects.get(slug=whose.organisation)
    if whose.team:
        row = Team.objects.get(slug=whose.team, organisation__slug=whose.organisation)
    found: dict[str, Any] | None = row.calendar
    return found


def seen(whose: Whose = WYCHAVON) -> str:
    return calendars.mark(kept(whose))


# Pure.


def test_a_week_is_said_in_words() -> None:
    assert calendars.week_words(OFFICE) == "Monday to Friday 09:00-17:00"
    saturday = {**OFFICE, "sat": [["09:00", "13:00"]]}
    assert calendars.week_words(saturday).endswith("; Saturday 09:00-13:00")
    always = {day: [["00:00", "24:00"]] for day in DAYS}
    assert calendars.week_words(always) == "Every day, 24 hours"
    assert calendars.week_words({}) == "Never open"


def test_closed_days_in_a_row_for_one_reason_are_one_closure() -> None:
    calendar = calendars.closing(OFFICE, *CHRISTMAS, "Christmas closing")
    calendar = calendars.closing(calendar, date(2027, 1, 1), date(2027, 1, 1), "Stocktaking")
    assert calendars.closures(calendar) == [
        calendars.Closure(*CHRISTMAS, "Christmas closing"),
        calendars.Closure(date(2027, 1, 1), date(2027, 1, 1), "Stocktaking"),
    ]
    assert calendars.closures(calendar, since=date(2027, 1, 1))[0].why == "Stocktaking"
    assert "closed" not in OFFICE


def test_opening_again_leaves_no_trace() -> None:
    calendar = calendars.closing(OFFICE, *CHRISTMAS, "Christmas closing")
    assert calendars.opening(calendar, *CHRISTMAS) == OFFICE
    part = calendars.opening(calendar, date(2026, 12, 29), date(2026, 12, 31))
    assert calendars.closures(part) == [
        calendars.Closure(date(2026, 12, 24), date(2026, 12, 28), "Christmas closing")
    ]


def test_what_leaves_the_house_names_nobody_and_gives_no_reason() -> None:
    calendar = calendars.closing(OFFICE, *CHRISTMAS, "Ada is away")
    calendar = calendars.stamped(calendar, by="Ada Admin", at=NOW)
    assert set(calendars.bare(calendar)) == {*OFFICE, "closed"}
    assert Calendar.from_json(calendar) is Calendar.from_json(calendars.bare(calendar))


# In the database.


@pytest.mark.usefixtures("world", "today")
class TestChanges:
    def test_hours_are_changed_and_clocks_read_them(self) -> None:
        week = {"mon": [["08:00", "18:00"]], "tue": []}
        body = actions_calendars.set_hours(
            whose=WYCHAVON, week=week, seen=seen(), actor=ADA, now=NOW
        )
        assert body == Organisation.objects.get(slug="wychavon").pk
        calendar = kept()
        assert calendar is not None
        assert calendars.hours(calendar) == {"mon": [["08:00", "18:00"]]}
        assert calendars.changed(calendar) == ("Ada Admin", NOW)
        assert not Calendar.from_json(calendar).is_working_day(date(2026, 11, 17))
        line = AuditEvent.objects.get(action="calendar.hours_set")
        assert (line.target, line.actor_name) == ("calendar:wychavon", "Ada Admin")
        assert line.data == {"hours": {"mon": [["08:00", "18:00"]]}}

    def test_closures_survive_other_hours_and_other_hours_a_closure(self) -> None:
        for change in (
            lambda: actions_calendars.close(
                whose=WYCHAVON,
                first=CHRISTMAS[0],
                last=CHRISTMAS[1],
                why=" Christmas closing ",
                seen=seen(),
                actor=ADA,
                now=NOW,
            ),
            lambda: actions_calendars.set_hours(
                whose=WYCHAVON, week={"wed": [["09:00", "12:00"]]}, seen=seen(), actor=ADA, now=NOW
            ),
        ):
            change()
        calendar = kept()
        assert calendar is not None
        assert [one.why for one in calendars.closures(calendar)] == ["Christmas closing"]
        assert calendars.week_words(calendar) == "Wednesday 09:00-12:00"
        actions_calendars.open_again(
            whose=WYCHAVON, first=CHRISTMAS[0], last=CHRISTMAS[1], seen=seen(), actor=ADA, now=NOW
        )
        assert calendars.closures(kept() or {}) == []

    def test_who_saw_an_older_calendar_is_told_who_changed_it(self) -> None:
        old = seen()
        actions_calendars.set_hours(
            whose=WYCHAVON, week={"mon": [["09:00", "12:00"]]}, seen=old, actor=ADA, now=NOW
        )
        with pytest.raises(CalendarChanged, match="Ada Admin changed these hours at 10:00"):
            actions_calendars.close(
                whose=WYCHAVON,
                first=CHRISTMAS[0],
                last=CHRISTMAS[0],
                why="Away",
                seen=old,
                actor=BEN,
                now=NOW,
            )
        assert AuditEvent.objects.filter(action__startswith="calendar.").count() == 1

    def test_saving_what_is_there_changes_nothing(self) -> None:
        before = kept()
        actions_calendars.set_hours(
            whose=WYCHAVON, week=calendars.hours(before or {}), seen=seen(), actor=ADA, now=NOW
        )
        assert kept() == before
        assert not AuditEvent.objects.filter(action__startswith="calendar.").exists()

    def test_a_team_has_its_organisations_hours_until_it_gets_its_own(self) -> None:
        assert kept(FRONT) is None
        with pytest.raises(CalendarChanged, match="its organisation’s hours"):
            actions_calendars.set_hours(
                whose=FRONT, week=OFFICE, seen=seen(FRONT), actor=ADA, now=NOW
            )
        actions_calendars.own_hours(whose=FRONT, seen=seen(FRONT), actor=ADA, now=NOW)
        assert calendars.bare(kept(FRONT) or {}) == calendars.bare(kept() or {})
        always = {day: [["00:00", "24:00"]] for day in DAYS}
        actions_calendars.set_hours(whose=FRONT, week=always, seen=seen(FRONT), actor=ADA, now=NOW)
        assert calendars.is_round_the_clock(kept(FRONT) or {})
        assert calendars.week_words(kept() or {}) == "Monday to Friday 09:00-17:00"
        with pytest.raises(CalendarChanged, match="Ada Admin"):
            actions_calendars.shared_hours(whose=FRONT, seen="older", actor=BEN, now=NOW)
        actions_calendars.shared_hours(whose=FRONT, seen=seen(FRONT), actor=BEN, now=NOW)
        assert kept(FRONT) is None
        gone = AuditEvent.objects.get(action="calendar.shared_hours")
        assert set(gone.data["gone"]) == set(DAYS)

    def test_a_proclaimed_holiday_closes_everybody(self) -> None:
        actions_calendars.own_hours(whose=FRONT, seen=seen(FRONT), actor=ADA, now=NOW)
        day = date(2027, 6, 4)
        bodies = actions_calendars.close_everywhere(day=day, why="Jubilee", actor=ADA, now=NOW)
        assert sorted(bodies) == sorted(Organisation.objects.values_list("pk", flat=True))
        every = [kept(FRONT), *Organisation.objects.values_list("calendar", flat=True)]
        for calendar in every:
            assert not Calendar.from_json(calendar or {}).is_working_day(day)
            assert calendars.closures(calendar or {})[0].why == "Jubilee"

    @pytest.mark.parametrize(
        ("first", "last", "why", "words", "field"),
        [
            ("2026-12-24", "2026-12-23", "Away", "before the first", "last"),
            ("2026-10-01", "2026-12-01", "Away", "more than 31 days ago", "first"),
            ("2036-12-24", "2036-12-24", "Away", "Check the year", "last"),
            ("2026-12-01", "2027-03-01", "Away", "more than 62 days at once", "last"),
            ("2026-12-24", "2026-12-24", "  ", "Say why", "why"),
        ],
    )
    def test_a_closure_that_cannot_be_meant_is_refused(
        self, first: str, last: str, why: str, words: str, field: str
    ) -> None:
        with pytest.raises(CalendarRefused, match=words) as refused:
            actions_calendars.close(
                whose=WYCHAVON,
                first=date.fromisoformat(first),
                last=date.fromisoformat(last),
                why=why,
                seen=seen(),
                actor=ADA,
                now=NOW,
            )
        assert refused.value.field == field

    def test_a_calendar_that_never_opens_is_refused(self) -> None:
        with pytest.raises(CalendarRefused, match="nothing could ever fall due"):
            actions_calendars.set_hours(
                whose=WYCHAVON, week={"mon": []}, seen=seen(), actor=ADA, now=NOW
            )

    @pytest.mark.parametrize("whose", [Whose("nowhere"), Whose("wychavon", "nobody")])
    def test_nobodys_calendar_is_not_there(self, whose: Whose) -> None:
        with pytest.raises(NoSuchCalendar):
            actions_calendars.open_again(
                whose=whose, first=NOW.date(), last=NOW.date(), seen="", actor=ADA, now=NOW
            )

    def test_loading_reference_data_again_leaves_hours_that_were_changed_by_hand(self) -> None:
        rows = [
            OrganisationRow(b.slug, b.name, b.short_name, b.kind, b.area_code, "", "", week)
            for b in Organisation.objects.all()
            for week in [{"mon": [["07:00", "08:00"]]}]
        ]
        actions_calendars.close(
            whose=WYCHAVON,
            first=CHRISTMAS[0],
            last=CHRISTMAS[1],
            why="Christmas closing",
            seen=seen(),
            actor=ADA,
            now=NOW,
        )
        actions_reference.save_organisations(rows, [], [], actor=SYSTEM, now=NOW)
        assert calendars.closures(kept() or {})
        assert calendars.week_words(kept() or {}) == "Monday to Friday 09:00-17:00"
        assert calendars.week_words(kept(Whose("worcester-city")) or {}) == "Monday 07:00-08:00"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told_of_the_other(today: None) -> None:
    from tests.world import build

    build()
    mark, refused, ready = seen(), [], threading.Barrier(2)

    def save(actor: Actor, hour: str) -> None:
        ready.wait()
        try:
            actions_calendars.set_hours(
                whose=WYCHAVON,
                week={"mon": [[hour, "17:00"]]},
                seen=mark,
                actor=actor,
                now=NOW + timedelta(minutes=1),
            )
        except CalendarChanged as error:
            refused.append(error.message)
        finally:
            connection.close()

    pair = [threading.Thread(target=save, args=one) for one in ((ADA, "08:00"), (BEN, "10:00"))]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(timeout=20)
    assert len(refused) == 1
    assert calendars.changed(kept() or {}) is not None
    assert ("Ada Admin" in refused[0]) == ((kept() or {})["mon"] == [["08:00", "17:00"]])
    assert AuditEvent.objects.filter(action="calendar.hours_set").count() == 1
