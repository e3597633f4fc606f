"""One hand on each life: every way in which code can set a status is found, and each is named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import source

# Who writes a status, and of what. Nobody else does.
WRITERS = {
    ("enquiries/events.py", "enquiry.status"): "the only writer of an enquiry's status",
    ("enquiries/retelling.py", "Enquiry(status)"): "a history begins as new; events.step goes on",
    ("enquiries/retold.py", "referral.status"): "a referral of a history that is told in bulk",
    ("enquiries/actions/referral_states.py", "fields['status']"): "the only mover of a referral",
}
_SQL = re.compile(r"(?is)\bupdate\s+enquiries_(enquiry|referral)\b.*\bstatus\b")


def writes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Whatever in a file may set a field called status, in words, with its line."""
    for node in ast.walk(tree):
        for target in _targets(node):
            if isinstance(target, ast.Attribute) and target.attr == "status":
                yield ast.unparse(target), node.lineno  # type: ignore[attr-defined]
            if isinstance(target, ast.Subscript) and ast.unparse(target.slice) == "'status'":
                yield ast.unparse(target), node.lineno  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            yield from _by_call(node)
        if isinstance(node, ast.Constant) and _SQL.search(str(node.value)):
            yield "SQL", node.lineno


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target.elts if isinstance(target, ast.Tuple) else [target]
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        yield node.target


def _by_call(node: ast.Call) -> Iterator[tuple[str, int]]:
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    words = {word.arg for word in node.keywords}
    if "status" in words and (
        last in {"update", "create", "Enquiry", "Referral", "update_or_create"}
    ):
        yield f"{last}(status)", node.lineno
    values = [ast.unparse(value) for value in node.args]
    if last == "setattr" and len(values) > 1 and values[1] == "'status'":
        yield "setattr(status)", node.lineno
    if last == "bulk_update" and any("'status'" in value for value in values[1:]):
        yield "bulk_update(status)", node.lineno


def _of_cases() -> Iterator[Path]:
    """The files that may hold the models of cases: nobody else may import them."""
    for path in source.of_apps():
        if path.relative_to(source.ROOT).parts[0] == "enquiries":
            yield path


def test_nobody_but_those_named_writes_a_status() -> None:
    found = {
        (path.relative_to(source.ROOT).as_posix(), what): line
        for path in _of_cases()
        for what, line in writes(source.tree(path))
    }
    assert {key: line for key, line in found.items() if key not in WRITERS} == {}
    assert set(WRITERS) - set(found) == set(), "named above, and writes none any more"


@pytest.mark.parametrize(
    "code",
    [
        "row.status = 'open'",
        "row.status: str = 'open'",
        "report.status, report.outcome = 'resolved', 'duplicate'",
        "Enquiry.objects.filter(pk=1).update(status='open')",
        "rows.update(outcome='', status='open')",
        "Enquiry(status='closed')",
        "Enquiry.objects.create(status='closed')",
        "setattr(row, 'status', 'open')",
        "Enquiry.objects.bulk_update(rows, ['status'])",
        "cursor.execute('UPDATE enquiries_enquiry SET version = 1, status = 2')",
    ],
)
def test_each_way_to_write_a_status_is_found(code: str) -> None:
    assert list(writes(ast.parse(code)))


def test_reading_a_status_is_nobodys_business() -> None:
    read = (
        "x = row.status\nif row.status == 'open': rows.filter(status='open')\nf(status=row.status)"
    )
    assert not list(writes(ast.parse(read)))
