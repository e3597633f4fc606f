"""Templates that are drawn in fewer steps say what Django's own way says, to the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from hub.templating import Nodes, Quick

KEPT = "django.template.loaders.locmem.Loader"


class Thing:
    """Something with all that a template may find beneath it."""

    kind = "<thing>"
    table: dict[str, str]

    def __init__(self) -> None:
        self.table = {"items": "its own items", "a": "A & B"}

    def says(self) -> str:
        return "said"

    def takes(self, one: str) -> str:
        return one

    def goes(self) -> str:
        raise AssertionError("never called by a template")

    goes.alters_data = True  # type: ignore[attr-defined]

    @property
    def is_gone(self) -> str:
        raise ObjectDoesNotExist

    @property
    def is_wrong(self) -> str:
        raise AttributeError("of its own")


class Listed:
    """Has items and attributes of the same name."""

    x = "attribute"

    def __getitem__(self, name: str) -> str:
        return {"x": "item"}[name]


WORDS = {
    "page": (
        '{% extends "base" %}{% block body %}{{ block.super }}{% for one in rows %}'
        "{% if forloop.first %}first {% endif %}{{ forloop.counter }}: {{ one.name }}"
        '{{ one.n }} {% include "part" with row=one only %}{% empty %}none{% endfor %}'
        "{% endblock %}"
    ),
    "base": (
        "<b>{% block body %}base {{ missing.of.it }}{% endblock %}</b>{{ last|default:words }}"
    ),
    "part": (
        "{% if row.name == 'a' or row.n > 1 %}[{{ row.name|upper }}]{% elif row.no %}"
        "-{% else %}.{% endif %}"
    ),
    "pairs": (
        "{% for name, n in pairs %}{{ name }}{{ n }}{% if not forloop.last %}"
        ", {% endif %}{% endfor %}"
    ),
    "with": (
        "{% with one=thing.says two=thing.table %}{{ one }} {{ two.a }} {{ two.items }}"
        "{% endwith %}"
    ),
    "own": (
        "{{ thing.kind }}{{ thing.takes }}{{ thing.goes }}{{ thing.is_gone }}{{ thing.none }}|"
    ),
    "kinds": (
        "{{ n }} {{ big }} {{ half }} {{ day }} {{ at }} {{ lazy }} {{ safe }} {{ none }} {{ yes }}"
    ),
    "raw": (
        "{% autoescape off %}{{ words }}{{ thing.kind }}{% endautoescape %}{{ words }}"
        "{{ words|safe }}"
    ),
    "items": (
        "{{ list.0 }}{{ list.9 }}{{ listed.x }}{{ listed.y }}{{ user.kind }}"
        "{{ user.table.a }}{{ rows.0.name }}"
    ),
    "if": (
        "{% if missing %}a{% endif %}{% if thing.none %}b{% elif user %}c{% endif %}"
        "{% if not missing.x %}d{% endif %}"
    ),
    "said": (
        "{% firstof missing words %}{% cycle 'a' 'b' as c %}{{ c }}"
        "{% ifchanged words %}x{% endifchanged %}"
    ),
}


def _context() -> Context:
    thing = Thing()
    return Context(
        {
            "rows": [{"name": "a", "n": 1}, {"name": "<b>", "n": 2}, {"name": "c", "no": True}],
            "pairs": [("x", 1), ("y", 2)],
            "words": '<i> & "it\'s"',
            "thing": thing,
            "user": SimpleLazyObject(lambda: thing),
            "listed": Listed(),
            "list": ["<0>"],
            "n": 1234567,
            "big": 12345.678,
            "half": Decimal("0.50"),
            "day": date(2026, 11, 24),
            "at": datetime(2026, 6, 24, 12, 0, tzinfo=UTC),
            "lazy": gettext_lazy("Close"),
            "safe": SafeString("<em>"),
            "none": None,
            "yes": True,
        }
    )


def _engine(loader: str, invalid: str = "") -> Engine:
    return Engine(loaders=[(loader, [(KEPT, WORDS)])], string_if_invalid=invalid)


def _drawn(loader: str, name: str, invalid: str) -> tuple[str, str]:
    template = _engine(loader, invalid).get_template(name)
    return template.render(_context()), type(template.nodelist).__name__


@pytest.mark.parametrize("invalid", ["", "(no %s)"])
@pytest.mark.parametrize("name", sorted(WORDS))
def test_it_says_what_django_says(name: str, invalid: str) -> None:
    ours, kind = _drawn("hub.templating.Loader", name, invalid)
    theirs, _ = _drawn("django.template.loaders.cached.Loader", name, invalid)
    assert ours == theirs
    assert kind == "Nodes"


def test_what_goes_wrong_within_a_page_is_not_hidden() -> None:
    for loader in ("hub.templating.Loader", "django.template.loaders.cached.Loader"):
        engine = Engine(loaders=[(loader, [(KEPT, {"x": "{{ thing.is_wrong }}"})])])
        with pytest.raises(AttributeError, match="of its own"):
            engine.get_template("x").render(_context())


def test_the_pages_of_the_house_are_drawn_by_it() -> None:
    found: Any = get_template("desk/queue_rows.html")
    assert isinstance(found.template.nodelist, Nodes)
    assert Quick.__slots__ == ()
