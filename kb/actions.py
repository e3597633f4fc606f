"""Keeps what search reads in step with the words of services and articles."""

from __future__ import annotations

from kb import search_index


def index() -> None:
    """Writes what search reads anew; call after an import, in its transaction."""
    search_index.write_all()
