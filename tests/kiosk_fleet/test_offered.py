"""What an administrator leaves out at a device is not there, and where else it is is said."""

from __future__ import annotations

from typing import Any

import pytest

from kb.queries import by_group
from kiosks.models import Kiosk
from tests.kiosk.conftest import Visitor, _loaded, partnership, site
from tests.kiosk_device import enrolled

__all__ = ["_loaded", "partnership", "site"]
POTHOLE = 'name="service" value="pothole"'
MISSED_BIN = 'name="service" value="missed-bin"'


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(enrolled(site).client)


def leave_out(*slugs: str) -> None:
    Kiosk.objects.update(hidden_services=list(slugs))


def slugs(page: Any) -> str:
    return str(page.content.decode())


def test_a_service_that_is_left_out_is_in_no_list_and_its_button_says_where_else(visitor):
    visitor.open("start/")
    assert POTHOLE in slugs(visitor.open("about/roads/roads-and-pavements/"))
    assert POTHOLE in slugs(visitor.post("search/", q="pothole"))
    visitor.open("answers/bin-not-emptied/")
    assert MISSED_BIN in slugs(visitor.page)
    assert "cannot be done at this kiosk" not in visitor.text
    leave_out("pothole", "missed-bin")
    assert POTHOLE not in slugs(visitor.open("about/roads/roads-and-pavements/"))
    assert POTHOLE not in slugs(visitor.post("search/", q="pothole"))
    visitor.open("answers/bin-not-emptied/")
    assert MISSED_BIN not in slugs(visitor.page)
    assert "service=missed-bin" not in visitor.text
    assert "This cannot be done at this kiosk. Do it on a phone or a computer at" in visitor.text
    # A page of before, or an address that somebody kept.
    visitor.post("about/", service="pothole")
    assert "Not at this kiosk" in visitor.text
    visitor.post("about/", service="fly-tipping")
    assert "Not at this kiosk" not in visitor.text


def test_a_group_of_which_nothing_is_left_is_not_there(visitor):
    visitor.open("start/")
    rows = dict(by_group())["Roads and pavements"]
    leave_out(*(row.slug for row in rows))
    assert "Roads and pavements" not in slugs(visitor.open("about/roads/"))
    visitor.open("about/roads/roads-and-pavements/")
    assert visitor.at == "/kiosk/about/"
