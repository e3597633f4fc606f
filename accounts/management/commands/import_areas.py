"""`manage.py import_areas [FILE]`: counties, districts, towns and wards, or their boundaries."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts import boundaries, boundary_files, queries, reference
from accounts.actions_reference import save_areas, save_boundaries
from core.audit import SYSTEM
from core.importing import ImportCommand
from core.sheets import Check


class Command(ImportCommand):
    """Areas by GSS code. Boundaries place points on the map; without any, postcodes do."""

    help = (
        "Load areas from a CSV file (code, name, kind, parent_code), or the boundaries of areas "
        "that are loaded from a GeoJSON file (FeatureCollection in WGS84 degrees)."
    )
    source = "areas.csv"

    def load(self, path: Path, check: Check) -> str:
        """Adds and renews areas, or boundaries."""
        if boundary_files.is_geojson(path):
            return self._boundaries(path, check)
        rows = reference.areas(path, check)
        check.finish()
        return f"{save_areas(rows, actor=SYSTEM, now=timezone.now()):,} areas"

    def _boundaries(self, path: Path, check: Check) -> str:
        rows = boundary_files.boundaries(path, check, queries.area_codes())
        check.finish()
        changed = save_boundaries(rows, actor=SYSTEM, now=timezone.now())
        inside, all_of_them = boundaries.postcodes_inside()
        return (
            f"{len(rows):,} boundaries, {changed:,} of them new or changed; {inside:,} of "
            f"{all_of_them:,} postcodes lie within the boundary of their district"
        )
