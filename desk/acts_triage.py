"""What the page of a case shows of first triage: a suggestion taken with one press."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from accounts.permissions import Permission, Viewer
from enquiries.queries import suggestions
from enquiries.queries.desk import Case
from enquiries.queries.suggestions import Suggested


@dataclass(frozen=True, slots=True)
class Triage:
    """What was suggested, and the key under which one of its buttons does its work once.

    `asks` says that nobody has said yet what the case is about, and that the viewer may.
    """

    found: Suggested
    key: str
    asks: bool


def of_case(who: Viewer, case: Case) -> Triage | None:
    """What to show of first triage; nothing where none was, or where the viewer does not read."""
    if case.is_hidden or not who.may(Permission.SEE_QUEUE):
        return None
    found = suggestions.of(case.enquiry)
    if found is None or found.decided:
        return None
    asks = case.can_triage and case.enquiry.service_id is None
    if case.enquiry.service_id is None or found.was_set:
        return Triage(found, str(uuid.uuid4()), asks)
    return None
