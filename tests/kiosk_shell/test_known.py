"""What everybody may know already is shown without the line, too, before anybody gives a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

import accounts.queries
from channels.kiosk import content
from kb.models import Notice, Service
from tests import forms_of
from tests.kiosk_shell.conftest import Shell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(hub: str) -> str:
    now = timezone.now()
    row = Notice.objects.create(
        organisation=accounts.queries.hub(),
        kind="works",
        title="The road is mended",
        words="Holes are filled this week",
        advice="Take the other road",
        everywhere=True,
        published_at=now,
        changed_at=now,
        starts_at=now - timedelta(hours=1),
        expected_end_at=now + timedelta(hours=1),
    )
    row.services.set(Service.objects.filter(slug="pothole"))
    forms_of.publish("pothole", forms_of.choice("size", small="Small", big="Big"))
    content.forget()
    return hub


def test_what_is_known_is_read_before_a_name_and_is_not_asked_twice(shell: Shell) -> None:
    page = shell.page
    shell.away()
    shell.begin()
    shell.to_service("pothole")
    shell.touch("Small")
    page.get_by_label("Postcode").fill("WR11 4AA")
    shell.touch("Continue")
    page.locator("textarea").fill("A hole")
    shell.touch("Continue")
    shell.reads("Is it one of these?")
    notice = page.locator("main .hub-notice--works")
    expect(notice).to_contain_text("Planned works")
    expect(notice).to_contain_text("What to do now: Take the other road")
    expect(notice).to_contain_text("Everywhere in the county · expected to end by")
    wrong = shell.looks("s-known")
    shell.touch("None of these")
    shell.reads("How should we tell you")
    shell.touch("Back")
    shell.touch("Continue")
    shell.reads("How should we tell you")
    assert wrong == [], "\n".join(wrong)
