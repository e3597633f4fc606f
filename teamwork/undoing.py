"""The acts that take other acts back, by name. Each checks that nothing happened since."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from accounts.permissions import Viewer
from enquiries.actions import merging, takebacks
from teamwork import scopes

Data = Mapping[str, Any]
Inverse = Callable[[Viewer, Data, str, datetime, datetime], None]


def _cases(viewer: Viewer, data: Data, what: str, done_at: datetime, now: datetime) -> None:
    kept = data.get("kept", ())
    # People are held before cases, as by all who write of them; the rest as by who did the act.
    people = [one for one in kept if one["kind"] == "person"]
    scopes.unchanged(viewer, people)
    takebacks.take_back(data=data, viewer=viewer, what=what, done_at=done_at, now=now)
    scopes.unchanged(viewer, [one for one in kept if one["kind"] != "person"])
    scopes.put_back(viewer, kept)


def _merge(viewer: Viewer, data: Data, what: str, done_at: datetime, now: datetime) -> None:
    merge = uuid.UUID(data["merge"])
    why = "Taken back at once"
    merging.unmerge(viewer=viewer, merge=merge, why=why, are_two=False, now=now)


# Who takes it back, what was kept of it, its words, when it was done, and now.
INVERSES: dict[str, Inverse] = {"cases": _cases, "merge": _merge}
