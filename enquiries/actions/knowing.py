"""A caller says who they are: held against what they gave us, and written down."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

import inbox.actions_checks
from accounts.permissions import Viewer
from enquiries.actions import contacts
from enquiries.queries import proving
from inbox.questions import Asked


@transaction.atomic
def check(
    *,
    contact: uuid.UUID,
    viewer: Viewer,
    people: Collection[uuid.UUID],
    asked: Asked,
    answers: Mapping[str, str],
    rings: str,
    now: datetime,
) -> uuid.UUID | None:
    """Who of these people answers enough of the questions; the contact is with them then.

    None where nobody does. Each try is written down, also one that fits nobody. Raises
    NoSuchContact, ContactClosed, TooManyTries.
    """
    held = contacts.held(viewer, contact)
    said = proving.Said(answers=answers, rings=rings, now=held.started_at)
    person, right = proving.who_says(viewer, people, said, asked)
    inbox.actions_checks.write_down(
        contact=contact,
        person=person.public_id if person else None,
        asked=asked,
        said=[name for name, words in answers.items() if words.strip()],
        right=right,
        viewer=viewer,
        now=now,
    )
    if person is None:
        return None
    if held.person_id != person.id:
        contacts.set_person(public_id=contact, viewer=viewer, person=person.public_id, now=now)
    return person.public_id
