"""What waits for an agent, and a caller who has to be asked, on a page that axe walks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from customers.models import Person
from enquiries.actions import contacts
from enquiries.channels import Channel
from enquiries.inbound import Sender
from inbox.models import QuestionSet
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_contact_with_questions_and_something_that_waits(live_server: Any, page: Page) -> None:
    world, now = build(), timezone.now()
    viewer = world.viewer(world.agent)
    jo = Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123")
    ask(sender=jo, at=now - timedelta(days=2))
    QuestionSet.objects.create(
        scope="everybody", questions=["name", "postcode"], needed=2, version=1, changed_at=now
    )
    person = Person.objects.get().public_id
    Person.objects.update(created_at=now - timedelta(days=2))
    then = now - timedelta(hours=3)
    contacts.open_contact(channel=Channel.PHONE, key="a", viewer=viewer, site=None, now=then)
    new = contacts.open_contact(
        channel=Channel.PHONE, key="b", viewer=viewer, site=None, now=now - timedelta(hours=1)
    )
    contacts.set_person(public_id=new, viewer=viewer, person=person, now=now)
    site = str(live_server.url)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/{new}/")
    expect(page.get_by_role("region", name="What waits for you")).to_be_visible()
    expect(page.get_by_text("Not proved yet")).to_be_visible()
    assert "jo@example.com" not in page.content()
    assert axe.walk(page) == []
