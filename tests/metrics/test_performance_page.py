"""The performance page: figures with their words, and from each down to its enquiries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import accounts.actions
from accounts.models import User
from accounts.permissions import Role
from core.audit import SYSTEM
from desk.performance_fair import fairly
from enquiries.models import SurveyAnswer
from metrics import queries, rollups, sums
from metrics.models import EnquiryFact
from metrics.queries import Chosen
from metrics.queries_fair import compared
from metrics.sums import Cells, Counted, Group
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db
PAGE = "/desk/performance/"
SignIn = Callable[[User], Client]


def facts(world: World, verdicts: str, **more: object) -> None:
    """A fact for each letter: s success, f failure (chased), p pending, x left out."""
    kinds = {
        "s": ("success", "", ""),
        "f": ("failure", "progress_chasing", "partner:wychavon"),
        "p": ("pending", "", ""),
        "x": ("excluded", "duplicate", ""),
    }
    for index, letter in enumerate(verdicts):
        enquiry_id = ask(triaged=False).enquiries[0]
        kind, reason, owner = kinds[letter]
        start = NOW - timedelta(days=30, minutes=index)
        fields: dict[str, object] = {
            "enquiry_id": enquiry_id.enquiry_id, "reference": enquiry_id.reference,
            "channel": "phone", "service": "missed-bin", "klass": "REQUEST",
            "organisation": "wychavon", "linkable": True, "self_service": False,
            "first_contact": "1", "started_at": start, "opened_at": start,
            "last_contact_at": start, "last_recorded_at": start, "unfinished": False,
            "window_end": start,
            "verdict": kind, "reason": reason, "owner": owner,
            "recontacts": int(letter == "f"), "recontacted": letter == "f", "broken": letter == "f",
            "capped": False, "version": "OSR-1.0", "folded_at": NOW,
        }  # fmt: skip
        EnquiryFact.objects.create(**(fields | more))
    rollups.keep()


@pytest.fixture
def partner_manager(world: World) -> User:
    user = accounts.actions.create_user(
        email="manager@wychavon.demo", password="correct horse battery",
        full_name="Wyn Manager", actor=SYSTEM, now=NOW,
    )  # fmt: skip
    accounts.actions.grant(
        user=user, organisation=world.organisations["wychavon"], role=Role.MANAGER,
        team=None, from_on=date(2026, 1, 1), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return user


def links(page: str) -> list[str]:
    """Where the links of a page go."""
    return [href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+)"', page)]


def test_the_first_words_say_whether_the_promise_is_kept(world: World, client_for: SignIn) -> None:
    facts(world, "s" * 18 + "f" * 12 + "pppx")

    page = client_for(world.manager).get(PAGE).content.decode()

    assert "60% were settled in one stop: short of the 80% we promise" in page
    assert "30 enquiries are decided, 3 are still open" in page
    assert "OSR-1.0" in page


def test_each_figure_opens_exactly_its_enquiries(world: World, client_for: SignIn) -> None:
    facts(world, "sssffpx")
    client = client_for(world.manager)
    page = client.get(PAGE).content.decode()

    for verdict, count in (("success", 3), ("failure", 2), ("pending", 1), ("excluded", 1)):
        href = next(h for h in links(page) if f"verdict={verdict}" in h)
        listed = client.get(href).content.decode()
        assert len(re.findall(r"/desk/cases/WH", listed)) == count


def test_the_reason_in_the_agenda_opens_its_enquiries(world: World, client_for: SignIn) -> None:
    facts(world, "sff")
    client = client_for(world.manager)
    page = client.get(PAGE).content.decode()

    href = next(h for h in links(page) if "reason=progress_chasing" in h)
    listed = client.get(href).content.decode()

    assert "owner=partner%3Awychavon" in href
    assert "Not one stop: had to ask how it was going, to be mended by Wychavon" in listed
    assert listed.count("/desk/cases/WH") == 2


def test_what_broke_it_this_week_opens_its_enquiries(world: World, client_for: SignIn) -> None:
    facts(world, "sfff")
    now = timezone.now()
    facts(world, "sf", window_end=now - timedelta(days=2))
    facts(world, "f", window_end=now - timedelta(days=3), reason="late", owner="service")
    client = client_for(world.manager)

    page = client.get(PAGE).content.decode()
    found = [h for h in links(page) if "decided_from=" in h]

    assert "2 of the 3 enquiries decided in the last seven days were not one stop" in page
    for address, count in (("verdict=decided", 3), ("reason=late", 1), ("reason=progress", 1)):
        href = next(h for h in found if address in h)
        listed = client.get(href).content.decode()
        assert len(re.findall(r"/desk/cases/WH", listed)) == count
        assert "decided since" in listed


def test_who_has_the_harder_enquiries_is_not_the_worse_for_it() -> None:
    def rows(questions: tuple[int, int], requests: tuple[int, int]) -> Cells:
        found = []
        for klass, numbers in (("INFORM", questions), ("REQUEST", requests)):
            for kind, n in zip(("success", "failure"), numbers, strict=True):
                group = Group(
                    klass, "phone", True, False, kind, None, None, False, False, False, None, None
                )
                found.append(Counted(group, n))
        return sums.of(found).cells

    # Both answer 9 of 10 questions and settle half of their requests; their mixes differ.
    easy, hard = compared({"easy": rows((90, 10), (5, 5)), "hard": rows((9, 1), (50, 50))})

    assert easy.slice.measures.osr.linked == pytest.approx(95 / 110)
    assert hard.slice.measures.osr.linked == pytest.approx(59 / 110)
    assert easy.adjusted.value == hard.adjusted.value == pytest.approx(0.7)
    words = fairly([easy, hard], {"easy": "Easy Council", "hard": "Hard Council"})
    assert "would have 70%" in words


def test_a_filter_in_the_address_narrows_everything(world: World, client_for: SignIn) -> None:
    facts(world, "ss")
    facts(world, "fff", channel="sms")

    page = client_for(world.manager).get(f"{PAGE}?channel=sms").content.decode()

    assert "3 enquiries are decided" in page
    assert "Take away filter" in page


def test_a_day_that_cannot_be_read_is_said_at_its_field(world: World, client_for: SignIn) -> None:
    page = client_for(world.manager).get(f"{PAGE}?from=31/12/2026&to=never")

    assert page.status_code == 200
    assert "Write a day such as 2026-01-31" in page.content.decode()


def test_a_time_without_anybody_says_what_to_do(world: World, client_for: SignIn) -> None:
    page = client_for(world.manager).get(f"{PAGE}?from=2001-01-01&to=2001-01-02").content.decode()

    assert "Nobody got in touch in this time" in page
    assert "Show everything" in page


def test_where_nobody_can_be_linked_the_page_says_at_most(world: World, client_for: SignIn) -> None:
    facts(world, "ssf", linkable=False)

    page = client_for(world.manager).get(PAGE).content.decode()

    assert "At most 67% were settled in one stop" in page


def test_a_partners_manager_sees_only_their_own(
    world: World, partner_manager: User, client_for: SignIn
) -> None:
    facts(world, "ss")
    facts(world, "fffff", organisation="worcester-city", channel="web")
    client = client_for(partner_manager)

    page = client.get(PAGE).content.decode()
    listed = client.get(f"{PAGE}enquiries/?organisation=worcester-city").content.decode()

    assert "2 enquiries are decided" in page
    assert "No enquiry is behind this figure" in listed
    assert "/desk/cases/" not in client.get(f"{PAGE}enquiries/").content.decode()


def test_the_door_opens_for_managers_alone(world: World, client_for: SignIn) -> None:
    for path in (PAGE, f"{PAGE}enquiries/"):
        assert client_for(world.officer).get(path).status_code == 404
        assert client_for(world.agent).get(path).status_code == 404
        assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_the_list_turns_its_pages_without_losing_or_doubling(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts(world, "s" * 7)
    monkeypatch.setattr(queries, "PAGE", 3)
    viewer = world.viewer(world.manager)
    seen: list[str] = []
    page = queries.enquiries(viewer, Chosen())
    while page.after:
        seen += [row.reference for row in page.rows]
        page = queries.enquiries(viewer, Chosen(), after=page.after)
    seen += [row.reference for row in page.rows]

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("after", ["x", "2026-01-01_1", "2026-01-01T10:00:00+00:00_x", "_"])
def test_an_address_of_a_page_that_never_was_is_not_found(
    world: World, client_for: SignIn, after: str
) -> None:
    page = client_for(world.manager).get(f"{PAGE}enquiries/", {"after": after})

    assert page.status_code == 404


def test_the_page_costs_the_same_with_more_enquiries(world: World, client_for: SignIn) -> None:
    client = client_for(world.manager)
    facts(world, "sf")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    facts(world, "sfpx" * 5, channel="web")
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert len(few) == len(many) <= 17


def test_what_people_say_stands_beside_the_rate_with_the_gap(
    world: World, client_for: SignIn
) -> None:
    facts(world, "sssf")
    client = client_for(world.manager)
    for answer in ("yes", "no"):
        SurveyAnswer.objects.create(
            key=answer, end_point="done", channel="email", answer=answer, at=NOW, changed_at=NOW
        )
    address = f"{PAGE}?from={NOW.date() - timedelta(days=60)}"

    assert "; 25 in a hundred fewer than we count" in client.get(address).content.decode()
