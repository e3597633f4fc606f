"""Rows by their columns, for histories: there are many, and making models of them is slow.

Each has the attributes that `copying.copy_in` writes: those of its table's model.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from enquiries.lifecycle import ClockState
from enquiries.models import Referral


@dataclass(slots=True)
class LedgerLine:
    """A row of EnquiryEvent.

    `data["contact"]` is the place of a contact among the history's own until it has its key.
    """

    type: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    organisation_id: int | None
    data: dict[str, Any]
    id: int | None = None
    enquiry_id: int = 0
    sequence: int = 0
    recorded_at: datetime | None = None
    undone_at: datetime | None = None


@dataclass(slots=True)
class ContactRow:
    """A row of Contact."""

    channel: str
    started_at: datetime
    ended_at: datetime | None
    person_id: int | None
    address_hash: str
    site_id: int | None = None
    agent_id: int | None = None
    thread: str = ""
    digest: str = ""
    signals: list[str] = field(default_factory=list)
    queue_wait: int | None = None
    id: int = 0
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)
    recorded_at: datetime | None = None
    given: list[str] = field(default_factory=list)
    session: str = ""
    abandoned: bool = False
    assists_id: int | None = None
    note: str = ""
    outcome: str = ""
    parked_at: datetime | None = None
    chased_at: datetime | None = None
    chases: int = 0
    handed_at: datetime | None = None


@dataclass(slots=True)
class ItemRow:
    """A row of ContactItem."""

    kind: str
    words: str
    at: datetime
    avoidable: str = ""
    evidence: list[str] = field(default_factory=list)
    desk_answer: str = ""
    about_id: int | None = None
    id: int | None = None
    contact_id: int | None = None
    enquiry_id: int | None = None


@dataclass(slots=True)
class ClockRow:
    """A row of Clock; `referral` gives its key when it has one."""

    kind: str
    organisation_id: int
    team_id: int | None
    starts_at: datetime
    referral: Referral | None
    budget: timedelta = timedelta()
    elapsed: bool = False
    due_at: datetime | None = None
    warn_at: datetime | None = None
    state: str = ClockState.RUNNING.value
    stopped_at: datetime | None = None
    warned_at: datetime | None = None
    missed_at: datetime | None = None
    id: int | None = None
    enquiry_id: int | None = None
    referral_id: int | None = None
