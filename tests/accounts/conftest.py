"""The partnership, and the boundaries of its districts where they are at hand."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.partnership import _loaded, partnership

__all__ = ["DISTRICTS", "SHARED", "_loaded", "bounded", "needs_shared", "partnership", "table"]

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data" / "areas"
DISTRICTS = SHARED / "worcestershire_districts.geojson"
needs_shared = pytest.mark.skipif(
    not DISTRICTS.exists(), reason="the boundaries and the older postcodes are not here"
)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def bounded(partnership: None) -> None:
    """The partnership with the boundaries of its districts imported."""
    call_command("import_areas", DISTRICTS, stdout=StringIO())
