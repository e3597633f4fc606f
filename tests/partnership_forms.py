"""The questions that the partnership's routing rules name, without the rest of their forms.

Most tests are about something else than what a service asks: they would have to answer all of it.
Those that are about the forms load them whole (tests/formeditor).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.conf import settings

from kb.forms import files, writing
from tests import forms_of

REFERENCE = Path(settings.BASE_DIR) / "reference"


def ruled() -> dict[str, set[str]]:
    """The keys of questions that rules name, by service; such as are named alike elsewhere too."""
    found: dict[str, set[str]] = {}
    with (REFERENCE / "rules.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for part in filter(None, row["answers"].split(";")):
                for service in row["services"].split():
                    found.setdefault(service, set()).add(part.split("=")[0].strip())
    return found


def publish_ruled() -> None:
    """Each of those services asks these questions from now on, and nothing else."""
    for service, keys in sorted(ruled().items()):
        forms_of.publish(service, *[one for one in _questions(service) if one["key"] in keys])


def _questions(service: str) -> list[dict[str, Any]]:
    path = REFERENCE / "forms" / f"{service}.toml"
    data = writing.data(files.read(path.name, path.read_bytes()).form)
    return [
        {key: value for key, value in one.items() if key != "when"} for one in data["questions"]
    ]
