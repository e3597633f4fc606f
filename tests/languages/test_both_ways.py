"""What is written once holds for both directions of reading, and for every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

_SIDES = re.compile(
    r"(?<![-\w])((?:margin|padding|border)-(?:left|right)(?:-\w+)?|text-align)\s*:\s*([^;}]+)"
)


@pytest.mark.parametrize(
    "sheet", sorted((settings.BASE_DIR / "static/css").glob("*.css")), ids=lambda path: path.name
)
def test_no_style_says_left_or_right_where_it_means_before_or_after(sheet: Path) -> None:
    said = _SIDES.findall(sheet.read_text("utf-8"))
    wrong = [name for name, value in said if name != "text-align" or value in ("left", "right")]
    assert wrong == []


def test_breadcrumbs_are_drawn_by_their_component_alone() -> None:
    root = settings.BASE_DIR / "templates"
    drawn = [
        str(path.relative_to(root))
        for path in root.rglob("*.html")
        if "govuk-breadcrumbs" in path.read_text("utf-8")
    ]
    assert drawn == ["components/breadcrumbs.html"]
