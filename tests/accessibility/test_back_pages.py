"""The pages that few see: reference data and the demo's post box, with axe in three sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

import accounts.queries
from accounts.models import User
from enquiries.models import Enquiry
from kb.models import Service
from notifications.backends import registry
from tests.accessibility import axe
from tests.outbox import run_outbox
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """A small partnership."""
    return build()


def test_the_reference_data_in_three_sizes(
    world: World, live_server: Any, page: Page, client_for: Callable[[User], Client]
) -> None:
    session = client_for(world.administrator).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    root = f"{live_server.url}/desk/settings/reference/"
    wrong = []
    for path in (
        "",
        "kb/service/",
        f"kb/service/{Service.objects.all()[0].pk}/change/",
        "accounts/organisation/add/",
        f"accounts/organisation/{accounts.queries.hub().pk}/change/",
        "accounts/user/",
        "accounts/user/add/",
        f"accounts/user/{world.agent.pk}/change/",
        f"accounts/user/{world.agent.pk}/password/",
        "accounts/membership/",
    ):
        answer = page.goto(root + path)
        assert answer is not None, path
        assert answer.status == 200, path
        wrong += axe.walk(page)
    page.goto(f"{root}accounts/user/add/")
    page.get_by_role("button", name="Add another Membership").click()
    expect(page.locator("#id_memberships-0-from_on")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)


def test_the_post_box_in_three_sizes(
    world: World, live_server: Any, page: Page, settings: Any
) -> None:
    settings.HUB_DEMO = True
    settings.HUB_BASE_URL = live_server.url
    settings.NOTIFICATION_BACKENDS = dict.fromkeys(
        ("sms", "email"), "notifications.backends.postbox.PostboxBackend"
    )
    registry.forget()
    page.goto(f"{live_server.url}/demo/post-box/")
    wrong = axe.walk(page)
    page.get_by_label("What your text says").fill("Bin missed at WR11 3DA")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Texts with 07700 900123")).to_be_visible()
    run_outbox()
    page.reload()
    expect(page.get_by_text(Enquiry.objects.get().reference).first).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("link", name="Answer").first.click()
    expect(page.get_by_role("heading", name="Answer an email of the hub")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)
