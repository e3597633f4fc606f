"""What vendors' codes mean for us: tables beside this file, because vendors change what they send.

`does` is what we do: `refuse` (it will not arrive), `again` (it did not, one more try in so many
minutes), `later` (it was not taken, and this speaks against the carrier), `busy` (it was not taken,
and this does not). `address` is what becomes of the reader's address. `says` narrows a row to
answers that hold these words. The row `*` is for what no row knows.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notifications.backends.base import Later, Refused

FOLDER = Path(__file__).parent
UNKNOWN = "*"
REFUSE, AGAIN, LATER, BUSY = "refuse", "again", "later", "busy"
DOES = frozenset({REFUSE, AGAIN, LATER, BUSY})
ADDRESSES = frozenset({"", "opted_out", "unusable"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row: `words` are for staff."""

    code: str
    says: str
    words: str
    does: str
    minutes: int
    address: str

    def refusal(self, code: str) -> Refused:
        """As the end of a message that did not arrive."""
        return Refused(self.words, code=code, address=self.address, again_minutes=self.minutes)

    def trouble(self, code: str, *, after_seconds: float | None = None) -> Refused | Later:
        """As the answer to a hand-over."""
        if self.does in {LATER, BUSY}:
            busy = self.does == BUSY
            return Later(self.words, code=code, after_seconds=after_seconds, busy=busy)
        return self.refusal(code)


class NotATable(ValueError):
    """A table has a row that nobody can follow."""


def meaning(vendor: str, *codes: str, said: str = "") -> Meaning:
    """What the first of these codes that the vendor's table knows means.

    Of its rows the one whose words stand in what was said, else the one that wants no words. A code
    that no row knows means what the row `*` says, with the code in its words.
    """
    table = read(vendor)
    for code in codes:
        rows = table.get(code, ())
        for row in rows:
            if row.says and row.says.lower() in said.lower():
                return row
        for row in rows:
            if not row.says:
                return row
    [unknown] = table[UNKNOWN]
    told = next((code for code in codes if code), "")
    words = f"{unknown.words} (code {told})" if told else unknown.words
    return Meaning(told, "", words, unknown.does, unknown.minutes, unknown.address)


@lru_cache(maxsize=8)
def read(vendor: str) -> dict[str, tuple[Meaning, ...]]:
    """A vendor's table by code. Raises NotATable."""
    found: dict[str, list[Meaning]] = {}
    with (FOLDER / f"{vendor}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["code"], []).append(_meaning(vendor, row))
    if UNKNOWN not in found:
        raise NotATable(f"{vendor} does not say what an unknown code means")
    return {code: tuple(rows) for code, rows in found.items()}


def _meaning(vendor: str, row: dict[str, str]) -> Meaning:
    where = f"{vendor} {row['code']}"
    if row["does"] not in DOES or row["address"] not in ADDRESSES or not row["meaning"]:
        raise NotATable(f"{where}: {row}")
    minutes = int(row["minutes"])
    if (row["does"] == AGAIN) != (minutes > 0) and row["does"] not in {LATER, BUSY}:
        raise NotATable(f"{where}: only what is tried again has minutes")
    return Meaning(row["code"], row["says"], row["meaning"], row["does"], minutes, row["address"])
