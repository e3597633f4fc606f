"""A partner's notice answers nobody else's enquiries: its own area, and what is sent to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accounts.permissions import Viewer
from enquiries.inbound import Place
from enquiries.queries import destinations, notice_spots
from kb import actions_notices, queries_notices
from kb.actions_notices import NoticeRefused, NoticeSaid
from kb.models import Notice
from tests.answers.steps import editor
from tests.nearby.steps import EAST, NORTH
from tests.nearby.test_notices_desk import DRAFT, sent
from tests.world import NOW, World

pytestmark = pytest.mark.django_db

SAID = NoticeSaid(
    organisation="wychavon",
    kind="outage",
    title="No bins are emptied in Evesham",
    words="The lorry is broken.",
    services=("missed-bin",),
    starts_at=NOW,
    area_codes=("E07000238",),
)
AROUND = {"area_codes": (), "latitude": NORTH, "longitude": EAST, "radius_m": 500, "spot": "Here"}
IN_WORCESTER = {"latitude": 52.1936, "longitude": -2.2216}


@pytest.fixture
def writer(world: World) -> Viewer:
    return world.viewer(editor(world, "wychavon"))


def written(who: Viewer, **said: Any) -> Notice:
    """Drafted and published by somebody, of what the rules send to their organisation."""
    routed = destinations.services_of(who.organisation_id)
    notice = actions_notices.draft(replace(SAID, **said), viewer=who, routed=routed, now=NOW)
    return actions_notices.publish(public_id=notice.public_id, viewer=who, routed=routed, now=NOW)


@pytest.mark.parametrize("where", [{}, {"area_codes": ("E05007940",)}, AROUND])
def test_a_district_speaks_for_its_own_area(writer: Viewer, where: dict[str, Any]) -> None:
    assert written(writer, **where).published_at == NOW


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"everywhere": True, "area_codes": ()}, "where"),
        ({"area_codes": ("E07000237",)}, "areas"),
        ({"area_codes": ("E07000238", "E07000237")}, "areas"),
        ({"area_codes": ("E10000034",)}, "areas"),
        ({"area_codes": ("nowhere",)}, "areas"),
        ({**AROUND, **IN_WORCESTER}, "postcode"),
        ({"services": ("pothole",)}, "services"),
        ({"services": ("missed-bin", "pothole")}, "services"),
    ],
)
def test_and_for_no_other(writer: Viewer, said: dict[str, Any], field: str) -> None:
    with pytest.raises(NoticeRefused) as refused:
        written(writer, **said)
    assert refused.value.field == field
    assert not Notice.objects.exists()


def test_the_county_speaks_everywhere_of_what_is_sent_to_it(world: World) -> None:
    county = world.viewer(editor(world, "worcestershire-county"))
    named = {"organisation": "worcestershire-county", "everywhere": True, "area_codes": ()}
    assert written(county, services=("pothole",), **named).published_at == NOW
    with pytest.raises(NoticeRefused, match="services that are sent to you"):
        written(county, **named)


def test_a_notice_cannot_become_about_others_later(writer: Viewer) -> None:
    notice = written(writer)
    routed = destinations.services_of(writer.organisation_id)
    for said in ({"everywhere": True}, {"services": ("pothole",)}):
        with pytest.raises(NoticeRefused):
            actions_notices.change(
                replace(SAID, **said),
                public_id=notice.public_id,
                seen=notice.version,
                viewer=writer,
                routed=routed,
                now=NOW,
            )


def test_a_draft_about_others_is_not_published_by_who_may_not_write_it(
    world: World, writer: Viewer
) -> None:
    hub = world.viewer(world.manager)
    wide = replace(SAID, everywhere=True, area_codes=())
    notice = actions_notices.draft(wide, viewer=hub, now=NOW)
    with pytest.raises(NoticeRefused, match="your own area"):
        actions_notices.publish(
            public_id=notice.public_id, viewer=writer, routed=("missed-bin",), now=NOW
        )
    assert actions_notices.publish(public_id=notice.public_id, viewer=hub, now=NOW).published_at


def test_a_circle_ends_at_the_border(world: World, writer: Viewer) -> None:
    written(writer, **{**AROUND, "radius_m": 50_000})
    for place, is_there in ((Place(postcode="WR11 3DA"), True), (Place(postcode="WR1 3EZ"), False)):
        spot = notice_spots.of(place)
        assert bool(queries_notices.current("missed-bin", spot, now=NOW)) == is_there


def test_the_page_offers_a_partner_its_own_and_refuses_the_rest(
    world: World, client_for: Any
) -> None:
    client = client_for(editor(world, "wychavon"))
    page = client.get("/desk/notices/new/").content.decode()
    assert 'value="missed-bin"' in page
    assert 'value="E07000238"' in page
    assert 'value="pothole"' not in page
    assert 'value="E07000237"' not in page
    assert 'value="everywhere"' not in page
    for fields in ({"where": "everywhere"}, {"services": ["pothole"]}, {"areas": ["E07000237"]}):
        assert sent(client, "/desk/notices/new/", **{**DRAFT, **fields}).status_code == 200
    outside = {"where": "around", "postcode": "WR1 3EZ", "radius": "500"}
    answer = sent(client, "/desk/notices/new/", **{**DRAFT, **outside})
    assert "This postcode is outside your area" in answer.content.decode()
    assert not Notice.objects.exists()
    hub = client_for(world.manager).get("/desk/notices/new/").content.decode()
    assert 'value="everywhere"' in hub
    assert 'value="pothole"' in hub
