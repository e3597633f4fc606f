"""From a list behind a figure to one enquiry: its ledger, and where it may be opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

import accounts.actions
from accounts.models import User
from accounts.permissions import Role
from core.audit import SYSTEM
from enquiries.inbound import Sender
from enquiries.models import Referral
from metrics import projection
from metrics.models import EnquiryFact
from tests.metrics.test_performance_page import PAGE, links
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.metrics.test_projection import Clock
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]


def test_each_number_leads_to_the_ledger_and_back_to_its_list(
    world: World, clock: Clock, client_for: SignIn, partner_manager: User
) -> None:
    reference = ask(at=NOW).enquiries[0].reference
    ask(at=NOW, triaged=False, sender=Sender(name="Mo", email="mo@example.com"))
    projection.refresh(now=NOW + timedelta(minutes=1))
    EnquiryFact.objects.filter(reference=reference).update(organisation="wychavon")
    referral = Referral.objects.get(enquiry__reference=reference)
    page = f"{PAGE}enquiries/{reference}/"

    hub = client_for(world.manager)
    listed = hub.get(f"{PAGE}enquiries/?organisation=wychavon").content.decode()
    assert f"/desk/cases/{reference}/" in links(listed)
    assert f"{page}?organisation=wychavon" in links(listed)
    ledger = hub.get(f"{page}?organisation=wychavon").content.decode()
    assert f"{PAGE}enquiries/?organisation=wychavon" in links(ledger)
    for words in ("Received", "Work offered to a partner", "OSR-1.0", "Time for coming back"):
        assert words in ledger

    # A partner's manager reads how it is counted; who answers its referrals opens it too.
    theirs = client_for(partner_manager)
    listed = theirs.get(f"{PAGE}enquiries/").content.decode()
    assert f"{page}" in links(listed)
    assert f"/desk/referrals/{referral.public_id}/" not in listed
    assert theirs.get(page).status_code == 200
    accounts.actions.grant(
        user=partner_manager, organisation=world.organisations["wychavon"], role=Role.OFFICER,
        team=None, from_on=date(2026, 1, 1), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    theirs = client_for(partner_manager)
    opened = f"/desk/referrals/{referral.public_id}/"
    assert opened in links(theirs.get(f"{PAGE}enquiries/").content.decode())
    assert theirs.get(opened).status_code == 200

    other = EnquiryFact.objects.exclude(reference=reference).get().reference
    assert theirs.get(f"{PAGE}enquiries/{other}/").status_code == 404
