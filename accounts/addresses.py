"""Addresses of a postcode: a plug-in, because address text is licensed (ADR 18).

A book answers from this machine: a citizen's request waits for nobody outside. Ours reads the
table that `import_addresses` fills from an operator's licensed file; without one there are no
addresses, and people type theirs, as they always can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.areas import compact
from accounts.models import Address

log = structlog.get_logger(__name__)
# As long as a list may take before people type instead, in milliseconds; and as many as are shown.
PATIENCE_MS = 300
MOST = 120
# A street alone is in many towns.
_FEWEST = 2
UPRN = re.compile(r"^[0-9]{1,12}$")


@dataclass(frozen=True, slots=True)
class Found:
    """One address. A UPRN is never given to another one, so it may be kept."""

    uprn: str
    text: str
    postcode: str
    latitude: float | None = None
    longitude: float | None = None


class Book(Protocol):
    """What `HUB_ADDRESS_BOOK` names: answers from this machine, within PATIENCE_MS."""

    def at(self, postcode: str) -> Sequence[Found]:
        """The addresses of a postcode (upper case, no space), in the order of a street."""

    def by_uprn(self, uprn: str) -> Found | None:
        """One address."""


class Table:
    """The addresses that `manage.py import_addresses` loaded; none until somebody did."""

    def at(self, postcode: str) -> Sequence[Found]:
        """Those of a postcode, by house number."""
        rows = [_found(row) for row in Address.objects.filter(postcode=postcode)[: MOST + 1]]
        return sorted(rows, key=lambda one: _street_order(one.text))

    def by_uprn(self, uprn: str) -> Found | None:
        """One of them."""
        row = Address.objects.filter(pk=uprn).first()
        return _found(row) if row is not None else None

    def named(self, words: Sequence[str]) -> Sequence[Found]:
        """Those that have all of some words, in the order of a street."""
        rows = Address.objects.all()
        for word in words:
            rows = rows.filter(text__icontains=word)
        found = [_found(row) for row in rows.order_by("pk")[: MOST + 1]]
        return sorted(found, key=lambda one: _street_order(one.text))


def _found(row: Address) -> Found:
    return Found(row.uprn, row.text, row.postcode, row.latitude, row.longitude)


def _street_order(text: str) -> list[tuple[int, int, str]]:
    """ "2 High Street" before "10 High Street", and flats of a house by their numbers."""
    parts = re.findall(r"\d+|\D+", text)
    return [(0, int(p), "") if p.isdigit() else (1, 0, p.casefold()) for p in parts]


def at(postcode: str) -> Sequence[Found]:
    """The addresses of a postcode; none where the book has none, is slow, or fails.

    More than fit a page are none, too: then typing is quicker.
    """
    found = _asked("at", compact(postcode)) or ()
    return found if len(found) <= MOST else ()


def named(words: str) -> Sequence[Found]:
    """The addresses that have all of some words (a house, a street, a town), at most MOST.

    None where the words are one alone, or the book cannot look for words.
    """
    wanted = re.findall(r"[^\W_]+", words)[:8]
    if len(wanted) < _FEWEST:
        return ()
    found = _asked("named", wanted) or ()
    return found if len(found) <= MOST else ()


def by_uprn(uprn: str) -> Found | None:
    """One address; None for what is no UPRN, is not known, or cannot be asked now."""
    if not UPRN.match(uprn):
        return None
    found: Found | None = _asked("by_uprn", uprn)
    return found


def _asked(method: str, argument: str | list[str]) -> Any:
    """What the book says, within its time. A book that fails is as one that knows nothing."""
    try:
        book: Book = import_string(settings.HUB_ADDRESS_BOOK)()
        with transaction.atomic(), _patience():
            return getattr(book, method)(argument)
    except Exception as error:  # whatever somebody else's code raises
        log.warning("addresses.unanswered", error=type(error).__name__)
        return None


@contextmanager
def _patience() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = str(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
        yield
        # Of use inside a longer transaction: an own one ends here, and its settings with it.
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
