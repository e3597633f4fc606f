"""Walks the public forms as they are: what a page asks is filled in, hostile first, then usable.

No form and no field is named here. What a page has is found in the page, and what a view reads
beside it is seen while it reads.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from PIL import Image

from tests.hostile.corpus import SHORT, WHOLE
from tests.hostile.pages import Field, Form, Page, faults

# What makes a field usable, by what its name says; anything else takes any words.
USABLE = (
    ("email", "jo@example.com"), ("phone", "07700 900123"),
    ("day", "3"), ("month", "2"), ("year", "2025"),
)  # fmt: skip
_DEEPEST = 20


@dataclass
class Walk:
    """One visitor, who stays where addresses begin with one of `within`."""

    client: Client
    within: tuple[str, ...]
    postcode: str = "WR11 3DA"
    # Opens what a page leads to before it sends what is on it.
    looks_first: bool = False
    # Fields that a page may leave out, and all that views were seen to read.
    fields: frozenset[str] = frozenset()
    also: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    # Forms that were sent and addresses that were opened, by what they are.
    seen: set[tuple[str, ...]] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def get(self, path: str, depth: int = 0) -> None:
        """Opens a page, once for each address that there is, and sends every form on it."""
        if kind_of(path) not in self.opened and self._is_here(path):
            self._read(path, self.client.get(path), depth)

    def _is_here(self, path: str) -> bool:
        # To begin anew, and in another language, is to lose what was begun.
        loses = path == "/kiosk/" or path.startswith(("/language/", "/kiosk/again/"))
        return path.startswith(self.within) and not loses

    def _read(self, path: str, response: Any, depth: int) -> None:
        self.opened.add(kind_of(path))
        assert response.status_code < 500, path
        self.wrong += [f"{path}: {fault}" for fault in faults(response)]
        if response.status_code in (302, 303):
            to = urljoin(path, response["Location"])
            if depth < _DEEPEST and self._is_here(to):
                self._read(to, self.client.get(to), depth + 1)
        elif response.get("Content-Type", "").startswith("text/html"):
            page = Page(response.content.decode())
            if self.looks_first:
                self._links(path, page, depth)
            # What is asked before what is sought: a search leads away from what was chosen.
            for form in sorted(page.forms, key=lambda one: one.method == "get"):
                self._send(path, form, depth)
            self._links(path, page, depth)

    def _links(self, path: str, page: Page, depth: int) -> None:
        for link in page.links:
            self.get(urljoin(path, link), depth + 1)

    def _send(self, path: str, form: Form, depth: int) -> None:
        action = urljoin(path, form.action or path)
        key = (kind_of(action), form.method, *sorted(form.fields))
        if key in self.seen or depth > _DEEPEST or not self._is_here(action):
            return
        self.seen.add(key)
        hostile = all_hostile(form)
        more = dict.fromkeys(self.fields, WHOLE) | hostile
        every = dict.fromkeys(self.also, WHOLE) | hostile
        takes_files = any(one.kind == "file" for one in form.fields.values())
        for values in (hostile, more, every, *([one_hostile_file(form)] if takes_files else [])):
            self._press(action, form, values, depth=_DEEPEST, goes_on=False)
        self._press(action, form, usable(form, self.postcode), depth=depth, goes_on=True)

    def _press(
        self, action: str, form: Form, values: dict[str, Any], *, depth: int, goes_on: bool
    ) -> None:
        method = self.client.post if form.method == "post" else self.client.get
        button = next((one for one in form.buttons if one[0]), None)
        if button is not None and all(name for name, _ in form.buttons):
            values = {button[0]: button[1], **values}
        response = method(action, values)
        if goes_on:
            self._read(action, response, depth + 1)
        else:
            assert response.status_code < 500, action
            self.wrong += [f"{action}: {fault}" for fault in faults(response)]


def kind_of(path: str) -> str:
    """What an address is: its pattern, and which question, act or way of it."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return urlsplit(path).path
    which = [str(found.kwargs[name]) for name in ("key", "name", "way") if name in found.kwargs]
    return " ".join([str(found.route), *which])


def _cut(one: Field, words: str) -> str:
    return words[: one.longest] if one.longest else words


def all_hostile(form: Form) -> dict[str, Any]:
    """Everything at once, what nobody types among it: hidden fields, choices."""
    return {name: WHOLE for name, one in form.fields.items() if one.kind != "file"}


def one_hostile_file(form: Form) -> dict[str, Any]:
    """A picture whose name is hostile, where there is a field for files."""
    found = usable(form)
    for one in form.fields.values():
        if one.kind == "file":
            drawn = io.BytesIO()
            Image.new("RGB", (8, 8), "green").save(drawn, "PNG")
            found[one.name] = SimpleUploadedFile(f"{SHORT.replace('/', '')}.png", drawn.getvalue())
    return found


def usable(form: Form, postcode: str = "") -> dict[str, Any]:
    """What is taken: hostile words wherever words are free, the first of what is to be chosen."""
    found: dict[str, Any] = {}
    for one in form.fields.values():
        if one.kind in ("radio", "checkbox", "select"):
            found[one.name] = next(filter(None, one.options), "")
        elif one.kind == "hidden":
            found[one.name] = one.values[0] if one.values else ""
        elif one.kind != "file":
            known = (value for part, value in (("postcode", postcode), *USABLE) if part in one.name)
            found[one.name] = next(known, None) or _cut(one, one_of_theirs(one))
    return found


def one_of_theirs(one: Field) -> str:
    """Hostile words that the kind of a field lets through."""
    return "3" if one.kind == "number" else WHOLE if one.kind == "textarea" else SHORT


@contextmanager
def noticed() -> Iterator[set[type[forms.Form]]]:
    """Which forms of the product have read hostile words in each of their fields."""
    filled: dict[type[forms.Form], set[str]] = {}
    whole: set[type[forms.Form]] = set()
    clean = forms.BaseForm.full_clean

    def full_clean(self: forms.Form) -> None:
        got = filled.setdefault(type(self), set())
        if self.is_bound:
            said = {key for key, value in self.data.items() if "zqhit" in str(value)}
            got |= {name for name in self.fields if self.add_prefix(name) in said}
        if got and got >= self.fields.keys():
            whole.add(type(self))
        clean(self)

    with pytest.MonkeyPatch.context() as mend:
        mend.setattr(forms.BaseForm, "full_clean", full_clean)
        yield whole


@contextmanager
def asked_for() -> Iterator[set[str]]:
    """The names that views read of what a browser sends, whether a page offers them or not."""
    names: set[str] = set()

    def noticing(real: Callable[..., Any]) -> Callable[..., Any]:
        def read(self: QueryDict, key: Any, *more: Any) -> Any:
            names.add(str(key))
            return real(self, key, *more)

        return read

    with pytest.MonkeyPatch.context() as mend:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            mend.setattr(QueryDict, name, noticing(getattr(QueryDict, name)))
        yield names
