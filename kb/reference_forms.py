"""Reads the forms of services from files, one a service, checking each as the editor would."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.sheets import Check, Problem
from kb.forms import files, lint
from kb.forms.reading import BadForm
from kb.forms.schema import Form

CURE = "Mend it and load it again"


@dataclass(frozen=True, slots=True)
class FormFile:
    """The form of one service, as its file says."""

    service: str
    note: str
    form: Form


def paths(given: Sequence[Path], usual: Path) -> list[Path]:
    """The files that are meant: those given, those in a folder given, or the project's own."""
    found: list[Path] = []
    for path in given or [usual]:
        found += (
            sorted(path.glob("*.toml")) + sorted(path.glob("*.json")) if path.is_dir() else [path]
        )
    return found


def forms(
    given: Sequence[Path],
    check: Check,
    *,
    services: Collection[str],
    areas: Collection[str],
    today: date,
) -> list[FormFile]:
    """The forms of some files; what is wrong with any of them is noted. A service has one."""
    found: dict[str, FormFile] = {}
    for path in given:
        one = _read(path, check)
        if one is None:
            continue
        if one.service not in services:
            _wrong(check, path, "service", f'there is no service "{one.service[:80]}"')
        elif one.service in found:
            _wrong(check, path, "service", f'another file is for "{one.service}" too')
        else:
            found[one.service] = one
        for bad in lint.wrong(lint.lint(one.form, lint.Known(areas=areas), today=today)):
            _wrong(check, path, bad.where, bad.words)
    return list(found.values())


def _read(path: Path, check: Check) -> FormFile | None:
    try:
        read = files.read(path.name, path.read_bytes())
    except OSError:
        _wrong(check, path, "", "there is no such file")
        return None
    except BadForm as error:
        for one in error.problems:
            _wrong(check, path, one.where, one.words)
        return None
    return FormFile(read.service or path.stem, read.note, read.form)


def _wrong(check: Check, path: Path, where: str, words: str) -> None:
    check.problems.append(Problem(path.name, 0, where, words, CURE))
