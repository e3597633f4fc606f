"""What the pages of a version of the rules have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest

from desk.tabs import Tab
from enquiries.queries import versions
from enquiries.queries.versions import NoSuchVersion, Version

if TYPE_CHECKING:
    from enquiries.rule_checks import Findings

ROOT = "/desk/settings/routing/"
STATES: dict[str, tuple[str, str]] = {
    "draft": ("Draft", "waiting"),
    "waiting": ("Waiting for its time", "soon"),
    "live": ("Live", "kept"),
    "earlier": ("Earlier", "quiet"),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """A version that went live after a draft was made, and what it changed since."""

    number: int
    basis: int
    changes: int
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A version with the ways to its other pages."""

    version: Version
    word: str
    tone: str
    address: str
    tabs: tuple[Tab, ...]
    behind: Behind | None


@contextmanager
def there() -> Iterator[None]:
    """Turns "there is no such version" into 404."""
    try:
        yield
    except NoSuchVersion as error:
        raise Http404 from error


def whole(text: str) -> int:
    """A number out of an address; anything else is not there."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def address(number: int, *parts: object) -> str:
    """A page of a version."""
    return "/".join((f"{ROOT}{number}", *map(str, parts))) + "/"


def version_at(text: str, now: datetime) -> Version:
    """The version that an address names, or 404."""
    with there():
        return versions.version(whole(text), now)


def draft_at(text: str, now: datetime) -> Version:
    """The draft that an address names, or 404: what is published is not edited."""
    found = version_at(text, now)
    if not found.is_draft:
        raise Http404
    return found


def to_edit(request: HttpRequest, text: str, now: datetime) -> Version:
    """The draft of a page that edits it.

    What was sent is not lost when somebody published the draft meanwhile: the action says so.
    """
    return version_at(text, now) if request.method == "POST" else draft_at(text, now)


def problems(findings: Findings) -> int:
    """How many of the findings somebody should look at."""
    return len(findings.gaps) + sum(not one.net for one in findings.idle)


def frame(version: Version, here: str, now: datetime, findings: Findings | None = None) -> Frame:
    """The head of a page of a version; `here` is the page."""
    word, tone = STATES[version.state]
    views = [
        ("rules", "Rules", (), version.rules),
        ("checks", "Checks", ("checks",), problems(findings) if findings else None),
        ("changes", "What it changes", ("changes",), None),
    ]
    if version.state != "live":
        views.insert(2, ("compare", "On real enquiries", ("compare",), None))
    tabs = tuple(
        Tab(words, address(version.number, *parts), name == here, count)
        for name, words, parts, count in views
    )
    return Frame(version, word, tone, address(version.number), tabs, behind(version, now))


def behind(version: Version, now: datetime) -> Behind | None:
    """What went live since a draft was made from another version, and is not in it."""
    live = versions.live_number(now)
    basis = version.based_on
    if version.state not in ("draft", "waiting") or live is None or basis in (None, live):
        return None
    found = versions.changes(basis, live) if basis is not None else None
    if found is None or found.none:
        return None
    count = len(found.added) + len(found.removed) + len(found.changed)
    return Behind(live, basis or 0, count, f"{address(live, 'changes')}?against={basis}")
