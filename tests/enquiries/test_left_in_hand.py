"""A case that somebody has who left the desk is anybody's again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation, User
from accounts.permissions import Viewer
from enquiries.actions import assignments
from enquiries.models import Enquiry, EnquiryEvent
from tests.desk.steps import text
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def is_closed(user: User) -> None:
    """The account is closed."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def has_ended(user: User) -> None:
    """The membership ended before today."""
    Membership.objects.filter(user=user).update(until_on=NOW.date() - timedelta(days=1))


def works_elsewhere(user: User) -> None:
    """They went to a partner, and answer referrals there."""
    theirs = Organisation.objects.get(slug="wychavon")
    Membership.objects.filter(user=user).update(organisation=theirs, role="officer")


def no_longer_takes(user: User) -> None:
    """They stayed at the hub in a role that takes no cases."""
    Membership.objects.filter(user=user).update(role="safeguarding")


LEAVING = [is_closed, has_ended, works_elsewhere, no_longer_takes]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def held(world: World, agent: Viewer) -> Enquiry:
    """A case of the hub's that the agent has in hand."""
    enquiry = enquiry_of(ask(service="allotments"))
    assignments.take(reference=enquiry.reference, viewer=agent, now=NOW)
    enquiry.refresh_from_db()
    assert enquiry.assignee == world.agent
    return enquiry


@pytest.mark.parametrize("leaves", LEAVING)
def test_who_is_there_takes_what_somebody_has_who_left(
    world: World, held: Enquiry, client_for, leaves
) -> None:
    client, address = client_for(world.administrator), f"/desk/cases/{held.reference}/"
    assert "Take it" not in text(client.get(address))
    leaves(world.agent)

    assert "Take it" in text(client.get(address))
    client.post(f"{address}take/")

    held.refresh_from_db()
    assert held.assignee == world.administrator


@pytest.mark.parametrize("leaves", LEAVING)
def test_what_somebody_has_who_left_comes_back_to_the_queue_once(
    world: World, held: Enquiry, client_for, leaves
) -> None:
    assert assignments.free_of_those_who_left(now=LATER) == 0
    leaves(world.agent)
    client = client_for(world.administrator)
    assert held.reference not in text(client.get("/desk/"))

    assert assignments.free_of_those_who_left(now=LATER) == 1
    assert assignments.free_of_those_who_left(now=LATER) == 0

    assert f"/desk/cases/{held.reference}/take/" in text(client.get("/desk/"))
    line = EnquiryEvent.objects.filter(enquiry=held).latest("sequence")
    assert (line.type, line.actor_kind) == ("enquiry.assigned", "system")
    assert line.data["name"] == "nobody"


def test_to_look_for_what_to_free_takes_two_statements_however_much_is_in_hand(
    world: World, agent: Viewer, held: Enquiry
) -> None:
    for _ in range(5):
        more = enquiry_of(ask(service="allotments"))
        assignments.take(reference=more.reference, viewer=agent, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        assignments.free_of_those_who_left(now=LATER)

    said = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(said) == 2
