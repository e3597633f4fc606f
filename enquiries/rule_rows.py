"""A routing rule in names alone, as people edit it and as a table has it. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

# The columns of a table of rules, in the order in which they are written.
COLUMNS = (
    "position",
    "owner_tier",
    "groups",
    "services",
    "area_code",
    "answers",
    "priority",
    "channels",
    "languages",
    "organisation",
    "team",
    "outside",
    "valid_from",
    "valid_until",
    "note",
)
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
Answers = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule for one service, for any service of a tier, or for everything.

    Either `organisation`, with perhaps a `team`, or `outside` is set; all are slugs. Values stand
    in their alphabet, so that two rules that say the same are equal.
    """

    position: int
    service: str | None
    owner_tier: str
    area_code: str
    organisation: str
    team: str
    valid_from: date | None
    valid_until: date | None
    note: str
    outside: str = ""
    answers: Answers = ()
    priority: str = ""
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def said(self) -> RuleRow:
        """What the rule says, wherever it stands."""
        return replace(self, position=0)

    @property
    def scope(self) -> RuleRow:
        """What the rule is about, whoever acts."""
        return replace(
            self,
            position=0,
            organisation="",
            team="",
            outside="",
            valid_from=None,
            valid_until=None,
            note="",
        )


def is_language(code: str) -> bool:
    """Whether a text is a code of a language, such as en, cy or zh-Hant."""
    return bool(_LANGUAGE.match(code))


def in_order(answers: Mapping[str, Iterable[str]]) -> Answers:
    """Answers by question, as a rule has them."""
    return tuple((key, tuple(sorted(set(values)))) for key, values in sorted(answers.items()))


def to_text(row: RuleRow) -> str:
    """A rule as one line of JSON, to be read back by `of_text`."""
    return json.dumps(asdict(row), default=str, separators=(",", ":"))


def of_text(text: str) -> RuleRow | None:
    """A rule written by `to_text`; None for anything else."""
    try:
        cells: dict[str, Any] = json.loads(text)
        cells["answers"] = in_order(dict(cells["answers"]))
        cells["channels"] = tuple(cells["channels"])
        cells["languages"] = tuple(cells["languages"])
        for day in ("valid_from", "valid_until"):
            cells[day] = date.fromisoformat(cells[day]) if cells[day] else None
        return RuleRow(**cells)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def as_table(rows: Iterable[RuleRow]) -> str:
    """The rules as CSV, a line each. Read back they are the same rules."""
    file = io.StringIO()
    lines = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in rows:
        lines.writerow(_cells(row))
    return file.getvalue()


def _cells(row: RuleRow) -> list[object]:
    return [
        row.position,
        row.owner_tier,
        "",
        row.service or "",
        row.area_code,
        "; ".join(f"{key}={'|'.join(values)}" for key, values in row.answers),
        row.priority,
        " ".join(row.channels),
        " ".join(row.languages),
        row.organisation,
        row.team,
        row.outside,
        row.valid_from or "",
        row.valid_until or "",
        row.note,
    ]
