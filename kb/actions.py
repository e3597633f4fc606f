"""Keeps what search reads in step with the words of services and articles."""

from __future__ import annotations

from kb import search_index


def index() -> None:
    """Writes what search reads anew; call after an import, in its transaction."""
    search_index.write_all()


def index_one(kind: str, slug: str) -> None:
    """Writes what search reads of one service or answer; call in the change's transaction."""
    search_index.write(kind, [slug])
