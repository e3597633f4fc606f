"""What the page of a case shows of its tasks, and what they say in its story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.days import written
from enquiries.queries.story import Line
from teamwork.queries_tasks import TaskRow

# The ids of the fields: other forms stand on the page.
IDS = "task_%s"


def in_story(tasks: Iterable[TaskRow]) -> list[Line]:
    """The lines of a story that tasks are: added, and done."""
    found = []
    for one in tasks:
        due = f", due {written(one.due_on, 'j F')}" if one.due_on else ""
        found.append(_line(one.made_at, f"added a task: {one.words}{due}", one.made_by, "added"))
        if one.done_at is not None:
            found.append(_line(one.done_at, f"did a task: {one.words}", one.done_by, "done"))
    return found


def _line(at: datetime, words: str, who: str, what: str) -> Line:
    return Line(
        at=at, title=words, said="", words=words, who=who, type=f"task.{what}", noise=False,
        did=words,
    )  # fmt: skip
