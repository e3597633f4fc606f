"""The import contracts hold, and each notices its violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import source

# Deliberate mistakes: where somebody might write what, and the contract that must notice it.
VIOLATIONS = {
    "a lower floor calls a higher one": (
        "kb/queries.py",
        "from enquiries import intake as _",
        "Imports point down",
    ),
    "a page imports a model, hidden in a function": (
        "desk/context.py",
        "def _hidden() -> None:\n    from enquiries.models import Enquiry as _",
        "The models of enquiries are private",
    ),
    "a pure module asks the database": (
        "enquiries/routing.py",
        "from enquiries.models import RoutingRule as _",
        "Pure modules know no tables, no queue and no web",
    ),
    "a provider leaks out of its door": (
        "notifications/delivery.py",
        "import twilio.rest as _",
        "Twilio behind two doors",
    ),
    "one channel leans on another": (
        "channels/kiosk/urls.py",
        "from channels.web import urls as _",
        "No channel imports another",
    ),
}


def check(folder: Path) -> tuple[bool, str]:
    """Whether all contracts hold for the tree in `folder`, and the report."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), "HOME": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy_of_the_tree(tmp_path: Path) -> Path:
    shutil.copy(source.ROOT / "pyproject.toml", tmp_path)
    for app in source.APPS:
        shutil.copytree(
            source.ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_floors_of_the_house_hold() -> None:
    held, report = check(source.ROOT)
    assert held, report


@pytest.mark.parametrize("mistake", VIOLATIONS)
def test_a_deliberate_violation_is_noticed(copy_of_the_tree: Path, mistake: str) -> None:
    place, words, contract = VIOLATIONS[mistake]
    with (copy_of_the_tree / place).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{words}\n")
    held, report = check(copy_of_the_tree)
    assert not held
    assert f"{contract} BROKEN" in " ".join(report.split()), report
