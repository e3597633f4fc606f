"""Reads a page as a browser would build it, and says what in it is not ours."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcdoc", "content"}
)
_RUNS = re.compile(r"^(?:javascript|vbscript|data):", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20]+")
# What a table takes for a sum.
_COUNTS = frozenset("=+-@\t\r")
# Browsers do not guess at these; `nosniff` is asked of all.
_NOT_DRAWN = (
    "application/json",
    "application/problem+json",
    "text/plain",
    "text/csv",
    "image/png",
    "image/jpeg",
)


@dataclass
class Field:
    """One control of a form, and what a browser would send of it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    longest: int = 0


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The elements of a page: its forms, its links, and whatever somebody has put into it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._named: dict[str, Form] = {}
        self._form: Form | None = None
        self._inside, self._script = "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self._look(tag, has)
        self._script = tag == "script" and "json" not in has.get("type", "")
        if tag == "form":
            self._form = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self._form)
            self._named[has.get("id", "")] = self._form
        if tag == "a" and has.get("href", "").startswith("/"):
            self.links.append(has["href"])
        self._control(tag, has)

    def _look(self, tag: str, has: dict[str, str]) -> None:
        if "zq" in tag or any("zq" in name or "zqhit" in name for name in has):
            self.faults.append(f"<{tag} {has}>")
        for name, value in has.items():
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has {name}")
            if name in _ADDRESSES and "zqhit" in value and _RUNS.match(_BLANKS.sub("", value)):
                self.faults.append(f"<{tag} {name}={value[:80]}>")
            if name in ("style", "srcdoc") and "zqhit" in value:
                self.faults.append(f"<{tag} {name}={value[:80]}>")

    def _control(self, tag: str, has: dict[str, str]) -> None:
        form = self._named.get(has["form"]) if "form" in has else self._form
        name, kind = has.get("name", ""), has.get("type", "text").lower()
        if form is None:
            return
        if kind in ("button", "reset"):
            return
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, has.get("value", "")))
        elif tag == "option" and self._inside in form.fields:
            form.fields[self._inside].options.append(has.get("value", ""))
        elif name and tag in ("input", "textarea", "select"):
            one = form.fields.setdefault(name, Field(name, tag if tag != "input" else kind))
            one.longest = int(has.get("data-maxlength") or has.get("maxlength") or 0)
            self._inside = name if tag != "input" else ""
            if kind in ("radio", "checkbox"):
                one.options.append(has.get("value", "on"))
            elif tag == "input" and has.get("value"):
                one.values = [has["value"]]

    def handle_data(self, data: str) -> None:
        if self._script and "zqhit" in data:
            self.faults.append(f"a script says {data[:80]}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "script":
            self._script = False


def faults(response: Any) -> list[str]:
    """What somebody typed that is more than words in an answer of ours."""
    kind = response.get("Content-Type", "")
    found = []
    if response.get("X-Content-Type-Options") != "nosniff" and kind:
        found.append(f"{kind} without nosniff")
    if any("zqhit" in value and "\n" in value for value in response.headers.values()):
        found.append("a header of two lines")
    if _RUNS.match(response.get("Location", "")):
        found.append(f"leads to {response['Location'][:80]}")
    if kind.startswith("text/csv"):
        text = b"".join(response).decode() if response.streaming else response.content.decode()
        for row in csv.reader(io.StringIO(text)):
            found += [
                f"a cell counts: {one[:60]}" for one in row if one.startswith(tuple("=+-@\t"))
            ]
    elif kind.startswith("text/html"):
        if "script-src" not in response.get("Content-Security-Policy", ""):
            found.append("no policy for scripts")
        found += Page(response.content.decode()).faults
    elif kind and not (kind.startswith(_NOT_DRAWN) or _is_saved(response)):
        found.append(f"is {kind}")
    return found


def _is_saved(response: Any) -> bool:
    """Whether a browser keeps it as a file, and draws nothing."""
    return str(response.get("Content-Disposition", "")).startswith("attachment")
