"""Finds the few third-party browser files we serve; everything else in node_modules stays private.

An allow-list, because the packages also hold a typeface and a crest that only GOV.UK may use.
"""

import builtins
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

ICONS = (
    "arrow-right",
    "calendar",
    "check",
    "chevron-right",
    "circle-check",
    "circle-x",
    "clock",
    "hand-helping",
    "inbox",
    "info",
    "keyboard",
    "map-pin",
    "message-square",
    "monitor-smartphone",
    "phone",
    "printer",
    "search",
    "send",
    "triangle-alert",
    "user",
    "users",
    "x",
)
# The map of the place question: its code, its style, and the pictures that the style names.
LEAFLET = (
    "leaflet.js",
    "leaflet.js.map",
    "leaflet.css",
    "images/layers.png",
    "images/layers-2x.png",
    "images/marker-icon.png",
)
_GDS_FACES = re.compile(r"@font-face\s*\{[^}]*GDS Transport[^}]*\}")
_FONT = "@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"

VENDORED = {
    "vendor/govuk-frontend.min.css": "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "vendor/govuk-frontend.min.css.map": "govuk-frontend/dist/govuk/govuk-frontend.min.css.map",
    "vendor/govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "vendor/govuk-frontend.min.js.map": "govuk-frontend/dist/govuk/govuk-frontend.min.js.map",
    **{
        f"vendor/fonts/{script}-{weight}.woff2": f"{_FONT}-{script}-{weight}-normal.woff2"
        for script in ("latin", "latin-ext")
        for weight in ("400", "700")
    },
    # Puts an answer into its place on the pages of the desk.
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    # Draws the square of a receipt on a kiosk that cannot ask us: an ES module.
    "vendor/qrcode.js": "qrcode-generator/dist/qrcode.mjs",
    **{f"vendor/leaflet/{name}": f"leaflet/dist/{name}" for name in LEAFLET},
    **{f"vendor/icons/{icon}.svg": f"lucide-static/icons/{icon}.svg" for icon in ICONS},
}


class VendoredStorage(FileSystemStorage):
    """node_modules seen through the allow-list."""

    def __init__(self) -> None:
        super().__init__(location=settings.NODE_MODULES)

    def path(self, name: str) -> str:
        """The file behind a served name."""
        return str(Path(self.location) / VENDORED[name])

    def open(self, name: str, mode: str = "rb") -> File[bytes]:
        """The file; the stylesheet without GDS Transport, which only GOV.UK may use."""
        if not name.endswith(".css"):
            return super().open(name, mode)
        return ContentFile(self._ours(name), name)

    def on_disk(self, name: str) -> str:
        """The file as it is served; a stylesheet is written anew when the package has a newer one.

        For who is given a path and opens nothing: runserver, and the live server of the tests.
        """
        source = Path(self.path(name))
        if not name.endswith(".css") or not source.is_file():
            return str(source)
        kept = Path(settings.HUB_DATA_DIR, "styles", name)
        if not kept.is_file() or kept.stat().st_mtime < source.stat().st_mtime:
            kept.parent.mkdir(parents=True, exist_ok=True)
            mine = kept.with_suffix(f".{os.getpid()}")
            mine.write_bytes(self._ours(name))
            mine.replace(kept)
        return str(kept)

    def _ours(self, name: str) -> bytes:
        styles = _GDS_FACES.sub("", Path(self.path(name)).read_text(encoding="utf-8"))
        return styles.replace("GDS Transport", "Atkinson Hyperlegible Next").encode()


class VendoredFinder(BaseFinder):
    """Lets `static` and `collectstatic` see the allow-list under `vendor/`."""

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        self.storage = VendoredStorage()
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """Nothing to check before a file is asked for: tests run without node_modules."""
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> builtins.list[str]: ...
    def find(self, path: str, find_all: bool = False) -> str | builtins.list[str] | None:
        """The file for a served name; none for what is not on the list."""
        found = self.storage.on_disk(path) if path in VENDORED else ""
        known = [found] if found and Path(found).is_file() else []
        if known and not find_all:
            return known[0]
        # Django takes any other "nothing" than an empty list for a file.
        return known

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every vendored file, for collectstatic."""
        for name in VENDORED:
            yield name, self.storage
