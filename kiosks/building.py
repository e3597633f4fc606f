"""One release of the kiosk's own pages, put together: the pages and every file that they name."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import Storage

from core.errors import DomainError

# Stands for the release's name until the name, which is made of what all files say, is known.
UNNAMED = "release-without-a-name"
WORKER, MANIFEST = "sw.js", "manifest.json"
_STATIC = "static/"
_IN_A_PAGE = re.compile(r"""(?:src|href)="([^"]+)\"""")
_IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
_IN_SCRIPTS = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
_NAMED_IN = {".css": _IN_STYLES, ".js": _IN_SCRIPTS}
_KINDS = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class ReleaseNotWhole(DomainError):
    """A page names a file that is not there: such a release would fail without the line."""

    code = "kiosk_release_not_whole"


@dataclass(frozen=True, slots=True)
class Part:
    """One file as it is served."""

    path: str
    kind: str
    body: bytes

    @property
    def digest(self) -> str:
        """What it holds, by name."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Built:
    """A release with its name: what all its files hold, so that the same files are the same."""

    version: str
    parts: tuple[Part, ...]


def address(version: str) -> str:
    """Where the files of a release are."""
    return f"/kiosk/shell/{version}/"


def build(pages: Mapping[str, str], worker: str) -> Built:
    """Pages by their languages and the worker, in which UNNAMED stands for the release's name.

    Raises ReleaseNotWhole.
    """
    files = {name: body for html in pages.values() for name, body in _named_by(html).items()}
    parts = [Part(_STATIC + name, _kind(name), body) for name, body in sorted(files.items())]
    for language, html in sorted(pages.items()):
        moved = html.replace(f'"{settings.STATIC_URL}', f'"{address(UNNAMED)}{_STATIC}')
        parts.append(Part(f"{language}/", "text/html; charset=utf-8", moved.encode()))
    listed = json.dumps({"release": UNNAMED, "files": [part.path for part in parts]})
    parts.append(Part(MANIFEST, "application/json", listed.encode()))
    parts.append(Part(WORKER, "text/javascript; charset=utf-8", worker.encode()))
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{part.path}\n{part.digest}\n".encode())
    version = whole.hexdigest()[:12]
    return Built(version, tuple(_called(part, version) for part in parts))


def _called(part: Part, version: str) -> Part:
    body = part.body.replace(UNNAMED.encode(), version.encode())
    return Part(part.path, part.kind, body)


def _kind(name: str) -> str:
    ending = posixpath.splitext(name)[1]
    return _KINDS.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _named_by(html: str) -> dict[str, bytes]:
    """The static files that a page names, and those that they name in turn."""
    root = settings.STATIC_URL
    waiting = [one.removeprefix(root) for one in _IN_A_PAGE.findall(html) if one.startswith(root)]
    shelf, found = _Shelf(), dict[str, bytes]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = shelf.read(name)
            waiting += _named_in(name, found[name])
    return found


def _named_in(name: str, body: bytes) -> Iterator[str]:
    search = _NAMED_IN.get(posixpath.splitext(name)[1])
    if search is None:
        return
    for said in search.findall(body.decode("utf-8")):
        if not said.startswith(("/", "data:", "#", "http:", "https:")):
            plain = said.partition("#")[0].partition("?")[0]
            yield posixpath.normpath(posixpath.join(posixpath.dirname(name), plain))


class _Shelf:
    """Static files by their names: the hashed ones where pages name those, else the sources."""

    def __init__(self) -> None:
        self._sources: dict[str, Storage] = {}
        if not settings.HASHED_STATIC:
            for finder in finders.get_finders():
                for name, storage in finder.list(None):
                    self._sources.setdefault(name.replace("\\", "/"), storage)

    def read(self, name: str) -> bytes:
        storage = staticfiles_storage if settings.HASHED_STATIC else self._sources.get(name)
        if storage is None or not storage.exists(name):
            raise ReleaseNotWhole(f"A page of the kiosk names {name}, which is not there")
        with storage.open(name) as file:
            body: bytes = file.read()
        return body
