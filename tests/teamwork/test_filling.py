"""Words that were written for a kept text stand in a macro, and the other way round."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from enquiries.queries import writing
from teamwork import filling


def test_both_understand_the_names_of_either() -> None:
    case = SimpleNamespace(
        reference="WH7", service=None, owner=SimpleNamespace(name="Wychavon"), team=None,
        promised_on=None, expected_on=None, address="", postcode="WR1", language="en-gb",
    )  # fmt: skip
    known = writing.facts(cast("Any", SimpleNamespace(name="Asha")), cast("Any", case), None)
    assert set(known) == {*filling.VARIABLES, "owner"}
    for words in ("{owner} has {reference}", "{ Organisation } has { Reference }"):
        assert writing.filled(words, known) == "Wychavon has WH7"
        assert filling.filled(words, known) == "Wychavon has WH7"
    assert filling.names("{owner} by {Expected}") == ["organisation", "expected"]
    assert set(filling.WORDS) == set(filling.VARIABLES)
    assert writing.unfilled("{ Team } or {nobody}", known) == ["team"]
