"""The queue: due first, narrowed by its address, as quick with fifty rows as with five."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enquiries.inbound import Sender
from enquiries.models import Enquiry
from tests.desk.steps import people_like, text
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


def _unplaced(number: int) -> Enquiry:
    return enquiry_of(
        ask(
            service=None,
            words=f"Unheard of, number {number}",
            postcode="",
            sender=Sender(name=f"Person {number}", email=f"p{number}@example.com"),
        )
    )


def _link(page: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    assert found is not None
    return html.unescape(found[1])


def _references(page: str) -> list[str]:
    return re.findall(r'id="case-(WH[^"]+)"', page)


def _statements(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_queue_and_a_case_take_as_many_statements_for_fifty_rows_as_for_five(world, client_for):
    client = client_for(world.agent)
    first = _unplaced(0)
    for number in range(1, 5):
        _unplaced(number)
    paths = [
        "/desk/",
        "/desk/?view=all",
        f"/desk/cases/{first.reference}/",
        people_like(client, "Person", follow=False),
    ]
    for path in paths:  # what a process reads once and remembers is no row's
        client.get(path)
    few = [_statements(client, path) for path in paths]
    for number in range(5, 50):
        _unplaced(number)
    assert [_statements(client, path) for path in paths] == few


def test_the_queue_takes_a_fixed_number_of_statements(
    world, client_for, django_assert_max_num_queries
):
    for number in range(5):
        _unplaced(number)
    client = client_for(world.agent)
    client.get("/desk/")  # what a process reads once and remembers is no page's
    # One of them asks who waits for help at a kiosk: that stands on every page of who may come.
    with django_assert_max_num_queries(13):
        client.get("/desk/")


def test_pages_follow_each_other_without_counting(world, client_for):
    for number in range(30):
        _unplaced(number)
    client = client_for(world.agent)
    with CaptureQueriesContext(connection) as captured:
        first = text(client.get("/desk/"))
    assert not any("count(" in query["sql"].lower() for query in captured)
    assert first.count("hub-rows__row ") == 25
    onward = _link(first, "next")
    assert 'rel="prev"' not in first
    second = text(client.get(f"/desk/{onward}"))
    assert second.count("hub-rows__row ") == 5
    assert 'rel="next"' not in second
    assert not set(_references(first)) & set(_references(second))
    back = text(client.get(f"/desk/{_link(second, 'prev')}"))
    assert _references(back) == _references(first)
    assert 'rel="prev"' not in back


def test_a_filter_lives_in_the_address_and_can_be_taken_away(world, client_for):
    waits = _unplaced(1)
    sent = enquiry_of(ask())
    client = client_for(world.agent)
    page = text(client.get("/desk/?view=all&organisation=wychavon&service=missed-bin"))
    assert sent.reference in page
    assert f"/desk/cases/{waits.reference}/" not in page.split("hub-rows", 1)[1]
    assert "Take away filter" in page
    assert "Nothing fits these filters" in text(client.get("/desk/?view=all&status=closed"))


def test_what_is_asked_wrongly_finds_nothing_instead_of_everything(world, client_for):
    waits = _unplaced(1)
    client = client_for(world.agent)
    for wrong in ("service=bogus", "text=\N{GRINNING FACE}", "text=;;", "clock=never"):
        page = text(client.get(f"/desk/?view=all&{wrong}"))
        assert f"/desk/cases/{waits.reference}/" not in page, wrong
        assert "asks for something that is not there" in page, wrong
        chosen = client.post(f"/desk/together/?view=all&{wrong}", {"do": "take", "all": "on"})
        assert chosen.status_code == 303, wrong


def test_a_reference_in_the_search_opens_its_case_wherever_it_is(world, client_for):
    case = _unplaced(1)
    case.refresh_from_db()
    client = client_for(world.agent)
    response = client.get("/desk/", {"text": case.reference.lower().replace("-", "")})
    assert response["Location"] == f"/desk/cases/{case.reference}/"


def test_the_top_line_says_what_to_do_next_and_why(world, client_for):
    client = client_for(world.agent)
    assert "Nothing waits for you" in text(client.get("/desk/"))
    mine, late = _unplaced(1), _unplaced(2)
    client.post(f"/desk/cases/{mine.reference}/take/")
    page = text(client.get("/desk/"))
    assert f"{mine.reference}</a>.</strong> It is yours" in page
    Enquiry.objects.filter(pk=late.pk).update(due_at=late.received_at - timedelta(days=400))
    page = text(client.get("/desk/"))
    assert f"{late.reference}.</strong> Late by more than a year" in page


def test_a_row_is_taken_where_it_stands(world, client_for):
    case = _unplaced(1)
    client = client_for(world.agent)
    assert f"/desk/cases/{case.reference}/take/" in text(client.get("/desk/"))
    client.post(f"/desk/cases/{case.reference}/take/?view=unassigned")
    assert case.reference in text(client.get("/desk/?view=mine"))
    assert f"/desk/cases/{case.reference}/take/" not in text(client.get("/desk/"))


def test_an_odd_address_of_an_act_breaks_nothing(world, client_for):
    case = _unplaced(1)
    client = client_for(world.agent)
    assert client.post(f"/desk/cases/{case.reference}/take/?path=1&self=2").status_code == 303


def test_odd_addresses_show_the_queue_and_break_nothing(world, client_for):
    _unplaced(1)
    client = client_for(world.agent)
    for path in (
        "/desk/?page=0",
        "/desk/?page=-1",
        "/desk/?page=zwei",
        "/desk/?page=99999999",
        "/desk/?view=none&service=none&channel=none&status=none",
        "/desk/?text=%00%FF",
        "/desk/?text=" + "x" * 5000,
    ):
        assert client.get(path).status_code == 200, path
