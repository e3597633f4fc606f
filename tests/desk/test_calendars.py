"""Administrators change working hours and closed days: shown first, counted then, once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import calendars
from accounts.models import Organisation, Team
from core.models import AuditEvent, Outbox
from enquiries.models import Clock, Enquiry
from tests.desk.steps import SCRIPT, new_key, text, work
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/calendars/"
PAGE = f"{HOME}wychavon/"
TEAM = f"{PAGE}teams/front/"
DAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK: dict[str, Any] = dict.fromkeys(DAYS, "9am to 5pm")


@pytest.fixture
def admin(world: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(timezone, "localdate", lambda *_: NOW.date())
    client: Client = client_for(world.administrator)
    return client


def calendar(slug: str = "wychavon") -> dict[str, Any]:
    found: dict[str, Any] = Organisation.objects.get(slug=slug).calendar
    return found


def send(client: Client, address: str, *, sure: bool = True, **data: Any) -> Any:
    """A form as its page would send it, the page opened now unless `seen` says otherwise."""
    own = Team.objects.get(organisation__slug="wychavon").calendar
    mark = calendars.mark(own if "/teams/" in address else calendar())
    words = {"key": new_key(), "seen": mark, "sure": "1" if sure else "", **data}
    return client.post(address, words, follow=True)


def hidden(page: str) -> dict[str, str]:
    """What the page that checks a change sends again."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_hours_are_shown_first_and_saved_then(admin: Client) -> None:
    checked = send(admin, f"{PAGE}hours/", sure=False, **{**WEEK, "wed": "", "sat": "9-12.30"})
    shown = text(checked)
    assert "Wednesday" in shown
    assert "Saturday" in shown
    assert "Monday" not in shown
    assert "No open promise falls on a day that would close" in shown
    assert calendars.week_words(calendar()) == "Monday to Friday 09:00-17:00"

    saved = admin.post(f"{PAGE}hours/", hidden(shown), follow=True)
    assert saved.redirect_chain == [(PAGE, 303)]
    assert "The hours are saved" in text(saved)
    said = "Monday and Tuesday 09:00-17:00; Thursday and Friday 09:00-17:00; Saturday 09:00-12:30"
    assert calendars.week_words(calendar()) == said
    assert said in text(saved)
    assert "Changed by Adam Admin" in text(saved)
    assert Outbox.objects.filter(task="enquiries.recount").count() == 1


def test_a_change_moves_the_clocks_and_no_promise(admin: Client) -> None:
    case = enquiry_of(ask())  # Tuesday: promised for Thursday
    assert str(case.promised_on) == "2026-11-19"
    before = case.due_at
    shown = text(
        send(admin, f"{PAGE}close/", sure=False, first="2026-11-19", last="", why="Burst pipe")
    )
    assert "1 open promise falls on days that would close. It stands" in shown
    assert "Thursday 19 November 2026: Burst pipe" in shown
    send(admin, f"{PAGE}close/", first="2026-11-19", last="", why="Burst pipe")
    work()
    case.refresh_from_db()
    assert (str(case.promised_on), case.due_at) == ("2026-11-19", before)
    accept = Clock.objects.get(enquiry=case, kind="accept")
    assert accept.due_at is not None

    send(admin, f"{PAGE}open/", first="2026-11-19", last="2026-11-19")
    send(admin, f"{PAGE}hours/", **{**WEEK, "tue": "08:00-20:00"})
    work()
    accept.refresh_from_db()
    # Four working hours from ten o'clock are as many on a longer day.
    assert accept.due_at == NOW + timedelta(hours=4)


def test_a_promise_on_another_bodys_day_is_not_counted(admin: Client) -> None:
    ask()
    elsewhere = f"{HOME}worcester-city/close/"
    mark = calendars.mark(calendar("worcester-city"))
    data = {"key": new_key(), "seen": mark, "first": "2026-11-19", "why": "Away"}
    assert "No open promise falls" in text(admin.post(elsewhere, data))


