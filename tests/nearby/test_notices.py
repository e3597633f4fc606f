"""Notices: where and when they hold, what they answer, and who is told once that they are over."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from accounts.permissions import SYSTEM_VIEWER
from enquiries import joining
from enquiries.actions import notices
from enquiries.inbound import Place
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, NoticeFollow
from enquiries.queries import notice_spots
from kb import actions_notices, queries_notices
from kb.actions_notices import NoticeRefused, NoticeSaid
from kb.models import Notice
from notifications.models import Notification
from tests.nearby.steps import EAST, NORTH, contact, row, verdict
from tests.world import NOW, World

SAID = NoticeSaid(
    organisation="wychavon",
    kind="outage",
    title="No potholes are filled in Evesham",
    words="The lorry is broken.",
    services=("pothole",),
    starts_at=NOW,
    advice="Drive slowly.",
    area_codes=("E07000238",),
)
HERE = Place(latitude=NORTH, longitude=EAST)
ELSEWHERE = Place(postcode="WR1 3EZ")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enquiries.actions.telling._is_history", lambda now: False)


def published(now: datetime = NOW, **said: Any) -> Notice:
    notice = actions_notices.draft(replace(SAID, **said), viewer=SYSTEM_VIEWER, now=now)
    return actions_notices.publish(public_id=notice.public_id, viewer=SYSTEM_VIEWER, now=now)


def titles(place: Place | None = HERE, now: datetime = NOW, service: str = "pothole") -> list[str]:
    spot = notice_spots.of(place) if place else None
    return [one.title for one in queries_notices.current(service, spot, now=now)]


def know(notice: Notice, *, tell: bool = True, now: datetime = NOW, **said: Any) -> Enquiry:
    inbound = contact(now=now, **{"email": "sam@example.com", "words": "A hole", **said})
    spot = notice_spots.of(HERE)
    return row(joining.known(inbound, notice=notice.public_id, place=spot, tell=tell, now=now))


def told(event: str = "") -> list[tuple[str, str]]:
    rows = Notification.objects.filter(event__startswith=event or "notice").order_by("pk")
    return list(rows.values_list("event", "to"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "where", "there"),
    [
        ({"area_codes": ("E07000238",)}, HERE, True),
        ({"area_codes": ("E05007940",)}, HERE, True),
        ({"area_codes": ("E10000034",)}, ELSEWHERE, True),
        ({"area_codes": ("E07000238",)}, ELSEWHERE, False),
        ({"area_codes": ("E07000238",)}, None, True),
        ({"area_codes": (), "everywhere": True}, ELSEWHERE, True),
        ({"area_codes": (), "latitude": NORTH, "longitude": EAST, "radius_m": 500}, HERE, True),
        (
            {"area_codes": (), "latitude": NORTH + 0.009, "longitude": EAST, "radius_m": 500},
            HERE,
            False,
        ),
        (
            {"area_codes": (), "latitude": NORTH, "longitude": EAST, "radius_m": 500},
            ELSEWHERE,
            False,
        ),
    ],
)
def test_a_notice_holds_where_it_says(
    world: World, place: dict[str, Any], where: Place | None, there: bool
) -> None:
    published(**place)
    assert bool(titles(where)) is there


@pytest.mark.django_db
def test_a_notice_holds_for_its_services_alone(world: World) -> None:
    published()
    assert titles(service="missed-bin") == []
    assert titles(service="no-such") == []
    assert titles(service="\x00") == []


@pytest.mark.django_db
def test_a_notice_is_shown_from_its_start_until_somebody_ends_it(world: World) -> None:
    end = NOW + timedelta(hours=5)
    notice = published(starts_at=NOW + timedelta(hours=1), expected_end_at=end)
    assert titles(now=NOW) == []
    assert titles(now=NOW + timedelta(hours=1)) != []
    (late,) = queries_notices.current("pothole", None, now=end + timedelta(days=1))
    assert late.is_late
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=end)
    assert titles(now=end) == []


@pytest.mark.django_db
def test_one_that_ends_itself_is_over_at_the_minute_through_the_change_of_clocks(
    world: World,
) -> None:
    # 02:30 of the night in which the clocks go back is an hour later than it seems.
    end = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    published(
        now=end - timedelta(days=1), starts_at=end - timedelta(days=1), expected_end_at=end,
        ends_itself=True,
    )  # fmt: skip
    assert titles(now=end - timedelta(seconds=1)) != []
    assert titles(now=end) == []


@pytest.mark.django_db
def test_a_draft_is_seen_by_nobody(world: World) -> None:
    actions_notices.draft(SAID, viewer=SYSTEM_VIEWER, now=NOW)
    assert titles(None) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"services": ()},
        {"services": ("no-such",)},
        {"expected_end_at": NOW - timedelta(hours=1)},
        {"ends_itself": True},
    ],
)
def test_what_makes_no_notice_is_refused(world: World, said: dict[str, Any]) -> None:
    with pytest.raises(NoticeRefused):
        actions_notices.draft(replace(SAID, **said), viewer=SYSTEM_VIEWER, now=NOW)
    assert Notice.objects.count() == 0


@pytest.mark.django_db
def test_it_answers_in_one_stop(world: World) -> None:
    enquiry = know(published())
    assert (enquiry.outcome, enquiry.description) == (Outcome.ANSWERED, "A hole")
    assert "The lorry is broken." in enquiry.public_words
    assert "Drive slowly." in enquiry.public_words
    assert verdict(enquiry) == ("success", None)


@pytest.mark.django_db
def test_one_that_is_over_answers_nothing_and_keeps_nothing(world: World) -> None:
    notice = published()
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=NOW)
    with pytest.raises(joining.NoticeOver):
        know(notice)
    assert Enquiry.objects.count() == 0


@pytest.mark.django_db
def test_each_change_of_the_end_is_told_once_and_the_end_once(world: World) -> None:
    first, later = NOW + timedelta(hours=2), NOW + timedelta(hours=9)
    notice = published(expected_end_at=first)
    know(notice)
    assert notices.tell_due(now=NOW) == 0
    actions_notices.change(
        replace(SAID, expected_end_at=later),
        public_id=notice.public_id,
        seen=Notice.objects.get().version,
        viewer=SYSTEM_VIEWER,
        now=NOW,
    )
    assert [notices.tell_due(now=NOW) for _ in range(3)] == [1, 0, 0]
    actions_notices.end(
        public_id=notice.public_id, words="All filled", viewer=SYSTEM_VIEWER, now=later
    )
    assert [notices.tell_due(now=later) for _ in range(3)] == [1, 0, 0]
    assert told() == [("notice_moved", "sam@example.com"), ("notice_over", "sam@example.com")]
    assert "All filled" in Notification.objects.get(event="notice_over").body
    assert NoticeFollow.objects.get().done_at == later


@pytest.mark.django_db
def test_an_end_that_comes_by_itself_is_told(world: World) -> None:
    end = NOW + timedelta(hours=2)
    know(published(expected_end_at=end, ends_itself=True))
    assert notices.tell_due(now=end - timedelta(minutes=1)) == 0
    assert notices.tell_due(now=end) == 1
    assert told() == [("notice_over", "sam@example.com")]


@pytest.mark.django_db
def test_who_does_not_want_to_be_told_is_not(world: World) -> None:
    notice = published()
    know(notice, tell=False)
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=NOW)
    assert notices.tell_due(now=NOW) == 0
    assert told() == []


@pytest.mark.django_db
def test_other_words_move_no_end(world: World) -> None:
    notice = published(expected_end_at=NOW + timedelta(hours=2))
    know(notice)
    actions_notices.change(
        replace(SAID, expected_end_at=NOW + timedelta(hours=2), words="Still broken"),
        public_id=notice.public_id,
        seen=Notice.objects.get().version,
        viewer=SYSTEM_VIEWER,
        now=NOW,
    )
    assert notices.tell_due(now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_tell_everybody_once(transactional_db: None) -> None:
    from tests.world import build

    build()
    notice = published()
    for number in range(12):
        know(notice, email=f"n{number}@example.com")
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=NOW)

    def run() -> None:
        try:
            notices.tell_due(now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    notices.tell_due(now=NOW)
    assert sorted(to for _, to in told("notice_over")) == sorted(
        f"n{number}@example.com" for number in range(12)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("end", [NOW + timedelta(days=3), None])
def test_who_follows_a_notice_in_polish_reads_no_english_of_ours(
    world: World, end: datetime | None
) -> None:
    notice = published(expected_end_at=NOW + timedelta(days=2))
    inbound = replace(contact(now=NOW, email="sam@example.com", words="Dziura"), language="pl")
    spot = notice_spots.of(HERE)
    joining.known(inbound, notice=notice.public_id, place=spot, tell=True, now=NOW)
    Notice.objects.update(expected_end_at=end)
    assert notices.tell_due(now=NOW + timedelta(hours=1)) == 1
    body = Notification.objects.get(event="notice_moved").body
    assert "We now expect" not in body
    assert "We do not know yet" not in body
    with translation.override("pl"):
        first = gettext("We do not know yet when it will end.")
        if end:
            first = gettext("We now expect it to end on %(moment)s.").partition("%")[0]
    assert first in body
