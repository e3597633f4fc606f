"""What browsers are served: only what is ours to serve, under names that change with content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from hub.vendored import VENDORED, VendoredStorage

needs_packages = pytest.mark.skipif(
    not Path(settings.NODE_MODULES, "govuk-frontend").is_dir(),
    reason="the browser packages are not installed (npm ci)",
)


@needs_packages
def test_every_vendored_file_is_there_and_nothing_else_of_the_packages_is() -> None:
    missing = [name for name in VENDORED if not finders.find(name)]
    assert missing == []
    for private in ("govuk-frontend/package.json", "vendor/fonts/bold-b542beb274-v2.woff2"):
        assert not finders.find(private)


@needs_packages
def test_collected_files_have_hashed_names_and_name_each_other_by_them(tmp_path, settings) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "hub.storage.HashedStaticFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    served = [path for path in tmp_path.rglob("*") if re.search(r"\.[0-9a-f]{12}\.", path.name)]
    hashed = {path.name for path in served}
    scripts = {
        path.relative_to(tmp_path / "js").as_posix()
        for path in served
        if path.is_relative_to(tmp_path / "js")
    }
    app = next(path for path in tmp_path.glob("js/app.*.js")).read_text()
    imported = re.findall(r'from "\./([^"]+)"', app)
    assert imported
    assert set(imported) <= scripts
    sheet = next(path for path in tmp_path.glob("css/tokens.*.css")).read_text()
    fonts = re.findall(r"url\([\"']?\.\./vendor/fonts/([^\"')]+)", sheet)
    assert fonts
    assert set(fonts) <= hashed
    # The crest and the typeface of GOV.UK are not ours to serve.
    assert not [path for path in tmp_path.rglob("*") if "crest" in path.name]


@needs_packages
def test_the_stylesheet_is_served_without_the_typeface_of_gov_uk() -> None:
    storage = VendoredStorage()
    with storage.open("vendor/govuk-frontend.min.css") as file:
        collected = file.read().decode()
    found = finders.find("vendor/govuk-frontend.min.css")
    assert found
    for styles in (collected, Path(found).read_text(encoding="utf-8")):
        assert ".govuk-button" in styles
        assert "GDS Transport" not in styles
        assert "/assets/fonts/" not in styles