def test_sent_twice_it_counts_once(admin: Client) -> None:
    data: dict[str, Any] = {
        "first": "24/12/2026",
        "last": "2026-12-31",
        "why": "Christmas",
        "key": new_key(),
    }
    send(admin, f"{PAGE}close/", **data)
    again = send(admin, f"{PAGE}close/", **data)
    assert again.status_code == 200
    assert AuditEvent.objects.filter(action="calendar.closed").count() == 1
    assert calendars.closures(calendar()) == [
        calendars.Closure(date(2026, 12, 24), date(2026, 12, 31), "Christmas")
    ]
    assert "Thu 24 Dec to Thu 31 Dec" in text(again)


def test_who_is_overtaken_is_told_by_whom_keeps_their_words_and_may_insist(admin: Client) -> None:
    old = calendars.mark(calendar())
    send(admin, f"{PAGE}close/", first="2026-12-24", why="Christmas Eve")
    refused = text(send(admin, f"{PAGE}hours/", seen=old, **{**WEEK, "mon": "10:00-16:00"}))
    assert "Adam Admin changed these hours at" in refused
    assert 'value="10:00-16:00"' in refused
    assert "Error:" in refused
    assert "10:00" not in calendars.week_words(calendar())
    form = refused[refused.index('action="' + PAGE + 'hours/"') :]
    again = {**hidden(form[: form.index("</form>")]), **WEEK, "mon": "10:00-16:00", "sure": "1"}
    admin.post(f"{PAGE}hours/", again)
    assert calendars.week_words(calendar()).startswith("Monday 10:00-16:00")
    assert calendars.closures(calendar())[0].why == "Christmas Eve"


@pytest.mark.parametrize(
    ("act", "data", "words"),
    [
        ("hours", {"mon": "17:00-09:00"}, "Monday: &quot;17:00-09:00&quot; closes before it opens"),
        ("hours", {"tue": "9-13, 12-17"}, "Tuesday: "),
        ("hours", {"mon": "whenever"}, "Write them as 09:00-17:00"),
        ("hours", {}, "Enter hours for at least one day"),
        ("close", {"why": "Away"}, "Enter the first day that is closed"),
        ("close", {"first": "2026-02-30", "why": "Away"}, "must be a real date"),
        ("close", {"first": "2026-12-24"}, "Say why"),
        ("close", {"first": "2026-12-24", "last": "2026-12-23", "why": "Away"}, "Turn them round"),
        ("close", {"first": "2026-01-24", "why": "Away"}, "more than 31 days ago"),
        ("close", {"first": "2036-12-24", "why": "Away"}, "Check the year"),
    ],
)
@pytest.mark.parametrize("sure", [True, False])
def test_what_is_wrong_is_said_beside_the_words(
    admin: Client, act: str, data: dict[str, Any], words: str, sure: bool
) -> None:
    before = calendar()
    page = text(send(admin, f"{PAGE}{act}/", sure=sure, **data))
    assert words in page
    assert "There is a problem" in page
    assert calendar() == before


def test_an_old_page_says_so(admin: Client) -> None:
    page = text(admin.post(f"{PAGE}hours/", WEEK, follow=True))
    assert "too old to be sent" in page


def test_a_reason_is_shown_as_words(admin: Client) -> None:
    send(admin, f"{PAGE}close/", first="2026-12-24", why=SCRIPT[:80])
    for page in (HOME, PAGE):
        assert "<script>alert" not in text(admin.get(page))
        assert "&lt;script&gt;" in text(admin.get(page))


def test_a_team_gets_its_own_hours_and_gives_them_up(admin: Client) -> None:
    assert "Keeps its organisation’s hours" in text(admin.get(TEAM))
    owned = text(send(admin, f"{TEAM}own/"))
    assert "The team has hours of its own now" in owned
    always: dict[str, Any] = dict.fromkeys((*DAYS, "sat", "sun"), "24 hours")
    send(admin, f"{TEAM}hours/", **always)
    assert "Every day, 24 hours" in text(admin.get(TEAM))
    assert "Every day, 24 hours" in text(admin.get(HOME))
    assert calendars.week_words(calendar()) == "Monday to Friday 09:00-17:00"
    send(admin, f"{TEAM}close/", first="2026-12-24", why="Move")
    shown = text(send(admin, f"{TEAM}shared/", sure=False))
    assert "No longer closed" in shown
    assert "Thursday 24 December 2026: Move" in shown
    send(admin, f"{TEAM}shared/")
    assert Team.objects.get(organisation__slug="wychavon").calendar is None


