"""Notices as their writers see them: drafted, published, changed by two, ended; each its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb.models import Notice
from tests.world import World

pytestmark = pytest.mark.django_db

DRAFT = {
    "organisation": "wychavon",
    "kind": "outage",
    "title": "No bins emptied in Evesham",
    "words": "A lorry has broken down.",
    "advice": "Leave your bin out.",
    "services": ["missed-bin"],
    "where": "areas",
    "areas": ["E07000238"],
    "start_day": "",
    "start_time": "",
    "end_day": "",
    "end_time": "",
}


def sent(client: Client, path: str, **fields: Any) -> Any:
    """A form filled in and sent, with the key that its page made."""
    from uuid import uuid4

    return client.post(path, {"key": str(uuid4()), **fields})


def drafted(client: Client, **fields: Any) -> Notice:
    answer = sent(client, "/desk/notices/new/", **{**DRAFT, **fields})
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    return Notice.objects.latest("pk")


def test_a_notice_is_drafted_published_and_ended(world: World, client_for: Any) -> None:
    client = client_for(world.manager)
    notice = drafted(client)
    page = f"/desk/notices/{notice.public_id}/"
    assert "Draft" in client.get(page).content.decode()
    assert sent(client, f"{page}publish/").status_code == 303
    notice.refresh_from_db()
    assert notice.published_at is not None
    assert sent(client, f"{page}end/", words="The lorry is back").status_code == 303
    notice.refresh_from_db()
    assert (notice.ended_at is not None, notice.end_words) == (True, "The lorry is back")
    assert "The lorry is back" in client.get(page).content.decode()
    assert "No bins emptied" in client.get("/desk/notices/").content.decode()


def test_a_partners_manager_writes_and_sees_its_own_alone(world: World, client_for: Any) -> None:
    from datetime import date

    import accounts.actions
    from accounts.models import Team
    from accounts.permissions import Role
    from core.audit import SYSTEM
    from tests.world import NOW

    body = world.organisations["worcester-city"]
    accounts.actions.grant(
        user=world.outsider,
        organisation=body,
        role=Role.MANAGER,
        team=Team.objects.get(organisation=body),
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    theirs = drafted(client_for(world.manager))
    city = client_for(world.outsider)
    assert city.get(f"/desk/notices/{theirs.public_id}/").status_code == 404
    assert sent(city, f"/desk/notices/{theirs.public_id}/publish/").status_code == 404
    refused = sent(city, "/desk/notices/new/", **DRAFT)
    assert refused.status_code == 200
    own = drafted(city, organisation="worcester-city", areas=["E07000237"])
    page = city.get("/desk/notices/").content.decode()
    assert f"/desk/notices/{own.public_id}/" in page
    assert str(theirs.public_id) not in page


def test_who_may_not_write_reads_and_has_no_page_to_write(world: World, client_for: Any) -> None:
    for person in (world.agent, world.officer):
        desk = client_for(person)
        assert "/desk/notices/new/" not in desk.get("/desk/notices/").content.decode()
        assert desk.get("/desk/notices/new/").status_code == 404
        assert sent(desk, "/desk/notices/new/", **DRAFT).status_code == 404


def test_the_later_of_two_is_shown_and_keeps_their_words(world: World, client_for: Any) -> None:
    client = client_for(world.manager)
    notice = drafted(client)
    page = f"/desk/notices/{notice.public_id}/"
    assert sent(client, page, **{**DRAFT, "words": "Mine", "seen": "1"}).status_code == 303
    late = sent(client, page, **{**DRAFT, "words": "Mine is later", "seen": "1"})
    text = late.content.decode()
    assert late.status_code == 200
    assert "A colleague changed this notice" in text
    assert "Mine is later" in text
    assert 'name="seen" value="2"' in text
    notice.refresh_from_db()
    assert notice.words == "Mine"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Write a title"),
        ({"title": "x" * 121}, "Use 120 characters or fewer"),
        ({"words": "\x00"}, "a character of it cannot be kept"),
        ({"services": []}, "Choose at least one service"),
        ({"services": ["no-such"]}, "Choose from the list"),
        ({"areas": []}, "Choose at least one area"),
        ({"where": "around"}, "Enter the postcode in the middle"),
        ({"where": "around", "postcode": "SW1A 1AA", "radius": "500"}, "outside Worcestershire"),
        ({"where": "around", "postcode": "WR11 3DA"}, "Choose how far around"),
        ({"end_day": "2026-03-29"}, "Enter the time too"),
        ({"end_day": "2026-03-29", "end_time": "01:30"}, "The clocks leave this hour out"),
        ({"end_day": "soon", "end_time": "late"}, "Write a day such as"),
        ({"ends_itself": "on"}, "Say when it ends"),
        ({"end_day": "2020-01-01", "end_time": "10:00"}, "The end must be after the start"),
    ],
)
def test_what_makes_no_notice_is_said_beside_its_field(
    world: World, client_for: Any, fields: dict[str, Any], words: str
) -> None:
    answer = sent(client_for(world.manager), "/desk/notices/new/", **{**DRAFT, **fields})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Notice.objects.count() == 0


def test_the_service_page_the_form_and_the_desk_say_it(world: World, client_for: Any) -> None:
    manager = client_for(world.manager)
    notice = drafted(manager)
    assert sent(manager, f"/desk/notices/{notice.public_id}/publish/").status_code == 303
    said = "A lorry has broken down."
    assert said in Client().get("/services/missed-bin/").content.decode()
    assert said not in Client().get("/services/pothole/").content.decode()
    agent = client_for(world.agent)
    started = sent(agent, "/desk/contact/", channel="phone")
    page = started.headers["Location"]
    assert said in agent.get(f"{page}?service=missed-bin").content.decode()
    assert said not in agent.get(f"{page}?service=pothole").content.decode()


def test_an_agent_shows_a_case_to_neighbours_and_takes_it_back(
    world: World, client_for: Any
) -> None:
    from enquiries.models import PublicNote
    from tests.nearby.steps import report

    one, agent = report(), client_for(world.agent)
    page = f"/desk/cases/{one.reference}/"
    assert "Show this to neighbours" in agent.get(page).content.decode()
    refused = sent(agent, f"{page}neighbours/", words="Ask Mr Marlow")
    assert "Leave out names" in refused.content.decode()
    assert sent(agent, f"{page}neighbours/", words="A hole in the left lane").status_code == 303
    assert PublicNote.objects.get().words == "A hole in the left lane"
    assert "A hole in the left lane" in agent.get(f"{page}?act=neighbours").content.decode()
    assert sent(agent, f"{page}neighbours/", hide="on").status_code == 303
    assert PublicNote.objects.get().hidden_at is not None
    bin_case = report(service="missed-bin", email="b@example.com")
    page = f"/desk/cases/{bin_case.reference}/"
    assert "Show this to neighbours" not in agent.get(page).content.decode()
    assert sent(agent, f"{page}neighbours/", words="A bin").status_code == 422
