"""What the hub's desk does with referrals on the page of a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Viewer
from enquiries.actions import attachments
from enquiries.models import Enquiry
from tests.desk.steps import act, text
from tests.referrals.steps import (
    LATER,
    accept,
    lines,
    new_case,
    now_of,
    owner_of,
    reject,
    send,
    with_,
)
from tests.referrals.test_pictures import PDF
from tests.world import World

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


def page_of(case: Enquiry) -> str:
    return f"/desk/cases/{case.reference}/"


@pytest.fixture
def desk(world: World, client_for: Clients) -> Client:
    return client_for(world.agent)


def test_one_more_organisation_is_asked_beside_who_has_it(desk: Client, constable: Viewer) -> None:
    case = new_case()
    assert "Beside who has it now" in text(desk.get(f"{page_of(case)}?act=refer"))
    act(desk, page_of(case), "refer", organisation="west-mercia-police", beside="on")
    assert {with_(case, slug).status for slug in ("wychavon", "west-mercia-police")} == {"offered"}


def test_where_nobody_has_it_there_is_nobody_to_ask_beside(desk: Client, world: World) -> None:
    case = new_case(service="allotments")
    page = text(desk.get(f"{page_of(case)}?act=refer"))
    assert "Why they? (they read this)" in page
    assert "Beside who has it now" not in page


def test_who_sends_it_in_a_circle_is_told_who_decides(desk: Client, officer: Viewer) -> None:
    case = new_case()
    reject(case, officer)
    assert act(desk, page_of(case), "refer", organisation="wychavon").status_code == 303
    assert "a duty manager decides" in text(desk.get(page_of(case)))
    assert now_of(case).disputed_at is not None


def test_one_press_follows_a_suggestion_but_never_back_to_who_rejected_it(
    desk: Client, agent: Viewer, officer: Viewer, outsider: Viewer
) -> None:
    case = new_case()
    reject(case, officer, "worcester-city")
    page = text(desk.get(page_of(case)))
    assert "Send to Worcester City Council" in page
    assert "as Wychavon suggests" in page
    first = with_(case, "wychavon").public_id
    act(desk, f"{page_of(case)}referrals/{first}/", "send")
    assert owner_of(case) == "worcester-city"

    reject(case, outsider, "wychavon")
    # Both have said no: the duty manager may follow either.
    assert "Send to Wychavon District Council" in text(desk.get(page_of(case)))


def test_a_no_of_the_hub_needs_its_next_step(desk: Client, world: World) -> None:
    case = new_case()
    answer: dict[str, Any] = {"outcome": "decided_no", "words": "It is private land"}
    refused = text(act(desk, page_of(case), "resolve", **answer))
    assert "Write what they can do next: it is a no" in refused
    assert "It is private land" in refused
    act(desk, page_of(case), "resolve", **answer, next_step="Ask the owner")
    assert now_of(case).public_words == "It is private land\n\nWhat you can do next: Ask the owner"
    assert lines(case, "resolved")[0].data["next_step"] == "Ask the owner"


def test_the_hub_sees_the_files_that_were_shared_with_it(
    desk: Client, officer: Viewer, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = new_case()
    for seen_by, name in (("us", "inner.pdf"), ("hub", "shared.pdf")):
        attachments.attach(
            public_id=with_(case, "wychavon").public_id, viewer=officer, name=name,
            content=PDF + seen_by.encode(), seen_by=seen_by, now=LATER,
        )  # fmt: skip
    page = text(desk.get(page_of(case)))
    assert "shared.pdf" in page
    assert "inner.pdf" not in page


def test_the_citizen_reads_who_decided_and_where_to_turn(
    client: Client, desk: Client, agent: Viewer, officer: Viewer
) -> None:
    case = new_case()
    accept(case, officer)
    from enquiries.lifecycle import Outcome
    from tests.referrals.steps import complete

    complete(case, officer, "It is private land", Outcome.DECIDED_NO, next_step="Ask the owner")
    page = text(client.get(f"/track/{case.reference}/{case.secret}/"))
    assert "Decided by Wychavon District Council" in page
    assert "What you can do next: Ask the owner" in page
    assert "If you do not agree" in page
    assert "takes your complaint" in page


def test_the_page_takes_as_many_statements_for_ten_referrals_as_for_two(
    desk: Client, agent: Viewer, officer: Viewer, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case = new_case()

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page_of(case)).status_code == 200
        return len(captured)

    send(case, "worcester-city", agent)
    statements()
    few = statements()
    for _ in range(4):
        send(case, "wychavon", agent)
        send(case, "worcester-city", agent)
    assert statements() == few
