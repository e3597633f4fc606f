"""The kiosk's own pages, for when the line is away: rendered once for each release."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from channels.kiosk import modes, offered, shell_words, visit
from kiosks import actions_releases, building

# Milliseconds that a page may take before the device's own takes over.
PATIENCE = 4_000


def put_down(*, now: datetime, note: str = "", patience: int = PATIENCE) -> tuple[str, bool]:
    """Makes the release of what the pages and scripts are now: its name, and whether it is new."""
    pages = {code: page(code) for code, _name in settings.LANGUAGES}
    facts = {"release": building.UNNAMED, "patience": patience, "languages": list(pages)}
    built = building.build(pages, render_to_string("kiosk/sw.js", facts))
    return built.version, actions_releases.put_down(built, now=now, note=note)


def page(language: str) -> str:
    """The shell's page in a language."""
    with translation.override(language):
        facts = {
            "release": building.UNNAMED,
            "words": shell_words.words(),
            "track": f"{settings.HUB_BASE_URL}/track/",
            "short": f"{urlsplit(settings.HUB_BASE_URL).netloc}/track/",
            "address": offered.site_address(),
            "widths": " ".join(map(str, modes.WIDTHS)),
            "slow_warn_after": visit.SLOW_WARN_AFTER,
            "slow_forget_after": visit.SLOW_FORGET_AFTER,
            **modes.context({}),
        }
        return render_to_string("kiosk/shell.html", facts)
