"""What is generated is fresh, and what is promised is there."""

import re

import pytest

from enquiries.lifecycle import drawing
from tests.architecture import source

DOCUMENTS = ("README.md", "CHANGELOG.md", "docs/architecture.md", "docs/runbook.md")


def test_the_drawn_lifecycle_is_what_the_table_says() -> None:
    page = source.ROOT / "docs" / "lifecycle.md"
    assert page.read_text("utf-8") == drawing(), "draw it anew: manage.py lifecycle"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(name: str) -> None:
    document = source.ROOT / name
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", document.read_text("utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_the_readme_fits_on_two_screens() -> None:
    assert len((source.ROOT / "README.md").read_text("utf-8").splitlines()) <= 80


def test_lock_files_hold_digests_and_no_address() -> None:
    for lock in (*source.ROOT.glob("requirements*.lock"), source.ROOT / "package-lock.json"):
        text = lock.read_text("utf-8")
        assert "://" not in text.replace("https://github.com/sponsors", ""), lock.name
        assert "sha256:" in text or "sha512-" in text


def test_make_has_few_targets_and_each_says_what_it_does() -> None:
    makefile = (source.ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE)
    told = re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)
    assert targets == told
    assert len(targets) <= 14
