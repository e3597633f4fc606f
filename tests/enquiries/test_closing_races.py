"""A citizen comes back in the very moment in which their enquiry is closed."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import resolutions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need
from enquiries.lifecycle import Outcome
from enquiries.models import EnquiryEvent, EnquiryLink
from tests.enquiries.test_races import reports, together, whole
from tests.world import NOW, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(transactional_db: None) -> Viewer:
    here: World = build()
    return here.viewer(here.agent)


def test_not_solved_while_the_case_is_being_closed_is_not_lost(agent: Viewer) -> None:
    enquiry = reports(1)[0]
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.", now=NOW
    )
    much_later = NOW + timedelta(days=200)
    closed = threading.Event()

    def close(_: int) -> object:
        with transaction.atomic():
            assert resolutions.close_due(now=much_later) == 1
            closed.set()
            _until_somebody_waits()
        return None

    def come_back(_: int) -> object:
        assert closed.wait(timeout=30)
        return intake.receive(
            InboundContact(
                channel=Channel.WEB,
                external_id="not-solved",
                received_at=much_later,
                needs=(Need("Still there", kind="repeat", about=enquiry.reference),),
            ),
            now=much_later,
        )

    works = [close, come_back]
    together(2, lambda i: works[i](i))

    assert EnquiryLink.objects.get().kind == "follows"
    assert EnquiryLink.objects.get().enquiry.description == "Still there"
    assert not EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.contacted").exists()
    whole(enquiry, EnquiryLink.objects.get().enquiry)


def _until_somebody_waits() -> None:
    """Until another connection stands before a lock, for five seconds at most."""
    with connection.cursor() as sql:
        for _ in range(250):
            sql.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if sql.fetchone()[0]:
                return
            time.sleep(0.02)
            sql.execute("SELECT pg_stat_clear_snapshot()")
    raise AssertionError("nobody waited")
