"""Several workers find the same clock run out; everybody is warned, and told, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enquiries.actions import escalations
from enquiries.models import Clock, EnquiryEvent
from notifications.models import Notification
from tests.referrals.test_races import at_once
from tests.world import NOW, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("after", "event", "line"),
    [
        # Twenty-three working hours were promised: three quarters are gone on Thursday at noon.
        (timedelta(days=2, hours=2), "due_soon", "enquiry.due_soon"),
        (timedelta(days=3), "overdue", "enquiry.escalated"),
    ],
)
def test_ten_at_once_escalate_each_clock_once(
    after: timedelta, event: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    enquiry = enquiry_of(ask())
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + after)

    at_once(*[lambda: escalations.escalate_overdue(now=NOW + after)] * 10)
    assert escalations.escalate_overdue(now=NOW + after) == 0

    clocks = EnquiryEvent.objects.filter(enquiry=enquiry, type=line).values_list("data", flat=True)
    kinds = [data["clock"] for data in clocks]
    assert "resolution" in kinds
    assert len(kinds) == len(set(kinds))
    notes = Notification.objects.filter(event=event).values_list("to", "subject", "body")
    assert notes
    assert len(notes) == len(set(notes))
    states = Clock.objects.filter(enquiry=enquiry, kind="resolution").values_list(
        "state", "warned_at"
    )
    assert set(states) == {("running", NOW + after) if event == "due_soon" else ("missed", None)}
