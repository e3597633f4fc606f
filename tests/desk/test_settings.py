"""What administrators set up: keys and codes, each shown once."""

from __future__ import annotations

import re

import pytest

import accounts.actions
import accounts.queries
import kiosks.actions
import kiosks.queries
from accounts.models import ApiToken
from kiosks.models import Kiosk
from tests import kiosk_device
from tests.desk.steps import new_key, text

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_works_and_ends(world, client_for):
    client, key = client_for(world.administrator), new_key()
    data = {
        "key": key,
        "organisation": "wychavon",
        "name": "Street works",
        "scopes": ["enquiries:create", "referrals:answer"],
    }
    shown = client.post("/desk/settings/keys/", data)
    assert "no-store" in shown["Cache-Control"]
    found = re.search(r"<code>(hub_[^<]+)</code>", text(shown))
    assert found
    viewer = accounts.queries.viewer_for_token(found[1])
    assert viewer is not None
    assert viewer.organisation_slug == "wychavon"

    again = client.post("/desk/settings/keys/", data, follow=True)
    assert "shown only once" in text(again)
    token = ApiToken.objects.get()
    assert found[1] not in text(client.get("/desk/settings/keys/"))

    client.post(f"/desk/settings/keys/{token.prefix}/end/")
    assert accounts.queries.viewer_for_token(found[1]) is None
    assert "Ended" in text(client.get("/desk/settings/keys/"))


def test_a_code_enrols_one_kiosk_and_the_device_can_be_shut_out(world, client_for):
    client = client_for(world.administrator)
    data = {"key": new_key(), "site": "evesham-kiosk", "name": "Left of the door"}
    shown = text(client.post("/desk/settings/kiosks/new/", data))
    found = re.search(r"<code>(\d{4} \d{4})</code>", shown)
    assert found
    assert 'src="data:image/svg+xml' in shown  # the same for a camera
    key = kiosk_device.Device().key
    raw = kiosks.actions.enrol(code=found[1], key=key, now=Kiosk.objects.get().created_at).token
    assert kiosks.queries.by_token(raw) is not None
    assert "<code>testserver/kiosk/enrol/</code>" in shown
    its = f"/desk/settings/kiosks/{Kiosk.objects.get().public_id}/"
    # Asked before: its own page has no key that does it at once.
    assert f'action="{its}end/"' not in text(client.get(its))
    assert f'action="{its}end/"' in text(client.get(f"{its}end/"))
    assert kiosks.queries.by_token(raw) is not None
    client.post(f"{its}end/")
    assert kiosks.queries.by_token(raw) is None


def test_only_administrators_open_the_settings(world, client_for):
    for user in (world.agent, world.manager, world.officer, world.outsider):
        client = client_for(user)
        for page in ("/desk/settings/", "/desk/settings/keys/", "/desk/settings/kiosks/new/"):
            assert client.get(page).status_code == 404
        assert client.post("/desk/settings/keys/", {}).status_code == 404