def test_a_teams_promises_are_counted_with_the_calendar_that_it_keeps(admin: Client) -> None:
    case = enquiry_of(ask())
    team = Team.objects.get(organisation__slug="wychavon")
    Enquiry.objects.filter(pk=case.pk).update(team=team)
    send(admin, f"{TEAM}own/")
    day: dict[str, Any] = {"first": "2026-11-19", "why": "Away"}
    assert "No open promise falls" in text(send(admin, f"{PAGE}close/", sure=False, **day))
    assert "1 open promise falls" in text(send(admin, f"{TEAM}close/", sure=False, **day))


def test_a_proclaimed_holiday_closes_everybody(admin: Client) -> None:
    ask()
    data = {"key": new_key(), "day": "2026-11-19", "why": "Jubilee", "sure": ""}
    shown = text(admin.post(f"{HOME}holiday/", data))
    assert "1 open promise falls on days that would close" in shown
    assert not calendars.closures(calendar())
    again = {**hidden(shown), "sure": "1"}
    for _ in range(2):
        saved = admin.post(f"{HOME}holiday/", again, follow=True)
    assert "Thu 19 Nov" in text(saved)
    every = Organisation.objects.values_list("calendar", flat=True)
    assert all(row["why"] == {"2026-11-19": "Jubilee"} for row in every)
    assert AuditEvent.objects.filter(action="calendar.closed_everywhere").count() == 1
    assert Outbox.objects.filter(task="enquiries.recount").count() == len(every)


def test_bank_holidays_are_shown_and_what_the_list_lacks(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = text(admin.get(HOME))
    assert "Christmas Day" in page
    assert "out of date" not in page
    missing = [(date(2027, 3, 26), "Good Friday")]
    monkeypatch.setattr("enquiries.clocks.bank_holidays_missing", lambda _: missing)
    assert "Good Friday, Friday 26 March 2027" in text(admin.get(HOME))


ACTS = ("hours", "close", "open", "own", "shared")


def test_others_find_no_calendars(world: Any, client_for: Any) -> None:
    addresses = [HOME, PAGE, TEAM, f"{HOME}holiday/", *(f"{PAGE}{act}/" for act in ACTS)]
    for user in (world.agent, world.manager, world.officer, world.outsider):
        client = client_for(user)
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.post(address, {}).status_code == 404


def test_what_is_not_there_is_404(admin: Client) -> None:
    for address in (f"{HOME}nowhere/", f"{PAGE}teams/nobody/", f"{HOME}nowhere/teams/front/"):
        assert admin.get(address).status_code == 404
        assert admin.post(f"{address}close/", {}).status_code == 404
    for address in (f"{PAGE}own/", f"{PAGE}shared/", f"{PAGE}burn/", f"{TEAM}burn/"):
        assert admin.post(address, {}).status_code == 404
    Organisation.objects.filter(slug="worcester-city").update(is_active=False)
    assert admin.get(f"{HOME}worcester-city/").status_code == 404


def test_reloading_what_a_form_was_sent_to_leads_back(admin: Client) -> None:
    assert admin.get(f"{PAGE}hours/")["Location"] == PAGE
    assert admin.get(f"{TEAM}close/")["Location"] == TEAM
    assert admin.get(f"{HOME}holiday/")["Location"] == HOME


def test_djangos_own_pages_leave_calendars_alone(admin: Client) -> None:
    before = calendar()
    body = Organisation.objects.get(slug="wychavon")
    for row in (body, Team.objects.get(organisation=body)):
        page = f"/desk/settings/reference/accounts/{row._meta.model_name}/{row.pk}/change/"
        shown = admin.get(page)
        assert shown.status_code == 200
        assert 'name="calendar"' not in text(shown)
        fields = shown.context["adminform"].form.initial
        answer = admin.post(page, {**{k: v for k, v in fields.items() if v}, "name": "Another"})
        assert answer.status_code == 302
    body.refresh_from_db()
    assert body.name == "Another"
    assert calendar() == before
