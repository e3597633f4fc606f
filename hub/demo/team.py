"""What the team "Contact centre" of the demonstration works with, as its leader made it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from hub.demo.telling import Cast
from teamwork import (
    actions_macros,
    actions_rules,
    actions_skills,
    actions_tasks,
    actions_views,
    queries_macros,
)
from teamwork.actions_rules import Written
from teamwork.queries_tasks import Line

_NAMES = uuid.UUID("7f1a9c52-6a3e-4c11-9f7d-0d6f3a1be924")
MACROS = (
    (
        "Ask for a photo",
        "a",
        (
            {
                "kind": "ask",
                "words": "Dear {name}, could you send us a photo of it? It helps {organisation} "
                "to find the place. Your reference is {reference}.",
            },
        ),
    ),
    (
        "Somebody may come to harm",
        "u",
        (
            {"kind": "priority", "priority": "urgent", "words": "Somebody may come to harm"},
            {"kind": "take"},
            {"kind": "note", "words": "Ring {organisation} about it today, do not only write"},
        ),
    ),
)
RULE = Written(
    name="Asked twice is urgent",
    team_id=None,
    trigger="chased",
    conditions={"chases": 2, "priorities": ["normal"]},
    acts=({"kind": "priority", "priority": "urgent", "words": "They have asked twice"},),
)
VIEW = ("Due within 4 hours", "view=all&clock=soon")
CHECKLIST = (
    "missed-bin",
    (
        Line("Look whether it was the day of that street, and of that bin", 0),
        Line("Ask the crew why the bin was left", 1),
        Line("Look whether it was emptied on the second round", 3),
    ),
)


@transaction.atomic
def equip(cast: Cast, *, now: datetime) -> int:
    """Gives the team two macros, a rule that is off, a view, a checklist and somebody who speaks
    Polish, once: what its leader takes away later stays away. Returns how many things."""
    if queries_macros.ever_written():
        return 0
    leader = cast.leader
    team = min(leader.team_ids)
    for name, key, acts in MACROS:
        actions_macros.write(
            viewer=leader, public_id=None, seen=0, team_id=team, name=name, key=key, acts=acts,
            now=now,
        )  # fmt: skip
    said = Written(
        name=RULE.name, team_id=team, trigger=RULE.trigger, conditions=RULE.conditions,
        acts=RULE.acts,
    )  # fmt: skip
    actions_rules.write(viewer=leader, public_id=None, seen=0, said=said, now=now)
    name, query = VIEW
    actions_views.save(
        viewer=leader, key=uuid.uuid5(_NAMES, name), name=name, query=query, team_id=team, now=now
    )
    service, lines = CHECKLIST
    actions_tasks.write_list(viewer=leader, service=service, seen=0, wanted=lines, now=now)
    polish = actions_skills.Said({"pl": 3}, {service: 3}, {}, {}, None, None)
    actions_skills.say(viewer=leader, staff_id=cast.second.id or 0, said=polish, now=now)
    return len(MACROS) + 4
