"""A call for help that nobody answered is a contact that failed; no other call is one by itself."""

from __future__ import annotations

from datetime import timedelta

from channels.kiosk import in_vain
from enquiries.models import Contact
from kiosks import actions_help
from kiosks.models import Kiosk
from tests.begun.steps import Clock, clock, judged
from tests.kiosk.conftest import EVESHAM, Visitor, _loaded, enrolled, partnership, site, visitor

__all__ = ["_loaded", "clock", "enrolled", "partnership", "site", "visitor"]


def test_nobody_came_and_nothing_was_begun(visitor: Visitor, clock: Clock) -> None:
    visitor.open("start/")
    visitor.post("help/", act="call")
    kiosk = Kiosk.objects.get()
    clock.on(minutes=20)
    # One that was taken back, and one of a visit with a form, which is counted as such.
    actions_help.call(kiosk=kiosk, visit="back", language="", now=clock.now)
    actions_help.take_back(kiosk=kiosk, visit="back", now=clock.on(minutes=1))
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode=EVESHAM)
    visitor.post("help/", act="call")
    assert in_vain.count(now=clock.on(hours=23)) == 0
    later = clock.on(hours=2)
    assert [in_vain.count(now=later), in_vain.count(now=later)] == [1, 0]
    contact = Contact.objects.get()
    assert (contact.signals, contact.site_id) == (["help_pressed"], kiosk.site_id)
    assert contact.ended_at is not None
    assert contact.ended_at - contact.started_at == timedelta(minutes=10)
    (one,) = judged().values()
    assert (one.verdict.kind.value, one.verdict.reason) == ("failure", "abandoned_online")
    assert (one.channel, one.self_service) == ("kiosk", True)
