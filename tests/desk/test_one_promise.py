"""One number for one promise: wherever it stands, it is counted in the same hours."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from enquiries.models import Clock, Enquiry
from tests.desk.steps import text
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
LEFT = re.compile(r"No working time left|\d+ [\w ]{0,20}left", re.IGNORECASE)


def test_the_queue_the_case_and_the_next_best_say_the_same_time_left(world, client_for):
    """It lies at the hub, whose day has ten hours; its promise runs by day and by night."""
    case = enquiry_of(ask(at=timezone.now()))
    due_at = timezone.now() + timedelta(hours=20)
    hub = world.organisations["hub"]
    Clock.objects.filter(enquiry=case, kind="resolution").update(due_at=due_at, elapsed=True)
    Enquiry.objects.filter(pk=case.pk).update(owner=hub, status="open", due_at=due_at)
    client = client_for(world.agent)

    queue = LEFT.findall(text(client.get("/desk/?view=all")))
    page = LEFT.findall(text(client.get(f"/desk/cases/{case.reference}/")))
    best = client.post("/desk/next/", {"key": str(uuid.uuid4())}, follow=True)

    assert set(queue) == {"19 hours left"}
    # The nameplate, what is to come and the times; the clock of the offer is another one.
    assert page.count("19 hours left") == 3
    assert "due first, 19 hours left" in text(best)
