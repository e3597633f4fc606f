"""A device in the scene, with a release of its own pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

import kiosks.actions
from accounts.models import Site
from core.audit import SYSTEM
from kiosks import actions_releases
from kiosks.building import MANIFEST, WORKER, Built, Part
from kiosks.models import Kiosk
from tests import kiosk_device
from tests.isolation.stage import Scene
from tests.world import NOW


def device(scene: Scene) -> None:
    """Enrols it, once the scene has its sites."""
    site = Site.objects.get(slug="evesham-kiosk")
    code = kiosks.actions.code(site=site, name="Iso", actor=SYSTEM, now=NOW)
    key = kiosk_device.Device().key
    enrolled = kiosks.actions.enrol(code=code, key=key, now=NOW)
    # Its session is fresh for as long as anybody looks: no heartbeat changes it here.
    fresh = timezone.now() + timedelta(days=1)
    Kiosk.objects.filter(pk=enrolled.kiosk.pk).update(token_at=fresh)
    whole = [Part(name, "text/plain", b"a release") for name in (WORKER, MANIFEST)]
    actions_releases.put_down(Built("scene", tuple(whole)), now=NOW)
    scene.kiosk, scene.kiosk_token = enrolled.kiosk, enrolled.token
    scene.canaries.add("hub.kiosk", str(scene.kiosk.public_id))
