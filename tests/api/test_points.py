"""Points on the map by API: placed where they lie, refused by field where they are not ours."""

from __future__ import annotations

import pytest

from accounts.models import Organisation
from enquiries.models import Enquiry
from tests.api.conftest import BIN
from tests.outbox import run_outbox

pytestmark = pytest.mark.django_db
WORCESTER = {"latitude": 52.19312, "longitude": -2.22074}
BIRMINGHAM = {"latitude": 52.4796, "longitude": -1.9026}


def test_a_point_alone_finds_who_acts(system):
    sender = system()
    answer = sender.send({**BIN, "place": WORCESTER})
    assert answer.status_code == 201
    assert answer.json()["owner"]["slug"] == "worcester-city"
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert (enquiry.latitude, enquiry.longitude) == (52.19312, -2.22074)
    assert enquiry.district_code == "E07000237"
    seen = sender.get(f"enquiries/{enquiry.reference}/").json()
    assert seen["owner"]["slug"] == "worcester-city"


def test_the_point_reaches_who_must_act_as_it_was_sent(system):
    system().send({**BIN, "place": {**WORCESTER, "postcode": "WR11 3DA"}})
    run_outbox()
    (offer,) = system("worcester-city").get("referrals/").json()["results"]
    place = offer["enquiry"]["place"]
    assert (place["latitude"], place["longitude"]) == (52.19312, -2.22074)
    assert place["postcode"] == "WR11 3DA"


def test_a_point_outside_the_county_names_the_field_and_whom_to_ask(system):
    Organisation.objects.filter(slug="hub").update(phone="01632 960000")
    body = system().send({**BIN, "place": BIRMINGHAM}).json()
    assert body["code"] == "point_outside"
    assert body["errors"] == {"place.latitude": [body["detail"]]}
    assert body["detail"] == (
        "This point on the map is outside Worcestershire. Check it, or ask the council for that "
        "area. If you are not sure, ring Worcestershire Hub on 01632 960000"
    )
    assert not Enquiry.objects.exists()


def test_a_refused_key_can_be_sent_again_with_the_right_point(system):
    sender = system()
    assert sender.send({**BIN, "place": BIRMINGHAM}, key="a1").status_code == 422
    assert sender.send({**BIN, "place": WORCESTER}, key="a1").status_code == 201
    assert sender.send({**BIN, "place": WORCESTER}, key="a1")["Idempotent-Replayed"] == "true"
    assert Enquiry.objects.count() == 1
