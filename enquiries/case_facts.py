"""A case, and a line of its ledger, as rules of teams see them: plain values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger. `chain` names the rules whose acts led to it, `root` is the line with
    which that began; 0 where no rule led to it."""

    id: int
    enquiry_id: int
    type: str
    at: datetime
    recorded_at: datetime
    kind: str = ""
    chain: tuple[str, ...] = ()
    root: int = 0


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as rules see it. `partners` are those that have a live referral of it; `words` what
    was said, empty where the service is sensitive; `is_held` that it may be spam."""

    id: int
    reference: str
    service: str
    service_name: str
    areas: frozenset[str]
    partners: frozenset[str]
    team: int | None
    channel: str
    priority: str
    status: str
    outcome: str
    language: str
    words: str
    is_vulnerable: bool
    chases: int
    received_at: datetime
    is_held: bool = False
