"""Releases of the kiosk's own pages: whole, the same when nothing changed, staged, taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from channels.kiosk import shell
from core.audit import SYSTEM
from kiosks import actions_releases, building, queries_releases
from kiosks.models import Kiosk, Release
from tests import kiosk_device
from tests.kiosk.conftest import site
from tests.partnership import _loaded, partnership
from tests.world import NOW

__all__ = ["_loaded", "partnership", "site"]


@pytest.fixture
def device(site: str) -> kiosk_device.Device:
    queries_releases.forget()
    return kiosk_device.enrolled(site)


def put_down(change: str = "") -> str:
    """A release; other words make another."""
    pages = {"en-gb": f"<p>{change}</p>", "pl": "<p></p>"}
    built = building.build(pages, f"const RELEASE = '{building.UNNAMED}'")
    later = NOW + timedelta(minutes=Release.objects.count())
    actions_releases.put_down(built, now=later)
    queries_releases.forget()
    return built.version


def test_a_release_holds_its_pages_and_every_file_that_they_name(
    device: kiosk_device.Device,
) -> None:
    call_command("kiosk_release")
    version = queries_releases.release_for(device.row)
    base = building.address(version)
    listed = json.loads(device.client.get(f"{base}manifest.json").content)
    assert listed["release"] == version
    files = listed["files"]
    assert {"en-gb/", "pl/", "static/js/kiosk/engine.js", "static/js/kiosk/store.js"} <= set(files)
    assert "static/vendor/fonts/latin-400.woff2" in files
    for path in files:
        answer = device.client.get(base + path)
        assert answer.status_code == 200, path
        assert b'"/static/' not in answer.content, path
    worker = device.client.get("/kiosk/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert version in worker.content.decode()
    assert building.UNNAMED not in worker.content.decode()
    polish = device.client.get(f"{base}pl/").content.decode()
    assert 'lang="pl"' in polish
    assert polish.count('<script type="application/json" id="taken">null</script>') == 1
    # Again, with nothing changed: the same.
    call_command("kiosk_release")
    assert Release.objects.count() == 1


def test_a_page_that_names_what_is_not_there_is_no_release() -> None:
    with pytest.raises(building.ReleaseNotWhole, match=r"css/never\.css"):
        building.build({"en-gb": '<link href="/static/css/never.css">'}, "")


def test_a_release_goes_to_few_then_to_all_and_can_be_taken_back(
    device: kiosk_device.Device, settings: Any
) -> None:
    settings.HUB_DEMO = False
    first = put_down("one")
    kiosk = device.row
    assert queries_releases.release_for(kiosk) == first
    second = put_down("two")
    assert queries_releases.release_for(kiosk) == first
    kiosk.is_early = True
    assert queries_releases.release_for(kiosk) == second
    kiosk.is_early = False
    mine = queries_releases.percent(kiosk.public_id)
    for share, wanted in ((mine, first), (mine + 1, second), (100, second)):
        actions_releases.stage(version=second, share=share, actor=SYSTEM, now=NOW)
        queries_releases.forget()
        assert queries_releases.release_for(kiosk) == wanted, share
    actions_releases.withdraw(version=second, actor=SYSTEM, now=NOW)
    queries_releases.forget()
    assert queries_releases.release_for(kiosk) == first
    with pytest.raises(actions_releases.ReleaseWithdrawn):
        actions_releases.stage(version=second, share=100, actor=SYSTEM, now=NOW)
    with pytest.raises(actions_releases.ReleaseUnknown):
        actions_releases.withdraw(version="never", actor=SYSTEM, now=NOW)


def test_the_last_five_are_kept_and_the_one_that_all_have(
    device: kiosk_device.Device, settings: Any
) -> None:
    settings.HUB_DEMO = False
    versions = [put_down(str(number)) for number in range(8)]
    kept = {one.version for one in queries_releases.releases()}
    assert kept == {versions[0], *versions[-actions_releases.KEPT :]}
    assert queries_releases.release_for(device.row) == versions[0]


def test_files_are_for_devices_alone_and_none_gets_what_is_not_there(
    device: kiosk_device.Device,
) -> None:
    assert device.client.get("/kiosk/sw.js").status_code == 404
    path = f"{building.address(put_down())}manifest.json"
    assert device.client.get(path).status_code == 200
    assert Client().get(path).status_code == 302
    assert device.client.get(path.replace("manifest", "never")).status_code == 404
    Kiosk.objects.update(revoked_at=NOW)
    assert device.client.get(path).status_code == 403
    assert device.client.get("/kiosk/sw.js").status_code == 403


def test_what_the_pages_and_scripts_are_now_is_a_whole_release(site: str) -> None:
    queries_releases.forget()
    version, is_new = shell.put_down(now=NOW)
    assert is_new
    assert shell.put_down(now=NOW) == (version, False)
