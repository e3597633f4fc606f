"""The acts that take other acts back, by name. Each checks that nothing happened since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from accounts.permissions import Viewer
from enquiries.actions import takebacks

Data = Mapping[str, Any]
Inverse = Callable[[Viewer, Data, str, datetime, datetime], None]


def _cases(viewer: Viewer, data: Data, what: str, done_at: datetime, now: datetime) -> None:
    takebacks.take_back(data=data, viewer=viewer, what=what, done_at=done_at, now=now)


# Who takes it back, what was kept of it, its words, when it was done, and now.
INVERSES: dict[str, Inverse] = {"cases": _cases}
