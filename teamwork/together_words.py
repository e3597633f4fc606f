"""Words to the citizens of many cases: each reads their own, and who cannot be told is left out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries.queries import desk as cases
from enquiries.queries import writing
from enquiries.queries.desk import Case

TELL, CLOSE = "reply", "close"


class CannotBeTold(DomainError):
    """There is no way to the citizen of a case, or its words have a place that nothing fills."""

    code = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Reads:
    """What one of them will read, and how it reaches them (empty: it stands on their page)."""

    reference: str
    words: str
    way: str
    person: uuid.UUID | None


def words_for(act: str, reference: str, who: Viewer, words: str, now: datetime) -> str:
    """The words as the citizen of this case reads them. Raises NoSuchCase, CannotBeTold."""
    return _reads(act, cases.case(who, reference, now=now), words).words


def read_by(
    act: str, reference: str, who: Viewer, data: Mapping[str, str], now: datetime
) -> Reads | None:
    """The same as it will be read, to be looked at first; None for acts that tell nobody, and for
    what cannot be told any more."""
    if act not in (TELL, CLOSE):
        return None
    try:
        return _reads(act, cases.case(who, reference, now=now), data["words"])
    except DomainError:
        return None


def _reads(act: str, case: Case, words: str) -> Reads:
    ways = writing.ways_to(case.enquiry, case.person).open
    if act == TELL and not ways:
        raise CannotBeTold("They left no address, so that nothing can be sent to them")
    known = writing.facts(case.viewer, case.enquiry, case.person)
    text = writing.filled(words.strip(), known)
    missing = writing.unfilled(text, known)
    if missing:
        named = ", ".join(f"{{{one}}}" for one in missing)
        raise CannotBeTold(f"This case has nothing for {named}")
    way = ways[0].words if ways else ""
    person = case.person.public_id if case.person is not None else None
    return Reads(case.enquiry.reference, text, way, person)
