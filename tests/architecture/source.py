"""Our own source files, read as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "hub", "api", "desk", "channels", "metrics", "teamwork", "bookings", "enquiries",
    "kb", "notifications", "customers", "inbox", "kiosks", "accounts", "core",
)  # fmt: skip


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of ours, tracked or about to be, without migrations."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    names = sorted(set(listed))
    return tuple(ROOT / n for n in names if "/migrations/" not in n and (ROOT / n).is_file())


def of_apps() -> Iterator[Path]:
    """The files of the product itself: no tests, no tools."""
    yield from (path for path in python_files() if path.relative_to(ROOT).parts[0] in APPS)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Where to look."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"
