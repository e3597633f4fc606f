"""A body's own system over HTTP: checks signatures by Standard Webhooks and keeps each id once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes or so").decode()


@dataclass
class Step:
    """What the next call is answered with."""

    status: int = 200
    body: str = "{}"
    location: str = ""
    retry_after: str = ""
    lose_answer: bool = False


@dataclass
class WebhookServer:
    """`messages` by id, in their order; `calls` counts all that came with a right signature."""

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    plan: list[Step] = field(default_factory=list)
    calls: int = 0
    forged: int = 0
    # Told the id of a message that was taken, before the answer to it.
    before_answer: Callable[[str], None] = lambda number: None

    def __enter__(self) -> WebhookServer:
        owner = self

        class Handler(_Handler):
            server_of = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/messages?from=hub"


class _Handler(BaseHTTPRequestHandler):
    server_of: ClassVar[WebhookServer]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return

    def do_POST(self) -> None:
        owner = self.server_of
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
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
            self.close_connection = True
            self.connection.close()
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
        payload = step.body.encode()
        self.send_response(step.status)
        self.send_header("Content-Length", str(len(payload)))
        if step.location:
            self.send_header("Location", step.location)
        if step.retry_after:
            self.send_header("Retry-After", step.retry_after)
        self.end_headers()
        self.wfile.write(payload)
