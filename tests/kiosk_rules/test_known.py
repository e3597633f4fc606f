"""What everybody may know already: a device without its line shows what the server would show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import accounts.queries
from accounts import areas
from accounts.models import Postcode
from enquiries.inbound import Place
from enquiries.queries import notice_spots
from kb import queries_notices
from kb.models import Notice, Service
from tests.kiosk_rules.partnership import _loaded, _whole, kiosk, partnership, told

__all__ = ["_loaded", "_whole", "kiosk", "partnership"]
HERE = "WR11 4AA"
STANDING = """({known, places}, [content, county, rows, moments]) => rows.map((postcode) => {
  const {codes} = postcode ? places.look(county, postcode, "") : {codes: []};
  const at = (now) => known.standing(content.notices, "street-light", codes, now);
  return moments.map((now) => at(now).map((one) => one.title));
})"""


def a_notice(title: str, now: datetime, **said: Any) -> None:
    where = {} if {"area_codes", "radius_m"} & set(said) else {"everywhere": True}
    row = Notice.objects.create(
        organisation=accounts.queries.hub(),
        kind="outage",
        title=title,
        words="No light",
        published_at=now,
        changed_at=now,
        **{"starts_at": now - timedelta(hours=len(title)), **where, **said},
    )
    row.services.set(Service.objects.filter(slug="street-light"))


def test_what_stands_where_and_when_is_what_the_server_would_show(kiosk, run):
    now = timezone.now().replace(microsecond=0)
    here = areas.lookup(HERE)
    circle = {"latitude": here.latitude, "longitude": here.longitude, "spot": "the bridge"}
    a_notice("All", now)
    a_notice("Ends", now, ends_itself=True, expected_end_at=now + timedelta(hours=2))
    a_notice("Is late", now, expected_end_at=now + timedelta(hours=2))
    a_notice("To come", now, starts_at=now + timedelta(hours=1))
    a_notice("District", now, area_codes=[here.district_code])
    a_notice("Circle of it", now, radius_m=200, **circle)
    a_notice("Over by hand", now, ended_at=now)
    others = Postcode.objects.exclude(district_code=here.district_code).order_by("postcode")
    rows = [HERE, areas.spaced(others[0].postcode), ""]
    moments = [now, now + timedelta(hours=1, minutes=30), now + timedelta(hours=3)]
    ms = [int(one.timestamp() * 1000) for one in moments]
    bundle = told(kiosk, "en-gb")
    found = run(STANDING, [bundle, told(kiosk, "places"), rows, ms])
    for postcode, told_here in zip(rows, found, strict=True):
        spot = notice_spots.of(Place(postcode=postcode)) if postcode else None
        for moment, titles in zip(moments, told_here, strict=True):
            shown = queries_notices.current("street-light", spot, now=moment)
            assert titles == [one.title for one in shown], (postcode, moment)
    assert "Circle of it" in found[0][0]
    assert "Circle of it" not in found[1][0]
    assert found[0][0] != found[0][1] != found[0][2]
    (late,) = (one for one in bundle["notices"] if one["title"] == "Is late")
    assert (late["until"], late["expected"]) == (None, ms[0] + 2 * 3600 * 1000)
