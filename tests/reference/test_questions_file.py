"""What the partnership's own services ask."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

import kb.queries
from kb import questions
from kb.models import FormVersion

pytestmark = pytest.mark.django_db


def test_the_partnerships_own_table_loads_and_loads_again(partnership: None) -> None:
    before = list(FormVersion.objects.values_list("pk", "data"))
    assert {slug for slug, _question in kb.queries.every_question()} == {
        "pothole",
        "road-obstruction",
        "gritting",
        "blocked-drain",
        "dead-animal",
        "council-house-repair",
        "footpath",
    }
    road = questions.of(kb.queries.service("pothole"))[0]
    assert [value for value, _ in questions.choices(road)] == [
        "local",
        "motorway",
        "private",
        "unknown",
    ]
    call_command("import_questions", stdout=StringIO())
    assert list(FormVersion.objects.values_list("pk", "data")) == before
