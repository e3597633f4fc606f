"""The rules in JavaScript, run in a real browser without a server behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

_RULES = Path(__file__).resolve().parents[2] / "static" / "js" / "kiosk" / "rules"
_HOME = "http://rules.test/"
Run = Callable[[str, Any], Any]


def _file(route: Route) -> None:
    name = route.request.url.removeprefix(_HOME)
    if not name:
        route.fulfill(body="<!doctype html><title>Rules</title>", content_type="text/html")
        return
    route.fulfill(body=(_RULES / name).read_text("utf-8"), content_type="text/javascript")


@pytest.fixture
def run(page: Page) -> Run:
    """Evaluates a function of JavaScript, `(modules, given) => …`, with all the rules in it."""
    page.route(f"{_HOME}**", _file)
    page.goto(_HOME)
    names = sorted(one.stem for one in _RULES.glob("*.js"))

    def called(body: str, given: Any = None) -> Any:
        # As one text each way: thousands of forms value by value would take minutes.
        found = page.evaluate(
            f"""async ([names, given]) => {{
                const found = await Promise.all(names.map((name) => import(`/${{name}}.js`)));
                const modules = Object.fromEntries(names.map((name, at) => [name, found[at]]));
                return JSON.stringify(await ({body})(modules, JSON.parse(given)));
            }}""",
            [names, json.dumps(given)],
        )
        return json.loads(found)

    return called
