"""A row that somebody changed while another waited for it, and what it points at then."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import Organisation
from enquiries import events
from enquiries.models import Contact, Enquiry
from tests.enquiries.test_closing_races import _until_somebody_waits
from tests.enquiries.test_races import together
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def one_waits(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What the second gets, who begins to wait while the first holds the row."""
    holds = threading.Event()

    def changes(_: int) -> None:
        with transaction.atomic():
            first()
            holds.set()
            _until_somebody_waits()

    def waits(_: int) -> object:
        assert holds.wait(timeout=30)
        with transaction.atomic():
            return second()

    works = [changes, waits]
    return together(2, lambda i: works[i](i))[1]


def test_who_waited_for_an_enquiry_finds_the_owner_that_it_has_now(here: World) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    one, other = Organisation.objects.all()[:2]
    Enquiry.objects.filter(pk=enquiry.pk).update(owner=one)

    got = one_waits(
        lambda: Enquiry.objects.filter(pk=enquiry.pk).update(owner=other),
        lambda: events.locked(enquiry.pk).owner,
    )
    assert got == other


def test_who_waited_finds_an_enquiry_whose_first_contact_is_another_now(here: World) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    first = Contact.objects.get(pk=enquiry.first_contact_id)
    first.pk, first.public_id = None, uuid.uuid4()
    first.save(force_insert=True)

    got = one_waits(
        lambda: Enquiry.objects.filter(pk=enquiry.pk).update(first_contact=first),
        lambda: events.locked(enquiry.pk).first_contact.pk,
    )
    assert got == first.pk
