"""What a kiosk's own pages know, handed to devices: by language, and the county's postcodes.

An edition names all of it as it is now. It is asked for with every heartbeat, so a process looks
only so often; what it made of an edition it keeps, packed as it is sent.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from accounts import gazetteer
from channels.kiosk import content_made
from channels.kiosk.devices import at_kiosk
from kb import queries_whole, tongues

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# For so many seconds a heartbeat hears what the process knew; who fetches waits for nothing older
# than a moment, or it would be given what it has already.
STALE, MOMENT = 15.0, 2.0
_ROOT = Path(__file__).resolve().parents[2]
# What our own words and shapes are made by: another release says other things of the same data.
_MADE_BY = ("channels/kiosk/content*.py", "channels/asking/*.py", "kb/forms/*.py", "locale/**/*.mo")


@dataclass(frozen=True, slots=True)
class _Packed:
    """One answer, whole and packed, and the mark by which a device asks whether it is still so."""

    mark: str
    plain: bytes
    packed: bytes


_seen: tuple[float, str] | None = None
_kept: dict[str, _Packed] = {}


def edition(*, at_most: float = STALE) -> str:
    """The short name of all that devices can be told, as it was so many seconds ago at most."""
    global _seen  # noqa: PLW0603  # one for the process
    now = time.monotonic()
    if _seen is None or now - _seen[0] >= at_most:
        made = f"{_release()} {queries_whole.mark()} {gazetteer.mark()} {settings.HUB_PHONE}"
        _seen = now, hashlib.sha256(made.encode()).hexdigest()[:16]
    return _seen[1]


def forget() -> None:
    """The next look is at the database."""
    global _seen  # noqa: PLW0603  # one for the process
    _seen = None
    _kept.clear()


@cache
def _release() -> str:
    files = sorted(path for pattern in _MADE_BY for path in _ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@at_kiosk
def content(request: HttpRequest, kiosk: Kiosk, language: str) -> HttpResponse:
    """Everything in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        return _answer(
            request, language, lambda name: content_made.bundle(name, language, timezone.now())
        )


@at_kiosk
def places(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """The county's postcodes."""
    return _answer(request, "places", content_made.places)


def _answer(request: HttpRequest, what: str, make: Callable[[str], dict[str, Any]]) -> HttpResponse:
    name = edition(at_most=MOMENT)
    mark = f'"{name}-{what}"'
    if mark in parse_etags(request.headers.get("If-None-Match", "")):
        return _marked(HttpResponseNotModified(), mark)
    found = _kept.get(what)
    if found is None or found.mark != mark:
        # What this process knew of translations may be older than the edition.
        tongues.forget()
        plain = json.dumps(make(name), ensure_ascii=False, separators=(",", ":")).encode()
        found = _kept[what] = _Packed(mark, plain, gzip.compress(plain, mtime=0))
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(
        found.packed if is_packed else found.plain, content_type="application/json"
    )
    if is_packed:
        answer.headers["Content-Encoding"] = "gzip"
    return _marked(answer, mark)


def _marked(answer: HttpResponse, mark: str) -> HttpResponse:
    answer.headers["ETag"] = mark
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer
