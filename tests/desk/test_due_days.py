"""By when a task is to be done: a day that is still to come, and within a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from desk.forms_tasks import TaskForm
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, ["That day is over: choose today or a day to come"]),
        (0, []),
        (365, []),
        (366, ["A task is due within 365 days at most"]),
    ],
)
def test_a_day_that_is_over_or_far_off_is_refused_in_words(
    world: World, days: int, said: list[str]
) -> None:
    day: date = timezone.localdate() + timedelta(days=days)
    data = {"key": "00000000-0000-4000-8000-000000000000", "words": "Ring them", "due_on": day}
    form = TaskForm(data, viewer=world.viewer(world.agent))
    assert form.errors.get("due_on", []) == said
