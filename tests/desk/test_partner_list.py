"""The officer's lists: by whose hands work is in, narrowed, due first, quick with many rows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.models import Team, User
from accounts.permissions import Role
from core.audit import SYSTEM
from core.references import new as new_reference
from enquiries.actions import referrals
from enquiries.inbound import Sender
from enquiries.models import Enquiry, Referral
from tests.desk.steps import act, text
from tests.world import PASSWORD, ask, enquiry_of

pytestmark = pytest.mark.django_db
LIST = "/desk/referrals/"


def offered(**more: Any) -> Referral:
    more.setdefault("at", timezone.now())
    return Referral.objects.get(enquiry=enquiry_of(ask(**more)))


def references(page: str) -> list[str]:
    """The references of the rows, in their order."""
    return re.findall(r'hub-rows__reference hub-tabular">([^<]+)<', page)


@pytest.fixture
def colleague(world) -> User:
    """Another officer of Wychavon, in the same team."""
    body = world.organisations["wychavon"]
    user = actions.create_user(
        email="cara@wychavon.demo",
        password=PASSWORD,
        full_name="Cara Colleague",
        actor=SYSTEM,
        now=timezone.now(),
    )
    actions.grant(
        user=user,
        organisation=body,
        role=Role.OFFICER,
        team=Team.objects.get(organisation=body, is_default=True),
        from_on=timezone.localdate() - timedelta(days=1),
        actor=SYSTEM,
        now=timezone.now(),
    )
    return user


def test_each_tab_holds_its_own_and_says_how_many(world, colleague, client_for):
    kinds = [offered(words=f"Number {number}") for number in range(4)]
    mine, theirs, waits, new = kinds
    now, me = timezone.now(), world.viewer(world.officer)
    referrals.accept(public_id=mine.public_id, viewer=me, now=now)
    referrals.accept(public_id=theirs.public_id, viewer=world.viewer(colleague), now=now)
    referrals.accept(public_id=waits.public_id, viewer=me, now=now)
    referrals.ask(public_id=waits.public_id, viewer=me, question="Which bin?", now=now)
    client = client_for(world.officer)
    pages = {tab: text(client.get(f"{LIST}?tab={tab}")) for tab in ("offered", "mine", "team")}
    waiting = text(client.get(f"{LIST}?tab=waiting"))
    assert references(pages["offered"]) == [new.enquiry.reference]
    assert references(pages["mine"]) == [mine.enquiry.reference]
    assert set(references(pages["team"])) == {mine.enquiry.reference, theirs.enquiry.reference}
    assert "Cara Colleague" in pages["team"]
    assert references(waiting) == [waits.enquiry.reference]
    assert "Stands still until they answer" in waiting
    case = text(client.get(f"{LIST}{waits.public_id}/"))
    times = case[case.index(">Times<") :]
    assert "Stands still until they answer" in times
    assert ">due " not in times  # what stands still has no moment yet
    counts = re.findall(r'class="hub-count">(\d+)<', waiting)
    assert counts == ["1", "1", "2", "1"]


def test_what_is_due_first_stands_first_and_says_how_long_in_working_hours(world, client_for):
    rows = [offered(words=f"Number {number}") for number in range(3)]
    now = timezone.now()
    for row, days in zip(rows, (9, 30, 2), strict=True):
        Referral.objects.filter(pk=row.pk).update(accept_due_at=now + timedelta(days=days))
    late = offered(words="Too late", at=now)
    Referral.objects.filter(pk=late.pk).update(accept_due_at=now - timedelta(days=8))
    page = text(client_for(world.officer).get(LIST))
    assert references(page) == [row.enquiry.reference for row in (late, rows[2], rows[0], rows[1])]
    assert re.search(r"hub-tag--late\">Late by \d working days<", page)
    assert re.search(r"\d+ working days left", page)


def test_a_filter_narrows_and_can_be_taken_away(world, client_for):
    body = world.organisations["wychavon"]
    streets = Team.objects.create(organisation=body, slug="streets", name="Streets")
    bin_row, tax_row = offered(), offered(service="council-tax-bill", words="My bill is wrong")
    Referral.objects.filter(pk=tax_row.pk).update(team=streets)
    Referral.objects.filter(pk=bin_row.pk).update(accept_due_at=timezone.now())
    client = client_for(world.officer)

    def shown(query: str) -> list[str]:
        return references(text(client.get(f"{LIST}?{query}")))

    assert shown("service=council-tax-bill") == [tax_row.enquiry.reference]
    assert shown(f"team={streets.pk}") == [tax_row.enquiry.reference]
    assert shown("late=on") == [bin_row.enquiry.reference]
    assert len(shown("service=nonsense&team=x&late=&size=7&page=0")) == 2
    page = text(client.get(f"{LIST}?service=council-tax-bill"))
    assert "Take away filter" in page
    assert "Service: Council tax bill" in page
    empty = text(client.get(f"{LIST}?tab=mine&service=council-tax-bill"))
    assert "Nothing fits these filters" in empty


def test_another_team_of_ours_can_be_looked_at_by_its_name(world, client_for):
    body = world.organisations["wychavon"]
    streets = Team.objects.create(organisation=body, slug="streets", name="Streets")
    row = offered()
    act(client_for(world.officer), f"{LIST}{row.public_id}/", "accept")
    Referral.objects.filter(pk=row.pk).update(team=streets)
    client = client_for(world.officer)
    assert references(text(client.get(f"{LIST}?tab=team"))) == []
    assert references(text(client.get(f"{LIST}?tab=team&team={streets.pk}"))) == [
        row.enquiry.reference
    ]


def test_a_reference_leads_to_its_page_from_any_tab(world, client_for):
    row = offered()
    client = client_for(world.officer)
    for typed in (row.enquiry.reference, row.enquiry.reference.lower().replace("-", " ")):
        answer = client.get(LIST, {"tab": "done", "text": typed})
        assert answer["Location"] == f"{LIST}{row.public_id}/"


def test_a_reference_of_others_reads_as_one_that_is_not_there(world, client_for):
    theirs = offered(postcode="WR1 3EZ")
    client = client_for(world.officer)

    def said(typed: str) -> str:
        page = text(client.get(LIST, {"text": typed}))
        assert "There is a problem" in page
        return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page).replace(typed, "…")

    foreign, unknown = said(theirs.enquiry.reference), said(new_reference())
    assert "You have no referral with the reference" in foreign
    assert foreign == unknown


@pytest.mark.parametrize("tab", ["offered", "mine", "team", "waiting", "done"])
def test_an_empty_tab_says_what_comes_there(world, client_for, tab):
    page = text(client_for(world.officer).get(f"{LIST}?tab={tab}"))
    assert "hub-empty__title" in page
    assert "data-choose-bar" not in page


def test_what_presses_is_marked_in_a_word(world, client_for):
    row = offered()
    Enquiry.objects.filter(pk=row.enquiry_id).update(priority="urgent")
    page = text(client_for(world.officer).get(LIST))
    assert 'hub-tag--late">Urgent<' in page


def test_a_page_holds_as_many_rows_as_asked_for_and_leads_on(world, client_for):
    for number in range(27):
        offered(words=f"Number {number}")
    client = client_for(world.officer)
    assert len(references(text(client.get(LIST)))) == 25
    second = text(client.get(f"{LIST}?page=2"))
    assert len(references(second)) == 2
    assert 'rel="prev"' in second
    assert len(references(text(client.get(f"{LIST}?size=50")))) == 27
    beyond = client.get(f"{LIST}?tab=offered&page=9")
    assert beyond["Location"] == "?tab=offered&page=1"


def test_pages_take_as_many_statements_for_forty_rows_as_for_three(world, client_for):
    client = client_for(world.officer)
    rows = [offered(words=f"Number {number}") for number in range(3)]
    one = f"{LIST}{rows[0].public_id}/"

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = [f"{LIST}?size=100", f"{LIST}?tab=done&size=100", one]
    few = [statements(path) for path in paths]
    for number in range(37):
        offered(words=f"More {number}", sender=Sender(name="Ann", email=f"a{number}@example.com"))
    assert [statements(path) for path in paths] == few
    assert few[0] <= 16
    assert few[2] <= 24
