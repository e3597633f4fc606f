"""Small files, small functions, one hand on the status, no signals between our apps."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import source

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50


def long_files(files: Iterator[Path] | tuple[Path, ...]) -> list[str]:
    counted = ((path, len(path.read_text("utf-8").splitlines())) for path in files)
    return [f"{path.name}: {number} lines" for path, number in counted if number > LINES_OF_A_FILE]


def long_functions(path: Path, tree: ast.Module) -> list[str]:
    return [
        f"{path.name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LINES_OF_A_FUNCTION
    ]


def status_writers(path: Path, tree: ast.Module) -> list[str]:
    """Where the status of an enquiry is assigned, or set by an update."""
    found = []
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        found += [
            f"{path.name}:{target.lineno}"
            for target in targets
            if isinstance(target, ast.Attribute)
            and target.attr == "status"
            and "enquiry" in ast.unparse(target.value).lower()
        ]
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".update"):
            about = ast.unparse(node.func)
            if "Enquiry.objects" in about and any(word.arg == "status" for word in node.keywords):
                found.append(f"{path.name}:{node.lineno}")
    return found


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert long_files(source.python_files()) == []


def test_no_function_is_longer_than_a_screen() -> None:
    found = [
        line for path in source.python_files() for line in long_functions(path, source.tree(path))
    ]
    assert found == []


def test_only_events_moves_the_status_of_an_enquiry() -> None:
    found = [
        line
        for path in source.of_apps()
        if path.relative_to(source.ROOT).as_posix() != "enquiries/events.py"
        for line in status_writers(path, source.tree(path))
    ]
    assert found == []


def test_our_apps_send_each_other_no_signals() -> None:
    heard = ("django.db.models.signals", "django.dispatch")
    found = [
        source.place(path, node)
        for path in source.of_apps()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in heard
    ]
    assert found == []


def test_the_rules_notice_what_they_forbid() -> None:
    long = ast.parse("def f():\n" + "    x = 1\n" * LINES_OF_A_FUNCTION)
    assert long_functions(Path("a.py"), long)
    assert status_writers(Path("a.py"), ast.parse("enquiry.status = 'closed'"))
    bulk = ast.parse("Enquiry.objects.filter(pk=1).update(status='closed')")
    assert status_writers(Path("a.py"), bulk)
    assert not status_writers(Path("a.py"), ast.parse("referral.status = 'accepted'"))
