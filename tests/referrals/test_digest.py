"""One mail to a team each morning that it works, and none with anything personal in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import notifications.actions
from accounts.models import Area, Team
from accounts.permissions import Viewer
from enquiries.actions import digests, referrals
from enquiries.models import Referral
from kb.models import Service
from notifications.models import Notification
from tests.referrals.steps import accept, new_case, told, with_
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
# The Wednesday after, at eight in London, and a minute before.
EIGHT = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: EIGHT)


def test_a_team_gets_one_mail_with_what_waits_for_it(world: World, officer: Viewer) -> None:
    offered, in_hand, late, waiting = (new_case() for _ in range(4))
    for case in (in_hand, late, waiting):
        accept(case, officer)
    Referral.objects.filter(enquiry=offered).update(accept_due_at=EIGHT + timedelta(hours=3))
    Referral.objects.filter(enquiry=late).update(work_due_at=EIGHT - timedelta(days=1))
    referrals.ask(
        public_id=with_(waiting, "wychavon").public_id, viewer=officer, question="Which?", now=NOW
    )

    assert digests.send_due(now=EIGHT - timedelta(minutes=1)) == 0
    assert digests.send_due(now=EIGHT) == 1
    for later in (0, 5, 60):
        assert digests.send_due(now=EIGHT + timedelta(minutes=later)) == 0

    (mail,) = told("digest")
    assert mail.to == "team@wychavon.demo"
    assert mail.subject == (
        "Front desk, Wednesday 18 November: 1 to answer, 2 in hand, 1 due today, 1 late, "
        "1 waiting for the citizen"
    )
    lines = [line for line in mail.body.splitlines() if line.startswith("WH")]
    # What presses most comes first; what waits for its citizen presses nobody.
    assert [line.split("  ")[0] for line in lines] == [
        late.reference, offered.reference, in_hand.reference,
    ]  # fmt: skip
    assert lines[0].endswith("Missed bin, Wychavon: late since Tuesday 17 November, 8am")
    assert lines[1].endswith("answer by Wednesday 18 November, 11am")
    assert "/desk/referrals/" in mail.body


def test_it_names_the_town_and_nothing_of_a_person(world: World) -> None:
    Area.objects.create(code="T-EVESHAM", name="Evesham", kind="town", parent_code="E07000238")
    Area.objects.filter(code="E05007940").update(parent_code="T-EVESHAM")
    new_case(words="My bin, says the hippopotamus")
    Service.objects.filter(slug="council-tax-bill").update(sensitive=True)
    new_case(service="council-tax-bill")
    digests.send_due(now=EIGHT)
    (mail,) = told("digest")
    assert "Missed bin, Evesham" in mail.body
    assert "An enquiry, Evesham" in mail.body
    for personal in ("hippopotamus", "Jo Bloggs", "jo@example.com", "WR11", "Council tax"):
        assert personal not in mail.body


def test_a_hundred_referrals_are_ten_lines(world: World) -> None:
    for _ in range(12):
        new_case()
    digests.send_due(now=EIGHT)
    (mail,) = told("digest")
    assert len([line for line in mail.body.splitlines() if line.startswith("WH")]) == 10


def test_nothing_is_said_where_nothing_waits(world: World) -> None:
    assert digests.send_due(now=EIGHT) == 0
    assert told("digest") == []


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 11, 21, 8, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 12, 25, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 18, 17, 1, tzinfo=UTC),  # they have gone home
    ],
)
def test_nobody_is_written_to_who_is_not_there(world: World, when: datetime) -> None:
    new_case()
    assert digests.send_due(now=when) == 0


def test_eight_is_eight_in_london(world: World) -> None:
    summer = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
    new_case(at=summer)
    assert digests.send_due(now=datetime(2026, 6, 17, 6, 59, tzinfo=UTC)) == 0
    assert digests.send_due(now=datetime(2026, 6, 17, 7, 0, tzinfo=UTC)) == 1


def test_what_came_since_eight_is_no_mornings_news(world: World) -> None:
    new_case(at=EIGHT + timedelta(hours=1))
    assert digests.send_due(now=EIGHT + timedelta(hours=2)) == 0


def test_a_team_without_an_address_gets_none_and_one_with_hours_of_its_own_keeps_them(
    world: World,
) -> None:
    Team.objects.update(email="")
    new_case()
    assert digests.send_due(now=EIGHT) == 0
    Team.objects.filter(organisation__slug="wychavon").update(
        email="team@wychavon.demo", calendar={"sat": [["09:00", "12:00"]]}
    )
    assert digests.send_due(now=EIGHT) == 0
    assert digests.send_due(now=EIGHT + timedelta(days=3)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_killed_job_that_runs_again_writes_to_nobody_twice(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.world import build

    build()
    new_case()
    new_case(postcode="WR1 3EZ")
    send = notifications.actions.send

    class Killed(BaseException):
        pass

    def die(**more: Any) -> int:
        if Notification.objects.filter(event="digest").exists():
            raise Killed
        return send(**more)

    with monkeypatch.context() as patch:
        patch.setattr(notifications.actions, "send", die)
        with pytest.raises(Killed):
            digests.send_due(now=EIGHT)
    assert len(told("digest")) == 1
    assert digests.send_due(now=EIGHT + timedelta(minutes=5)) == 1
    assert sorted(mail.to for mail in told("digest")) == [
        "team@worcester-city.demo", "team@wychavon.demo",
    ]  # fmt: skip


def test_the_statements_do_not_grow_with_the_work(world: World) -> None:
    def statements(day: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert digests.send_due(now=EIGHT + timedelta(days=day)) == 1
        return len(captured)

    new_case()
    few = statements(0)
    for _ in range(20):
        new_case()
    assert statements(1) == few
