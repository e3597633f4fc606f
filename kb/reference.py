"""Reads the catalogue and the starter answers from files, checking every line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from core.sheets import Check, Problem, Row, read
from kb.article_content import ADD, MOST_STARTS, REPLACE, AreaWords, Start

TIERS = ("county", "district", "town", "police", "health", "all")
CLASSES = ("INFORM", "TRANSACT", "REQUEST", "STAGED")
LOCATIONS = ("address", "map", "site", "none")
SUBJECTS = ("place", "person")
# The ten kinds of the list of interactions run from 0 to 9; 17 and 30 are used beside them.
LGIL = {str(number) for number in range(31)}
SHORT = 300
_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service of the catalogue."""

    slug: str
    name: str
    group: str
    lgsl: int
    lgil: list[int]
    label: str
    owner_tier: str
    tier_source: str
    resolution_class: str
    promise_wd: int | None
    first_response_wh: int | None
    location: str
    subject: str
    family: str
    anonymous_ok: bool
    sensitive: bool
    out_of_hours: str
    owner_note: str
    summary: str
    synonyms: str
    prompt: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One answer; `service` and `organisation` are slugs or empty. Without an organisation it is
    that of the body whose the service is, or the hub's where that depends on the place."""

    slug: str
    service: str
    title: str
    summary: str
    body: str
    short: str
    reviewed_on: date
    review_by: date | None = None
    say: str = ""
    organisation: str = ""
    related_services: tuple[str, ...] = ()
    start: tuple[Start, ...] = ()
    areas: tuple[AreaWords, ...] = ()


def services(path: Path, check: Check) -> list[ServiceRow]:
    """The services of a table. Slugs and LGSL ids occur once."""
    found = []
    for row in read(path, ServiceRow.__slots__, check):
        check.once(row, "slug")
        check.once(row, "lgsl")
        found.append(_service(row))
    return found


def _service(row: Row) -> ServiceRow:
    return ServiceRow(
        slug=row.slug("slug"),
        name=row.text("name", limit=80),
        group=row.text("group", limit=40),
        lgsl=row.number("lgsl", least=1, most=99_999),
        lgil=[int(part) for part in row.some_of("lgil", LGIL, "interaction", ";")],
        label=row.text("label", limit=120),
        owner_tier=row.one_of("owner_tier", TIERS, "tier"),
        tier_source=row.text("tier_source", limit=120, required=False),
        resolution_class=row.one_of("resolution_class", CLASSES, "resolution class"),
        promise_wd=row.number_or_none("promise_wd", most=260),
        first_response_wh=row.number_or_none("first_response_wh", most=400),
        location=row.one_of("location", LOCATIONS, "kind of location"),
        subject=row.one_of("subject", SUBJECTS, "subject"),
        family=row.slug("family"),
        anonymous_ok=row.flag("anonymous_ok"),
        sensitive=row.flag("sensitive"),
        out_of_hours=row.text("out_of_hours", limit=80, required=False),
        owner_note=row.text("owner_note", limit=200, required=False),
        summary=row.text("summary", limit=200),
        synonyms=row.text("synonyms", required=False),
        prompt=row.text("prompt", limit=240, required=False),
    )


def articles(path: Path, check: Check, services: Collection[str]) -> list[ArticleRow]:
    """The answers of a TOML file, or of all in a folder. `closing` and `notice` are added below
    each; `reviewed_on` and `review_by` hold for all."""
    if path.is_dir():
        files = sorted(path.glob("*.toml"))
        return [one for file in files for one in articles(file, check, services)]
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        check.problems.append(Problem(path.name, 0, "", "there is no such file", "Name another"))
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        check.problems.append(Problem(path.name, 0, "", str(error), "Check its quotes"))
        return []
    below = _below(data)
    lines = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip() == "[[article]]"
    ]
    found = []
    for line, values in zip(lines, data.get("article", []), strict=False):
        cells = {key: value for key, value in values.items() if isinstance(value, str)}
        row = Row(path.name, line, cells, check)
        check.once(row, "slug")
        days = {key: values.get(key, data.get(key)) for key in ("reviewed_on", "review_by")}
        one = _article(row, days, below, services)
        start = tuple(_starts(row, values.get("start", []), services))
        found.append(replace(one, start=start, areas=tuple(_areas(row, values.get("areas", [])))))
    return found


def _below(data: Mapping[str, Any]) -> str:
    """What stands below every answer of a file."""
    closing, notice = (str(data.get(key, "")).strip() for key in ("closing", "notice"))
    return "\n\n".join(part for part in (closing, f"*{notice}*" if notice else "") if part)


def _starts(row: Row, given: Any, services: Collection[str]) -> Iterator[Start]:
    """The buttons of an answer: `service`, `words` and the `answers` that are known, by key."""
    tables = given if isinstance(given, list) else [None]
    if len(tables) > MOST_STARTS:
        row.wrong("start", f"has {len(tables)} buttons", f"Use at most {MOST_STARTS}")
    for one in tables:
        said = one if isinstance(one, dict) else {}
        service, words, answers = (said.get(key) for key in ("service", "words", "answers"))
        answers = {} if answers is None else answers
        is_whole = isinstance(words, str) and words.strip() and isinstance(answers, dict)
        if not is_whole or not all(
            _KEY.match(key) and isinstance(value, str) and value for key, value in answers.items()
        ):
            row.wrong("start", "is no button", "Write service, words and answers = { key = value }")
        elif service not in services:
            row.unknown("start", str(service), services, "service")
        else:
            yield Start(str(service), str(words).strip(), answers)


def _areas(row: Row, given: Any) -> Iterator[AreaWords]:
    """Words for the readers of a district: its `code`, the `words`, and `mode` add or replace."""
    for one in given if isinstance(given, list) else [None]:
        said = one if isinstance(one, dict) else {}
        code, words, mode = (said.get("code"), said.get("words"), said.get("mode", ADD))
        if not (isinstance(code, str) and code and isinstance(words, str) and words.strip()):
            row.wrong("areas", "has no code or no words", "Write the code of a district and words")
        elif mode not in (ADD, REPLACE):
            row.unknown("areas", str(mode), (ADD, REPLACE), "mode")
        else:
            yield AreaWords(code, mode, words.strip())


def _article(
    row: Row, days: Mapping[str, Any], below: str, services: Collection[str]
) -> ArticleRow:
    reviewed_on, review_by = days["reviewed_on"], days["review_by"]
    if not isinstance(reviewed_on, date):
        row.wrong("reviewed_on", "is missing", "Write a date as 2026-01-31")
        reviewed_on = date.min
    body = row.text("body")
    return ArticleRow(
        slug=row.slug("slug"),
        service=row.one_of("service", services, "service", required=False),
        title=row.text("title", limit=120),
        summary=row.text("summary", limit=200),
        body=f"{body}\n\n{below}" if below else body,
        short=row.text("short", limit=SHORT, required=False),
        reviewed_on=reviewed_on,
        review_by=review_by if isinstance(review_by, date) else None,
        say=row.text("say", required=False),
        organisation=row.text("organisation", limit=50, required=False),
        related_services=tuple(row.some_of("related_services", services, "service", ","))
        if row.text("related_services", required=False)
        else (),
    )
