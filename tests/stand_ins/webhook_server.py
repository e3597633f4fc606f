"""A body's own system over HTTP: checks signatures by Standard Webhooks and keeps each id once."""
# ruff: noqa: N802  the names of these methods are the protocol's own

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.stand_ins.listening import Listening, Talking

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes or so").decode()


@dataclass
class Step:
    """What the next call is answered with."""

    status: int = 200
    body: str = "{}"
    location: str = ""
    retry_after: str = ""
    lose_answer: bool = False


class _Talking(Talking):
    server_of: ClassVar[WebhookServer]

    def do_POST(self) -> None:
        owner = self.server_of
        body = self.heard()
        if not self._is_signed(body):
            owner.forged += 1
            self._answer(Step(401))
            return
        owner.calls += 1
        step = owner.plan.pop(0) if owner.plan else Step()
        if 200 <= step.status < 300:
            owner.messages.setdefault(self.headers["webhook-id"], json.loads(body))
            owner.before_answer(self.headers["webhook-id"])
        if step.lose_answer:
            self.hang_up()
            return
        self._answer(step)

    def _is_signed(self, body: bytes) -> bool:
        number, at = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "0")
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        right = hmac.new(key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        given = self.headers.get("webhook-signature", "").split()
        fresh = abs(time.time() - int(at)) < 300
        return fresh and f"v1,{base64.b64encode(right).decode()}" in given

    def _answer(self, step: Step) -> None:
        more = {"Location": step.location, "Retry-After": step.retry_after}
        self.say(step.status, step.body.encode(), more=more)


@dataclass
class WebhookServer(Listening):
    """`messages` by id, in their order; `calls` counts all that came with a right signature."""

    talking = _Talking
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    plan: list[Step] = field(default_factory=list)
    calls: int = 0
    forged: int = 0
    # Told the id of a message that was taken, before the answer to it.
    before_answer: Callable[[str], None] = lambda number: None

    @property
    def url(self) -> str:
        """Where messages go."""
        return f"{self.base}/messages?from=hub"
