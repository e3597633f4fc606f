"""A point on the map through intake: its areas, its metres, what is in doubt, and who decides."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import grid
from accounts.atlas import Plane
from accounts.boundaries import NotAPoint, PointOutside
from accounts.models import Boundary, Postcode
from enquiries import intake
from enquiries.actions import triage
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place
from enquiries.models import Enquiry
from enquiries.queries import ledger
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
# Wychavon east of this meridian, Worcester west of it; the postcodes of the world are far away.
BORDER, LATITUDE = -2.1, 52.15
EAST_OF = Plane.at(LATITUDE).east


def at(metres: float) -> tuple[float, float]:
    """So many metres east of the border."""
    return LATITUDE, BORDER + metres / EAST_OF


def _square(west: float, east: float) -> dict[str, Any]:
    ring = [[west, 52.0], [east, 52.0], [east, 52.3], [west, 52.3], [west, 52.0]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def bordered(world: World) -> World:
    for code, edge in [
        ("E07000237", _square(-2.4, BORDER)),
        ("E07000238", _square(BORDER, -1.8)),
    ]:
        Boundary.objects.create(area_code=code, geometry=edge, imported_at=NOW)
    return world


def told(place: Place, service: str = "missed-bin", key: str = "k") -> Enquiry:
    received = intake.receive(
        InboundContact(
            channel=Channel.API,
            external_id=key,
            received_at=NOW,
            needs=(Need("It was not emptied", service=service, place=place),),
        ),
        now=NOW,
    )
    (one,) = received.enquiries
    triage.triage(enquiry_id=one.enquiry_id, now=NOW)
    return Enquiry.objects.get(pk=one.enquiry_id)


def test_a_point_is_placed_and_sent_to_who_acts_there(bordered: World) -> None:
    spot = at(500)
    enquiry = told(Place(latitude=spot[0], longitude=spot[1]))
    assert (enquiry.latitude, enquiry.longitude) == spot
    assert (enquiry.easting, enquiry.northing) == grid.to_grid(*spot)
    assert (enquiry.district_code, enquiry.beside_code) == ("E07000238", "")
    assert (enquiry.postcode, enquiry.place_doubt) == ("", "")
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "wychavon"


def test_a_point_too_near_the_border_is_left_to_a_person_with_both_names(bordered: World) -> None:
    enquiry = told(Place(latitude=at(8)[0], longitude=at(8)[1]))
    assert (enquiry.district_code, enquiry.beside_code) == ("E07000238", "E07000237")
    assert enquiry.place_doubt == (
        "8 m from the border of Wychavon and Worcester, too near to tell which"
    )
    assert enquiry.owner == bordered.organisations["hub"]
    assert enquiry.routing_reason == (
        "8 m from the border of Wychavon and Worcester, too near to tell which: Wychavon District "
        "Council or Worcester City Council. Ask somebody"
    )


def test_what_both_sides_agree_on_is_sent_all_the_same(bordered: World) -> None:
    enquiry = told(Place(latitude=at(8)[0], longitude=at(8)[1]), service="pothole")
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "worcestershire-county"
    assert enquiry.beside_code == "E07000237"


def test_the_point_decides_over_the_postcode_and_the_difference_is_said(bordered: World) -> None:
    enquiry = told(Place("WR1 3EZ", latitude=at(500)[0], longitude=at(500)[1]))
    assert (enquiry.district_code, enquiry.postcode) == ("E07000238", "WR1 3EZ")
    assert (enquiry.easting, enquiry.northing) == grid.to_grid(*at(500))
    assert enquiry.place_doubt == "The point is in Wychavon, the postcode WR1 3EZ in Worcester"
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "wychavon"


def test_a_point_and_a_postcode_of_one_district_leave_no_doubt(bordered: World) -> None:
    enquiry = told(Place("WR11 3DA", latitude=at(500)[0], longitude=at(500)[1]))
    assert (enquiry.district_code, enquiry.place_doubt) == ("E07000238", "")


def test_without_boundaries_the_nearest_postcodes_place_it(world: World) -> None:
    enquiry = told(Place(latitude=52.1932, longitude=-2.2207))
    assert (enquiry.district_code, enquiry.ward_code) == ("E07000237", "E05007900")


def test_without_any_reference_data_nothing_is_lost(world: World) -> None:
    Postcode.objects.all().delete()
    enquiry = told(Place(latitude=52.1932, longitude=-2.2207))
    assert enquiry.district_code == ""
    assert enquiry.owner == world.organisations["hub"]
    assert "we know no postcode near this point" in enquiry.routing_reason


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (Place(latitude=52.48, longitude=-1.90), PointOutside),
        (Place("WR11 3DA", latitude=52.48, longitude=-1.90), PointOutside),
        (Place(latitude=-2.2, longitude=52.1), NotAPoint),
        (Place(latitude=float("nan"), longitude=-2.2), NotAPoint),
        (Place(latitude=52.1), NotAPoint),
        (Place("WR11 3DA", longitude=-2.2), NotAPoint),
    ],
)
def test_what_is_no_point_of_ours_is_refused_and_nothing_is_stored(
    world: World, place: Place, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        told(place)
    assert not Enquiry.objects.exists()


def test_a_long_doubt_is_stored_as_far_as_there_is_room(bordered: World) -> None:
    from accounts.models import Area

    for area in Area.objects.filter(kind="district"):
        Area.objects.filter(pk=area.pk).update(name=f"{area.name} {'x' * 60}")
    enquiry = told(Place("WR1 3EZ", latitude=at(8)[0], longitude=at(8)[1]))
    assert len(enquiry.place_doubt) == 200


def test_the_ledger_says_approximate_of_a_postcode_and_not_of_a_point(bordered: World) -> None:
    pointed = told(Place(latitude=at(500)[0], longitude=at(500)[1]), key="point")
    both = told(Place("WR11 3DA", latitude=at(700)[0], longitude=at(700)[1]), key="both")
    posted = told(Place("WR11 3DA"), key="postcode")
    nowhere = told(Place(address="By the bridge"), key="nowhere")

    lines = list(ledger.ledger([one.pk for one in (pointed, both, posted, nowhere)]))
    places = {line["id"]: line["place"] for line in lines if line["type"] == "enquiry"}
    assert places[pointed.pk] == {"e": pointed.easting, "n": pointed.northing}
    assert places[both.pk] == {"e": both.easting, "n": both.northing}
    assert places[posted.pk] == {"e": 403500, "n": 243900, "approx": True}
    assert places[nowhere.pk] is None
    received = [line for line in lines if line.get("event") == "received"]
    assert all("pointed" not in line for line in received)
