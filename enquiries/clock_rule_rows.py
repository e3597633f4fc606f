"""Reads from a table what shortens clocks: a priority, or a person who is vulnerable. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from core.sheets import Check, read
from enquiries.lifecycle import Priority

# Nothing shortens what is normal.
PRIORITIES = tuple(one.value for one in Priority if one is not Priority.NORMAL)
COLUMNS = ("services", "priority", "vulnerable", "percent", "note")


@dataclass(frozen=True, slots=True)
class ClockRuleRow:
    """One cause, for one service or for any, and what it leaves of the time."""

    service: str | None
    priority: str
    vulnerable: bool
    percent: int


def clock_rules(path: Path, check: Check, services: Collection[str]) -> list[ClockRuleRow]:
    """The rules of a table; a line for several services is one for each, later lines win."""
    found: dict[tuple[str | None, str, bool], ClockRuleRow] = {}
    for row in read(path, COLUMNS, check):
        priority = row.one_of("priority", PRIORITIES, "priority", required=False)
        vulnerable = row.flag("vulnerable")
        percent = row.number("percent", least=1, most=100)
        if not priority and not vulnerable:
            row.wrong(
                "priority",
                "there is no cause for less time",
                f"Name a priority ({', '.join(PRIORITIES)}), or write yes under vulnerable",
            )
        chosen: list[str | None] = [*row.some_of("services", services, "service")] or [None]
        for service in chosen:
            found[service, priority, vulnerable] = ClockRuleRow(
                service, priority, vulnerable, percent
            )
    return list(found.values())
