"""The table of who may open what (access.toml), and the addresses that there are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.isolation.canaries import spelt_out

FILE = Path(__file__).with_name("access.toml")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_KNOWN = {"id", "with", "sees", "hub_sees", "act", "off", "becomes", *METHODS}


@dataclass(frozen=True)
class Reader:
    """One role of the table: how it comes in, and what it may read."""

    name: str
    user: str
    token: str
    device: str
    owner: str
    sees: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One address of the table. `methods` are roles by method, `acts` those by <slug:act>;
    `off` is a setting that is switched off to see how it is in production, `becomes` how far the
    case has come when the page answers."""

    route: str
    id: str
    values: dict[str, str]
    methods: dict[str, frozenset[str]]
    acts: dict[str, frozenset[str]]
    sees: tuple[str, ...]
    hub_sees: tuple[str, ...]
    off: str
    becomes: str


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


@cache
def readers() -> dict[str, Reader]:
    """Every role by name."""
    return {
        name: Reader(
            name=name,
            user=row.get("user", ""),
            token=row.get("token", ""),
            device=row.get("device", ""),
            owner=row.get("owner", ""),
            sees=tuple(row.get("sees", ())),
            opens=tuple(row.get("opens", ())),
        )
        for name, row in _file()["role"].items()
    }


def _roles(words: str) -> frozenset[str]:
    """Roles by their names and those of groups; `nobody` is none."""
    groups, found = _file()["group"], set[str]()
    for word in words.split():
        if word == "everybody":
            found |= set(readers())
        elif word in groups:
            found |= _roles(groups[word])
        elif word in readers():
            found.add(word)
        elif word != "nobody":
            raise ValueError(f"access.toml names {word}, which is no role and no group")
    return frozenset(found)


@cache
def entries() -> dict[str, Entry]:
    """Every declared address by its route. Raises ValueError for what it does not know."""
    found = {}
    rows = [(one, row) for name, row in _file()["route"].items() for one in spelt_out(name)]
    for route, row in rows:
        if unknown := set(row) - _KNOWN:
            raise ValueError(f"{route}: {sorted(unknown)}")
        if route in found:
            raise ValueError(f"{route} stands twice in access.toml")
        found[route] = Entry(
            route=route,
            id=row.get("id", "none"),
            values=row.get("with", {}),
            methods={m: _roles(row[m]) for m in METHODS if m in row},
            acts={act: _roles(words) for act, words in row.get("act", {}).items()},
            sees=tuple(row.get("sees", ())),
            hub_sees=tuple(row.get("hub_sees", ())),
            off=row.get("off", ""),
            becomes=row.get("becomes", ""),
        )
    return found


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route


def routes() -> list[str]:
    """Every address that there is, as its pattern."""
    return sorted(set(_walk(get_resolver().url_patterns)))


def filled(route: str, values: dict[str, str]) -> str:
    """The address of a route with its parts filled in. Raises KeyError for one without a value."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)
    return f"/{path.removesuffix('$')}"


def parts(route: str) -> list[str]:
    """The names of what is filled into a route, in order."""
    return re.findall(r"<(?:\w+:)?(\w+)>", re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route))
